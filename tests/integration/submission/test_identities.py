"""Identities: one by itself for each address, more by choice."""

from __future__ import annotations

import msgspec
import pytest
from django.db import connection

from pirab.directory import actions as directory
from pirab.directory.errors import AccountNotFound
from pirab.store import queries as stored
from pirab.store.types import ObjectType
from pirab.submission import errors, identity_actions, queries
from pirab.submission.types import IdentityDraft, IdentityPatch, MailAddress
from tests.conftest import Member
from tests.integration.submission.conftest import Desk

pytestmark = pytest.mark.django_db


def test_every_address_has_its_identity_exactly_once(desk: Desk) -> None:
    account = desk.member.account_id
    for _ in range(3):
        identity_actions.ensure_default_identities(account)
    (only,) = queries.identities(account)
    assert (only.email, only.name, only.may_delete) == (desk.member.email, "สมชาย ใจดี", False)
    directory.add_address(account, "second@moi.go.test")
    identity_actions.ensure_default_identities(account)
    assert [row.email for row in queries.identities(account)] == [desk.member.email, "second@moi.go.test"]


def test_an_address_that_goes_takes_its_identity_along(desk: Desk) -> None:
    account = desk.member.account_id
    directory.add_address(account, "second@moi.go.test")
    identity_actions.ensure_default_identities(account)
    before = stored.states(account).of(ObjectType.IDENTITY)
    with connection.cursor() as cursor:
        cursor.execute("delete from directory_address where address = 'second@moi.go.test'")
    identity_actions.ensure_default_identities(account)
    assert [row.email for row in queries.identities(account)] == [desk.member.email]
    assert len(stored.changes(account, ObjectType.IDENTITY, before).destroyed) == 1


def test_the_life_of_a_further_identity(desk: Desk) -> None:
    account = desk.member.account_id
    draft = IdentityDraft(
        desk.member.email, "ผู้อำนวยการ", text_signature="-- \nสมชาย", html_signature="<b>ส</b>"
    )
    made = identity_actions.create_identity(desk.principal, account, draft)
    assert made.may_delete
    patch = IdentityPatch(reply_to=(MailAddress("งานสารบรรณ", "saraban@moi.go.test"),), text_signature="")
    identity_actions.update_identity(desk.principal, account, made.id, patch)
    changed = queries.identity(account, made.id)
    assert changed == msgspec.structs.replace(made, reply_to=patch.reply_to, text_signature="")
    identity_actions.destroy_identity(desk.principal, account, made.id)
    with pytest.raises(errors.IdentityNotFound):
        identity_actions.destroy_identity(desk.principal, account, made.id)


def test_a_default_identity_stays(desk: Desk) -> None:
    with pytest.raises(errors.IdentityNotDeletable):
        identity_actions.destroy_identity(desk.principal, desk.member.account_id, desk.identity_id)


@pytest.mark.parametrize("address", ["minister@mof.go.test", "x@example.test"])
def test_nobody_gives_themselves_another_address(desk: Desk, stranger: Member, address: str) -> None:
    with pytest.raises(errors.ForbiddenFrom):
        identity_actions.create_identity(desk.principal, desk.member.account_id, IdentityDraft(address))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@x.test\r\nBcc: evil@x.test"}, "email"),
        ({"name": "Somchai\r\nBcc: evil@x.test"}, "name"),
        ({"name": "x" * 501}, "name"),
        ({"text_signature": "x" * 100_001}, "textSignature"),
        ({"html_signature": "\x00"}, "htmlSignature"),
        ({"reply_to": (MailAddress(None, "nobody"),)}, "replyTo"),
        ({"bcc": (MailAddress("a\nb", "a@x.test"),)}, "bcc"),
        ({"bcc": (MailAddress(None, "a@x.test"),) * 51}, "bcc"),
    ],
)
def test_values_that_could_break_a_header_are_refused(
    desk: Desk, changes: dict[str, object], named: str
) -> None:
    draft = msgspec.structs.replace(IdentityDraft(desk.member.email), **changes)
    with pytest.raises(errors.InvalidProperties) as caught:
        identity_actions.create_identity(desk.principal, desk.member.account_id, draft)
    assert caught.value.properties == (named,)


def test_there_is_an_end_to_identities(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    identity_actions.ensure_default_identities(desk.member.account_id)
    monkeypatch.setattr(identity_actions, "MOST_IDENTITIES", 2)
    draft = IdentityDraft(desk.member.email)
    identity_actions.create_identity(desk.principal, desk.member.account_id, draft)
    with pytest.raises(errors.TooManyIdentities):
        identity_actions.create_identity(desk.principal, desk.member.account_id, draft)
    assert len(queries.identities(desk.member.account_id)) == 2


def test_another_persons_identities_are_out_of_reach(desk: Desk, stranger: Member) -> None:
    thief, account, identity = Desk(stranger).principal, desk.member.account_id, desk.identity_id
    for act in (
        lambda: identity_actions.create_identity(thief, account, IdentityDraft(stranger.email)),
        lambda: identity_actions.update_identity(thief, account, identity, IdentityPatch(name="x")),
        lambda: identity_actions.destroy_identity(thief, account, identity),
    ):
        with pytest.raises(AccountNotFound):
            act()
    with pytest.raises(errors.IdentityNotFound):
        identity_actions.update_identity(thief, stranger.account_id, identity, IdentityPatch(name="x"))
