"""The only clock: code that needs the time asks here, so that a test can replace it in one place."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC, microsecond resolution."""
    return datetime.now(UTC)
