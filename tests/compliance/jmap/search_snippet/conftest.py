"""Who speaks in the tests of Email."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import Member


@pytest.fixture
def jmap(member: Member) -> JmapSession:
    """A person signed in to their own account."""
    return JmapSession(member)


@pytest.fixture
def stranger_jmap(stranger: Member) -> JmapSession:
    """A person of another agency, signed in."""
    return JmapSession(stranger)


@pytest.fixture
def open_session() -> Callable[[Member], JmapSession]:
    """Signs any person in."""
    return JmapSession
