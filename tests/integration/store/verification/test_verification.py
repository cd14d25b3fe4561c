"""Everything that can be wrong is broken on purpose, found, mended, and then sound."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from enum import StrEnum

import pytest
from django.core.management import CommandError, call_command

from pirab.core import clock, db
from pirab.core.ids import IdKind, encode_id
from pirab.store import actions, queries
from pirab.store.types import Delivery, EmailPatch, MailboxDraft
from pirab.store.verification import Code, Depth, Finding, repair, verify
from pirab.store.verification.types import UNMENDABLE
from tests.conftest import Member, letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def email_id(member: Member) -> int:
    """An account with a thread of two letters, a folder, and one letter that is read."""
    first = letter("งบประมาณ", "ขอข้อมูล", message_id="<a@x>")
    second = letter("Re: งบประมาณ", "รับทราบ", message_id="<b@x>", references="<a@x>")
    ids = []
    for raw in (first, second):
        (outcome,) = actions.deliver(actions.ensure_message(raw), [Delivery(member.account_id, clock.now())])
        assert outcome.email_id
        ids.append(outcome.email_id)
    folder = actions.create_mailbox(member.account_id, MailboxDraft("แฟ้ม"))
    actions.update_emails(member.account_id, {ids[1]: EmailPatch(add_mailboxes=frozenset({folder}))})
    actions.update_emails(member.account_id, {ids[0]: EmailPatch(add_keywords=frozenset({"$seen"}))})
    return ids[0]


def found(depth: Depth = Depth.ROWS) -> set[StrEnum]:
    return {finding.code for finding in verify(depth)}


def test_a_sound_store_has_no_findings(email_id: int) -> None:
    assert found(Depth.BYTES) == set()


BREAKS: dict[Code, list[str]] = {
    Code.EMAIL_NOWHERE: ["delete from store_email_mailbox where email_id = {email}"],
    Code.EMAIL_DIFFERS: ["update store_email set size = size + 1 where id = {email}"],
    Code.MEMBERSHIP_STRAY: [
        "insert into store_email_mailbox select account_id, mailbox_id, 4711, thread_id, received_at, 99"
        " from store_email_mailbox where email_id = {email}"
    ],
    Code.MEMBERSHIP_DIFFERS: ["update store_email_mailbox set thread_id = 1 where email_id = {email}"],
    Code.COUNTERS: ["update store_mailbox set unread_emails = unread_emails + 1 where role = 'inbox'"],
    Code.THREAD_COUNTERS: ["insert into store_thread_count select account_id, thread_id, 0, mailbox_id, 7, 7"
                           " from store_email_mailbox where email_id = {email}"],
    Code.VIEWER_STRAY: ["insert into store_viewer_email values ({account}, 4711, 1, 1)",
                        "insert into store_viewer_mailbox values ({account}, 1, 4711, 0, 0, false)"],
    Code.VIEWERS_UNNOTED: ["insert into store_viewer values ({account}, 1, 0)"],
    Code.USAGE: ["update store_account set used_bytes = used_bytes - 1 where account_id = {account}"],
    Code.WORDS_MISSING: ["delete from store_email_search where email_id = {email}"],
    Code.WORDS_STRAY: ["insert into store_email_search select account_id, 4711, version, tokens"
                       " from store_email_search where email_id = {email}"],
    Code.WORDS_OLD: ["update store_email_search set version = 0 where email_id = {email}"],
    Code.MODSEQ: ["update store_account set email_state = 0 where account_id = {account}"],
    Code.LOG_GAP: ["update store_email set modseq = (select min(modseq) from store_change where object_type = 2)"
                   " where id = {email}"],
    Code.TREE: ["update store_mailbox set parent_id = 4711 where role = 'archive'"],
    Code.INBOX_MISSING: ["update store_mailbox set role = null, name = 'x' where role = 'inbox'"],
    Code.REMOVED_TWICE: ["insert into store_removed_email select account_id, id, message_id, size, flags, keywords,"
                         " array[1], received_at, received_at from store_email where id = {email}"],
    Code.TEXT_STRAY: ["insert into store_message_text values (4711, 'x', 'y')",
                      "insert into store_unread_attachment (message_id) values (4712)"],
    Code.MESSAGE_UNHELD: [
        "insert into store_message (id, digest, size, has_attachment, subject_key, from_key, to_key, envelope,"
        " structure) values (1, '\\x00', 1, false, '', '', '', '{{}}', '{{}}')"
    ],
    Code.REFERENCE_STRAY: ["insert into store_message_ref values (1, true, 4711)"],
    Code.WORDS_DIFFER: ["update store_email_search set tokens = 'x' where email_id = {email}"],
    Code.MESSAGE_DIFFERS: ["update store_message set fields = 'x' where id ="
                           " (select message_id from store_email where id = {email})"],
}  # fmt: skip


def broken(member: Member, email_id: int, statements: list[str]) -> None:
    for statement in statements:
        db.execute(statement.format(email=email_id, account=member.account_id), ())


@pytest.mark.parametrize("code", BREAKS, ids=[code.value for code in BREAKS])
def test_what_is_broken_is_found_and_mended(member: Member, email_id: int, code: Code) -> None:
    broken(member, email_id, BREAKS[code])
    findings = list(verify(Depth.BYTES if code in (Code.WORDS_DIFFER, Code.MESSAGE_DIFFERS) else Depth.ROWS))
    assert code in {finding.code for finding in findings}
    emails = queries.usage(member.account_id).email_count
    assert all(done for _, done in repair(findings))
    list(repair(list(verify())))
    assert found() == set()
    assert queries.usage(member.account_id).email_count == emails
    assert len(queries.all_email_ids(member.account_id, 10)) == 2


def test_every_code_is_broken_or_beyond_mending() -> None:
    assert set(BREAKS) | UNMENDABLE == set(Code)


def test_what_needs_a_backup_is_told_again_and_left_alone(member: Member, email_id: int) -> None:
    db.execute(
        "delete from store_message where id = (select message_id from store_email where id = %s)", (email_id,)
    )
    findings = [finding for finding in verify() if finding.code is Code.MESSAGE_MISSING]
    assert [finding.object_id for finding in findings] == [email_id]
    assert [done for _, done in repair(findings)] == [False]
    assert email_id in queries.all_email_ids(member.account_id, 10)


def test_removed_mail_whose_message_is_gone_needs_a_backup(member: Member, email_id: int) -> None:
    actions.destroy_emails(member.account_id, [email_id])
    assert found() == set()
    db.execute(
        "delete from store_message where id = (select message_id from store_removed_email where id = %s)",
        (email_id,),
    )
    findings = [finding for finding in verify() if finding.code is Code.REMOVED_MISSING]
    assert [finding.object_id for finding in findings] == [email_id]
    assert [done for _, done in repair(findings)] == [False]


def test_a_client_that_slept_through_a_mended_state_reads_anew(member: Member, email_id: int) -> None:
    from pirab.store.errors import CannotCalculateChanges
    from pirab.store.types import ObjectType

    before = queries.states(member.account_id).of(ObjectType.EMAIL)
    broken(member, email_id, BREAKS[Code.MODSEQ])
    list(repair(list(verify())))
    assert queries.states(member.account_id).of(ObjectType.EMAIL) > before
    with pytest.raises(CannotCalculateChanges):
        queries.changes(member.account_id, ObjectType.EMAIL, before)


def test_a_loop_of_mailboxes_is_cut(member: Member, email_id: int) -> None:
    one = actions.create_mailbox(member.account_id, MailboxDraft("ก"))
    two = actions.create_mailbox(member.account_id, MailboxDraft("ข", parent_id=one))
    db.execute("update store_mailbox set parent_id = %s where id = %s", (two, one))
    assert found() == {Code.TREE}
    list(repair(list(verify())))
    assert found() == set()
    assert {one, two} <= {row.id for row in queries.mailboxes(member.account_id)}


def test_one_account_is_looked_at_alone(make_member: Callable[[], Member]) -> None:
    first, second = make_member(), make_member()
    db.execute(
        "update store_account set used_bytes = 7 where account_id = any(%s)",
        ([first.account_id, second.account_id],),
    )
    assert {finding.account_id for finding in verify(account_id=first.account_id)} == {first.account_id}


def test_an_old_finding_harms_nobody(member: Member, email_id: int) -> None:
    """Mends look again: findings about things that are sound, or gone, change nothing."""
    nobodys = (Code.MESSAGE_UNHELD, Code.REFERENCE_STRAY, Code.MESSAGE_DIFFERS, Code.TEXT_STRAY)
    for code in BREAKS:
        if code is not Code.INBOX_MISSING:
            object_id = 1 if code is Code.MODSEQ else email_id
            account = None if code in nobodys else member.account_id
            list(repair([Finding(code, account, object_id)]))
    db.execute("delete from store_orphan", ())
    assert found(Depth.BYTES) == set()
    assert len(queries.all_email_ids(member.account_id, 10)) == 2


def test_the_command(member: Member, email_id: int) -> None:
    def run(*arguments: str) -> tuple[str, str]:
        said = io.StringIO()
        try:
            call_command("pirab_verify", *arguments, stdout=said)
        except CommandError as error:
            return said.getvalue(), str(error)
        return said.getvalue(), ""

    assert run("--no-blobs") == ("nothing is wrong\n", "")
    broken(member, email_id, BREAKS[Code.USAGE])
    said, error = run("--no-blobs", "--json", "--account", encode_id(IdKind.ACCOUNT, member.account_id))
    assert (json.loads(said)["code"], error) == ("account-usage", "1 findings")
    assert "account-usage" in run("--repair", "--dry-run")[0]
    assert run("--repair")[0].startswith("mended  account-usage")
    assert run() == ("nothing is wrong\n", "")
    with pytest.raises(CommandError, match="no account id"):
        call_command("pirab_verify", "--account", "'; drop table")
