"""Writing for an office: shared accounts, and a shared address used from one's own account."""

from __future__ import annotations

import pytest

from pirab.core import clock
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.personnel.provisioning import open_shared_account
from pirab.scanning.errors import ScannerUnavailable
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import MailboxRole
from pirab.submission import actions, errors, identity_actions, outbound, queries
from pirab.submission.types import Delivered, IdentityDraft
from tests.conftest import Member, letter
from tests.integration.submission.conftest import Desk, FakeScanner, inbox
from tests.integration.submission.fake_postfix import FakePostfix

pytestmark = pytest.mark.django_db

OFFICE = "saraban@moi.go.test"


@pytest.fixture
def office(desk: Desk) -> int:
    """The account of an office in which the person works."""
    account_id = open_shared_account(OFFICE, "งานสารบรรณ", quota_bytes=10**9)
    directory.grant(desk.member.person_id, account_id, Role.MEMBER)
    return account_id


def put(account_id: int, raw: bytes) -> int:
    drafts = stored.mailbox_with_role(account_id, MailboxRole.DRAFTS).id
    return store.create_email(account_id, store.ensure_message(raw), [drafts], set(), clock.now()).id


def test_a_member_sends_for_the_office_and_the_office_is_told(
    desk: Desk, office: int, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    identity_actions.ensure_default_identities(office)
    (identity,) = queries.identities(office)
    assert (identity.email, identity.name) == (OFFICE, "งานสารบรรณ")
    email = put(office, letter(sender=OFFICE, to="far@example.test, nobody@moi.go.test"))
    row = actions.create_submission(desk.principal, office, identity.id, email, None)
    outbound.process(office, row.id)
    assert f"MAIL FROM:<{OFFICE}>" in next(line for line in postfix.commands if line.startswith("MAIL"))
    (after,) = queries.submissions(office, [row.id])
    assert after.delivery_status["nobody@moi.go.test"].delivered is Delivered.NO
    assert len(inbox(office)) == 1
    assert inbox(desk.member.account_id) == []


def test_the_address_of_the_office_from_ones_own_account(
    desk: Desk, office: int, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    account = desk.member.account_id
    identity = identity_actions.create_identity(desk.principal, account, IdentityDraft(OFFICE, "งานสารบรรณ"))
    email = put(account, letter(sender=OFFICE, to="nobody@moi.go.test"))
    row = actions.create_submission(desk.principal, account, identity.id, email, None)
    assert row.envelope.mail_from.email == OFFICE
    outbound.process(account, row.id)
    assert len(inbox(account)) == 1
    assert inbox(office) == []


def test_who_works_elsewhere_may_not(desk: Desk, office: int, stranger: Member) -> None:
    other = Desk(stranger)
    with pytest.raises(errors.ForbiddenFrom):
        identity_actions.create_identity(other.principal, stranger.account_id, IdentityDraft(OFFICE))
    email = put(stranger.account_id, letter(sender=OFFICE, to="far@example.test"))
    with pytest.raises(errors.ForbiddenFrom):
        actions.create_submission(other.principal, stranger.account_id, other.identity_id, email, None)


def test_a_report_waits_for_the_scanners_too(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail is scanned, then the scanners go away before the report on its failure is made."""
    row = desk.submit(desk.write("nobody@moi.go.test"))
    real = scanner.scan

    def one_scan_only(raw: bytes, envelope: object) -> object:
        if len(scanner.asked) == 1:
            raise ScannerUnavailable("gone")
        return real(raw, envelope)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("pirab.scanning.client.scan", one_scan_only)
        outbound.process(desk.member.account_id, row.id)
    assert inbox(desk.member.account_id) == []
    scanner.asked.clear()
    outbound.process(desk.member.account_id, row.id)
    assert len(inbox(desk.member.account_id)) == 1
