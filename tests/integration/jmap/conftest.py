"""Who knocks at the JMAP door."""

from __future__ import annotations

import pytest

from tests.compliance.jmap.door import Door
from tests.conftest import Member


@pytest.fixture
def door(member: Member) -> Door:
    """A person signed in to their own account."""
    return Door(member)


@pytest.fixture
def stranger_door(stranger: Member) -> Door:
    """A person of another agency."""
    return Door(stranger)
