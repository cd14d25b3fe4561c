"""Mending what a check found: the only mutator here, one mend a kind of finding.

A finding may be old when its mend runs: every mend looks again, with the account locked, and does nothing where nothing
is wrong any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Final

from pirab.core import clock, db
from pirab.core.log import get_logger
from pirab.store.actions.accounts import open_account
from pirab.store.actions.counters import repair_counters
from pirab.store.actions.messages import refresh_message
from pirab.store.ledger import STATE_COLUMNS, TYPE_CODES, open_ledger
from pirab.store.queries.messages import message_of_email, message_with_id
from pirab.store.tokens import TOKENIZER_VERSION
from pirab.store.types import ChangeKind, MailboxRole, ObjectType
from pirab.store.verification import registry
from pirab.store.verification.types import Code, Finding
from pirab.store.viewing import note_viewers
from pirab.store.words import words_of_message

_log = get_logger(__name__)


def repair(findings: Iterable[Finding]) -> Iterator[tuple[Finding, bool]]:
    """Mend each finding as it comes; says whether it could be. Every mend is a transaction and a line in the log.

    Findings are not gathered: what `verify` yields may be handed on as it is.
    """
    counted: set[int] = set()
    for finding in findings:
        mend = MENDS.get(finding.code) or registry.mend_of(finding.code)
        is_mended = mend is not None
        if mend is not None:
            with db.transaction():
                mend(finding)
            if finding.account_id is not None and finding.code in _MOVES_COUNTERS:
                counted.add(finding.account_id)
        _log.warning(
            "store mended" if is_mended else "store needs a backup",
            code=finding.code.value,
            account=finding.account_id,
            object=finding.object_id,
        )
        yield finding, is_mended
        if len(counted) >= COUNTED_AT_ONCE:
            _count(counted)
    _count(counted)


def _count(accounts: set[int]) -> None:
    """Count what mends have moved, and forget it."""
    for account_id in sorted(accounts):
        repair_counters(account_id)
    accounts.clear()


COUNTED_AT_ONCE: Final = 100
"""Accounts whose counters wait for further mends."""


_MOVES_COUNTERS: Final = frozenset(
    {Code.EMAIL_NOWHERE, Code.MEMBERSHIP_STRAY, Code.MEMBERSHIP_DIFFERS, Code.EMAIL_DIFFERS}
)


def _account(finding: Finding) -> int:
    assert finding.account_id is not None
    return finding.account_id


def _put_into_inbox(finding: Finding) -> None:
    """A letter in no mailbox comes to the inbox, where its owner sees it."""
    with open_ledger(_account(finding)) as ledger:
        db.execute(
            """
            with inbox as (
                update store_mailbox set uid_next = uid_next + 1
                 where account_id = %(account)s and role = %(role)s returning id, uid_next - 1 as uid
            )
            insert into store_email_mailbox (account_id, mailbox_id, email_id, thread_id, received_at, uid)
            select e.account_id, inbox.id, e.id, e.thread_id, e.received_at, inbox.uid
              from store_email e, inbox where e.account_id = %(account)s and e.id = %(email)s
            on conflict do nothing
            """,
            {"account": _account(finding), "email": finding.object_id, "role": MailboxRole.INBOX},
        )
        _log_email(ledger.record(ObjectType.EMAIL, finding.object_id, ChangeKind.UPDATED), finding)


def _log_email(modseq: int, finding: Finding) -> None:
    db.execute(
        "update store_email set modseq = %s where account_id = %s and id = %s",
        (modseq, _account(finding), finding.object_id),
    )


def _copy_from_message(finding: Finding) -> None:
    with open_ledger(_account(finding)):
        db.execute(
            """
            update store_email e set size = g.size, has_attachment = g.has_attachment
              from store_message g where e.account_id = %s and e.id = %s and g.id = e.message_id
            """,
            (_account(finding), finding.object_id),
        )


def _drop_stray_memberships(finding: Finding) -> None:
    with open_ledger(_account(finding)):
        db.execute(
            """
            delete from store_email_mailbox m where m.account_id = %(account)s and m.email_id = %(email)s
               and not (exists (select from store_email e where e.account_id = m.account_id and e.id = m.email_id)
                        and exists (select from store_mailbox b
                                     where b.account_id = m.account_id and b.id = m.mailbox_id))
            """,
            {"account": _account(finding), "email": finding.object_id},
        )


def _copy_from_email(finding: Finding) -> None:
    with open_ledger(_account(finding)):
        db.execute(
            """
            update store_email_mailbox m set thread_id = e.thread_id, received_at = e.received_at
              from store_email e
             where m.account_id = %(account)s and m.email_id = %(email)s and e.account_id = m.account_id
               and e.id = m.email_id
            """,
            {"account": _account(finding), "email": finding.object_id},
        )


def _drop_stray_marks(finding: Finding) -> None:
    """What people said of an email or a mailbox that is gone goes too."""
    with open_ledger(_account(finding)):
        params = {"account": _account(finding), "object": finding.object_id}
        db.execute(
            """
            delete from store_viewer_email o where o.account_id = %(account)s and o.email_id = %(object)s
               and not exists (select from store_email e where e.account_id = %(account)s and e.id = %(object)s)
               and not exists (select from store_removed_email r
                                where r.account_id = %(account)s and r.id = %(object)s)
            """,
            params,
        )
        db.execute(
            """
            delete from store_viewer_mailbox o where o.account_id = %(account)s and o.mailbox_id = %(object)s
               and not exists (select from store_mailbox b where b.account_id = %(account)s and b.id = %(object)s)
            """,
            params,
        )


def _note_viewers(finding: Finding) -> None:
    """The account looks after its people from now on; what was counted without them is counted anew."""
    with open_ledger(_account(finding)) as ledger:
        if db.row("select from store_viewer where account_id = %s", (_account(finding),)) is not None:
            note_viewers(ledger)
    repair_counters(_account(finding))


def _count_anew(finding: Finding) -> None:
    repair_counters(_account(finding))


def _index_anew(finding: Finding) -> None:
    """Words of one email, or of a letter to many."""
    if finding.account_id is None:
        shared = message_with_id(finding.object_id)
        if shared is not None:
            db.execute(
                "update store_message_search set tokens = %s::tsvector, version = %s where message_id = %s",
                (words_of_message(shared.id, shared.digest), TOKENIZER_VERSION, finding.object_id),
            )
        return
    message = message_of_email(finding.account_id, finding.object_id)
    db.execute(
        """
        insert into store_email_search (account_id, email_id, version, tokens) values (%s, %s, %s, %s::tsvector)
        on conflict (account_id, email_id) do update set version = excluded.version, tokens = excluded.tokens
        """,
        (
            finding.account_id,
            finding.object_id,
            TOKENIZER_VERSION,
            words_of_message(message.id, message.digest),
        ),
    )


def _drop_stray_words(finding: Finding) -> None:
    db.execute(
        """
        delete from store_email_search s where s.account_id = %s and s.email_id = %s
           and not exists (select from store_email e where e.account_id = s.account_id and e.id = s.email_id)
        """,
        (_account(finding), finding.object_id),
    )


def _raise_state(finding: Finding) -> None:
    """No client may believe that it has seen everything: the type goes to a state nobody has, and is read anew."""
    account_id = _account(finding)
    column = {code: STATE_COLUMNS[kind] for kind, code in TYPE_CODES.items()}[finding.object_id]
    db.execute(
        f"""
        with newest as (
            select greatest(a.modseq, max(c.modseq)) + 1 as modseq
              from store_account a left join store_change c on c.account_id = a.account_id
             where a.account_id = %(account)s group by a.modseq
        )
        update store_account a set modseq = newest.modseq, oldest_modseq = newest.modseq, {column} = newest.modseq
          from newest where a.account_id = %(account)s
        """,  # noqa: S608 - a name of our own
        {"account": account_id},
    )


def _log_again(finding: Finding) -> None:
    """A change that is in no log is logged now."""
    with open_ledger(_account(finding)) as ledger:
        _log_email(ledger.record(ObjectType.EMAIL, finding.object_id, ChangeKind.UPDATED), finding)


def _to_the_top(finding: Finding) -> None:
    """A mailbox below nothing, or below itself, stands at the top, under a name that nobody has there."""
    with open_ledger(_account(finding)) as ledger:
        db.execute(
            """
            update store_mailbox b
               set parent_id = null,
                   name = case when exists (select from store_mailbox o where o.account_id = b.account_id
                                               and o.parent_id is null and o.name = b.name and o.id <> b.id)
                               then left(b.name, 200) || ' ' || b.id else b.name end
             where b.account_id = %s and b.id = %s
            """,
            (_account(finding), finding.object_id),
        )
        ledger.record(ObjectType.MAILBOX, finding.object_id, ChangeKind.UPDATED)


def _make_inbox(finding: Finding) -> None:
    account_id = _account(finding)
    quota = db.scalar("select quota_bytes from store_account where account_id = %s", (account_id,))
    open_account(account_id, quota)


def _tell_collector(finding: Finding) -> None:
    db.execute(
        "insert into store_orphan (message_id, since) values (%s, %s) on conflict do nothing",
        (finding.object_id, clock.now()),
    )


def _drop_stray_references(finding: Finding) -> None:
    db.execute(
        """
        delete from store_message_ref r where r.message_id = %s
           and not exists (select from store_message g where g.id = r.message_id)
        """,
        (finding.object_id,),
    )


def _drop_stray_text(finding: Finding) -> None:
    for table in ("store_message_text", "store_unread_attachment"):
        db.execute(
            f"""
            delete from {table} t where t.message_id = %s
               and not exists (select from store_message g where g.id = t.message_id)
            """,  # noqa: S608 - names of our own
            (finding.object_id,),
        )


def _forget_removal(finding: Finding) -> None:
    """The email is there: it is not removed."""
    with open_ledger(_account(finding)):
        db.execute(
            """
            delete from store_removed_email r where r.account_id = %(account)s and r.id = %(email)s
               and exists (select from store_email e where e.account_id = %(account)s and e.id = %(email)s)
            """,
            {"account": _account(finding), "email": finding.object_id},
        )


def _read_anew(finding: Finding) -> None:
    refresh_message(finding.object_id)


MENDS: Final[dict[StrEnum, Callable[[Finding], None]]] = {
    Code.EMAIL_NOWHERE: _put_into_inbox,
    Code.EMAIL_DIFFERS: _copy_from_message,
    Code.MEMBERSHIP_STRAY: _drop_stray_memberships,
    Code.MEMBERSHIP_DIFFERS: _copy_from_email,
    Code.VIEWER_STRAY: _drop_stray_marks,
    Code.VIEWERS_UNNOTED: _note_viewers,
    Code.COUNTERS: _count_anew,
    Code.THREAD_COUNTERS: _count_anew,
    Code.USAGE: _count_anew,
    Code.WORDS_MISSING: _index_anew,
    Code.WORDS_STRAY: _drop_stray_words,
    Code.WORDS_OLD: _index_anew,
    Code.WORDS_DIFFER: _index_anew,
    Code.MODSEQ: _raise_state,
    Code.LOG_GAP: _log_again,
    Code.TREE: _to_the_top,
    Code.INBOX_MISSING: _make_inbox,
    Code.REMOVED_TWICE: _forget_removal,
    Code.TEXT_STRAY: _drop_stray_text,
    Code.MESSAGE_UNHELD: _tell_collector,
    Code.REFERENCE_STRAY: _drop_stray_references,
    Code.MESSAGE_DIFFERS: _read_anew,
}
"""What is done about each finding; what is neither here nor registered needs a backup (`UNMENDABLE`)."""
