"""Who knocks."""

from __future__ import annotations

import pytest

from tests.compliance.jmap.submission_door import SubmissionDoor
from tests.conftest import Member


@pytest.fixture
def door(member: Member) -> SubmissionDoor:
    """A person signed in to their own account."""
    return SubmissionDoor(member)


@pytest.fixture
def stranger_door(stranger: Member) -> SubmissionDoor:
    """A person of another agency."""
    return SubmissionDoor(stranger)
