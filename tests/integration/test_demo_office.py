"""The demo government has an office that several people share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pirab.console.demo.load import load_demo
from pirab.console.demo.people import OFFICES
from pirab.directory import queries as directory
from pirab.directory.authority import authority_of, require_agency
from pirab.directory.types import AccountKind, AdminRight, Role
from pirab.signin import tokens
from pirab.signin.types import Origin
from pirab.store import queries as store


@pytest.mark.django_db
def test_owner_members_and_readers_share_an_office_with_mail(tmp_path: Path) -> None:
    signins = {each.email: each for each in load_demo(tmp_path / "demo.json", "secret")}
    assert load_demo(tmp_path / "demo.json", "secret") == list(signins.values())
    for office in OFFICES:
        recipient = directory.resolve_recipient(office.email)
        assert recipient is not None
        account = recipient.account_id
        assert directory.account(account).kind is AccountKind.SHARED
        wanted = {office.owner: Role.OWNER, office.members[0]: Role.MEMBER, office.readers[0]: Role.READER}
        for email, role in wanted.items():
            proof = tokens.prove(signins[email].token, Origin("192.0.2.1"))
            assert proof is not None
            person = directory.principal(proof.person_id)
            assert person is not None
            assert person.roles[account] is role
            assert person.primary_account_id != account
            assert sum(box.unread_emails for box in store.mailboxes(account, viewer=person.person_id)) > 0
        assert store.wrong_counters(account) == []


@pytest.mark.django_db
def test_the_government_is_organised_once(tmp_path: Path) -> None:
    for _ in range(2):
        load_demo(tmp_path / "demo.json", "secret")
    administrator = directory.person_with_login("admin@moi.go.test")
    somchai = directory.person_with_login("somchai@moi.go.test")
    assert administrator is not None
    assert somchai is not None
    admin = directory.principal(administrator.id)
    unit = somchai.agency_id
    assert admin is not None
    assert unit is not None
    (ministry,) = authority_of(admin).administered
    assert require_agency(admin, unit, AdminRight.GOVERN).ancestry[0] == ministry
    names = [child.facts.name_en for child in directory.children(ministry)]
    assert len(names) == len(set(names)) == 4
    (holding,) = directory.holdings_of_people([somchai.id])
    assert directory.post(holding.post_id).agency_id == unit
