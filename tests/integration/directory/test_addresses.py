"""Whose address it is, whatever way it is written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pirab.directory import actions, queries
from pirab.directory.errors import (
    AccountNotFound,
    AccountReadOnly,
    AddressInvalid,
    AddressTaken,
    DomainUnknown,
)
from pirab.directory.policy import require_account
from pirab.directory.types import Principal, Right, Role
from tests.conftest import Member


@pytest.mark.parametrize(
    "written",
    ["somchai@moi.go.test", "SOMCHAI@MOI.GO.TEST", "somchai+project@moi.go.test", "Somchai@Moi.Go.Test"],
)
def test_one_address_in_many_spellings(make_member: Callable[..., Member], written: str) -> None:
    member = make_member("somchai")
    recipient = queries.resolve_recipient(written)
    assert recipient is not None
    assert recipient.account_id == member.account_id


def test_thai_addresses_have_one_normal_form(make_member: Callable[..., Member]) -> None:
    member = make_member("สมชาย", domain="มหาดไทย.ไทย")
    for written in ("สมชาย@มหาดไทย.ไทย", member.email):
        recipient = queries.resolve_recipient(written)
        assert recipient is not None
        assert recipient.account_id == member.account_id
    assert queries.is_local_domain("มหาดไทย.ไทย")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@",
        "nobody",
        "nobody@moi.go.test",
        "a@b@c",
        "som\r\nchai@moi.go.test",
        "x" * 400 + "@moi.go.test",
        "\0@x.test",
    ],
)
def test_what_is_not_ours_is_nobody(make_member: Callable[..., Member], written: str) -> None:
    make_member("somchai")
    assert queries.resolve_recipient(written) is None


def test_addresses_belong_to_one_account_of_our_domains(member: Member, stranger: Member) -> None:
    with pytest.raises(AddressTaken):
        actions.add_address(stranger.account_id, member.email)
    with pytest.raises(DomainUnknown):
        actions.add_address(member.account_id, "somebody@gmail.example")
    with pytest.raises(AddressInvalid):
        actions.add_address(member.account_id, "not an address")
    assert actions.add_address(member.account_id, "Second.Name@MOI.go.test") == "second.name@moi.go.test"


def test_passwords_know_their_owner(member: Member) -> None:
    principal = queries.authenticate_password(member.email.upper(), member.password)
    assert principal is not None
    assert principal.primary_account_id == member.account_id
    assert queries.authenticate_password(member.email, "wrong") is None
    assert queries.authenticate_password("nobody@moi.go.test", member.password) is None


def _principal(member: Member) -> Principal:
    found = queries.principal(member.person_id)
    assert found is not None
    return found


def test_policy_absent_and_foreign_look_alike(member: Member, stranger: Member) -> None:
    me = _principal(member)
    require_account(me, member.account_id, Right.SUBMIT)
    for account_id in (stranger.account_id, 10**15):
        with pytest.raises(AccountNotFound) as refused:
            require_account(me, account_id, Right.READ)
        assert str(refused.value) == str(AccountNotFound())


def test_a_reader_reads_and_does_not_write(member: Member, stranger: Member) -> None:
    actions.grant(member.person_id, stranger.account_id, Role.READER)
    me = _principal(member)
    require_account(me, stranger.account_id, Right.READ)
    for right in (Right.WRITE, Right.SUBMIT):
        with pytest.raises(AccountReadOnly):
            require_account(me, stranger.account_id, right)
    assert not queries.may_send_as(me, stranger.email)
    assert queries.may_send_as(me, member.email)
