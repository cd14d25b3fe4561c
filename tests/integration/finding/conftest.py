"""The small government for every test of this folder."""

from tests.integration.finding.government import government

__all__ = ["government"]
