"""An office with an owner, a member and a reader, and people who have no business there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.personnel.provisioning import open_shared_account
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.compliance.jmap.door import Door
from tests.conftest import Member, letter


class Office:
    """A shared account and the doors of its people, by name of their role."""

    def __init__(self, make_member: Callable[..., Member]) -> None:
        self.people: Mapping[Role, Door] = {role: Door(make_member()) for role in Role}
        number = self.people[Role.OWNER].member.account_id
        self.account = open_shared_account(f"office{number}@moi.go.test", "สารบรรณ", quota_bytes=10**9)
        self.id = encode_id(IdKind.ACCOUNT, self.account)
        for role, door in self.people.items():
            directory.grant(door.member.person_id, self.account, role)
        self.owner, self.member, self.reader = (self.people[role] for role in Role)

    def receive(self, **options: Any) -> str:
        """A letter comes in; its id."""
        message = store.ensure_message(letter(**options))
        [outcome] = store.deliver(message, [Delivery(self.account, clock.now())])
        assert outcome.email_id is not None
        return encode_id(IdKind.EMAIL, outcome.email_id)

    def call(self, door: Door, name: str, /, **arguments: Any) -> dict[str, Any]:
        """One call of somebody on the office's account."""
        return door.call(name, accountId=self.id, **arguments)

    def keywords(self, door: Door, email_id: str) -> set[str]:
        """The keywords of a letter as somebody sees them."""
        [email] = self.call(door, "Email/get", ids=[email_id], properties=["keywords"])["list"]
        return set(email["keywords"])

    def mark(self, door: Door, email_id: str, **paths: Any) -> None:
        """Patch a letter; must succeed."""
        patch = {path.replace("__", "/$"): value for path, value in paths.items()}
        result = self.call(door, "Email/set", update={email_id: patch})
        assert result["updated"] == {email_id: None}, result

    def box(self, door: Door, role: str = "inbox") -> dict[str, Any]:
        """A mailbox as somebody sees it."""
        boxes = self.call(door, "Mailbox/get", ids=None)["list"]
        [box] = [each for each in boxes if each["role"] == role]
        found: dict[str, Any] = box
        return found


@pytest.fixture
def leave_nothing(transactional_db: None) -> Iterator[None]:
    """Empty the store after a test that really commits: Django's flush passes over tables it did not make."""
    yield
    tables = sorted(model._meta.db_table for model in apps.get_app_config("store").get_models())
    with connection.cursor() as cursor:
        cursor.execute(f"truncate {', '.join(tables)} cascade")


@pytest.fixture
def office(make_member: Callable[..., Member]) -> Office:
    return Office(make_member)
