"""Who speaks in the tests of Email."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import connection

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


@pytest.fixture
def leave_nothing(transactional_db: None) -> Iterator[None]:
    """Empty the store after a test that really commits: Django's flush passes over tables it did not make."""
    yield
    tables = sorted(model._meta.db_table for model in apps.get_app_config("store").get_models())
    with connection.cursor() as cursor:
        cursor.execute(f"truncate {', '.join(tables)} cascade")
