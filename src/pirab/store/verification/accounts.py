"""Checks of rows that belong to accounts: each takes a chunk of account ids and is one question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, LiteralString

from pirab.core import db
from pirab.store.counting import account_counts
from pirab.store.ledger import STATE_COLUMNS, TYPE_CODES, MailboxCounts
from pirab.store.queries.mailboxes import mailboxes
from pirab.store.tallies import wrong_tallies
from pirab.store.tokens import TOKENIZER_VERSION
from pirab.store.types import MailboxRole, ObjectType
from pirab.store.verification.types import Code, Finding
from pirab.store.viewing import account_differences, kept_differences

Check = Callable[[Sequence[int]], Iterator[Finding]]


def _found(code: Code, sql: LiteralString, accounts: Sequence[int], **more: Any) -> Iterator[Finding]:
    """Findings of a question whose rows are account, object and perhaps a detail."""
    for account_id, object_id, *detail in db.rows_planned_anew(sql, {"accounts": list(accounts), **more}):
        yield Finding(code, account_id, object_id, *(str(each) for each in detail))


def messages_of_emails(accounts: Sequence[int]) -> Iterator[Finding]:
    """Every email has its message."""
    yield from _found(
        Code.MESSAGE_MISSING,
        """
        select e.account_id, e.id, e.message_id from store_email e
         where e.account_id = any(%(accounts)s::bigint[])
           and not exists (select from store_message g where g.id = e.message_id)
        """,
        accounts,
    )


def messages_of_removed_mail(accounts: Sequence[int]) -> Iterator[Finding]:
    """Mail that its owner can have back still has its message."""
    yield from _found(
        Code.REMOVED_MISSING,
        """
        select r.account_id, r.id, r.message_id from store_removed_email r
         where r.account_id = any(%(accounts)s::bigint[])
           and not exists (select from store_message g where g.id = r.message_id)
        """,
        accounts,
    )


def removed_mail(accounts: Sequence[int]) -> Iterator[Finding]:
    """What was removed is gone from the mailboxes."""
    yield from _found(
        Code.REMOVED_TWICE,
        """
        select r.account_id, r.id from store_removed_email r
         where r.account_id = any(%(accounts)s::bigint[])
           and exists (select from store_email e where e.account_id = r.account_id and e.id = r.id)
        """,
        accounts,
    )


def emails_like_messages(accounts: Sequence[int]) -> Iterator[Finding]:
    """Size and clip of an email are those of its message."""
    yield from _found(
        Code.EMAIL_DIFFERS,
        """
        select e.account_id, e.id from store_email e join store_message g on g.id = e.message_id
         where e.account_id = any(%(accounts)s::bigint[])
           and (e.size, e.has_attachment) is distinct from (g.size, g.has_attachment)
        """,
        accounts,
    )


def emails_somewhere(accounts: Sequence[int]) -> Iterator[Finding]:
    """Every email is in a mailbox (rfc8621#4.1.1 mailboxIds)."""
    yield from _found(
        Code.EMAIL_NOWHERE,
        """
        select e.account_id, e.id from store_email e
         where e.account_id = any(%(accounts)s::bigint[])
           and not exists (select from store_email_mailbox m join store_mailbox b
                                    on b.account_id = m.account_id and b.id = m.mailbox_id
                            where m.account_id = e.account_id and m.email_id = e.id)
        """,
        accounts,
    )


def memberships(accounts: Sequence[int]) -> Iterator[Finding]:
    """Every membership is of an email and a mailbox that exist, and repeats what the email says."""
    yield from _found(
        Code.MEMBERSHIP_STRAY,
        """
        select m.account_id, m.email_id, m.mailbox_id from store_email_mailbox m
         where m.account_id = any(%(accounts)s::bigint[])
           and not (exists (select from store_email e where e.account_id = m.account_id and e.id = m.email_id)
                    and exists (select from store_mailbox b
                                 where b.account_id = m.account_id and b.id = m.mailbox_id))
        """,
        accounts,
    )
    yield from _found(
        Code.MEMBERSHIP_DIFFERS,
        """
        select m.account_id, m.email_id, m.mailbox_id
          from store_email_mailbox m join store_email e on e.account_id = m.account_id and e.id = m.email_id
         where m.account_id = any(%(accounts)s::bigint[])
           and (m.thread_id, m.received_at) <> (e.thread_id, e.received_at)
        """,
        accounts,
    )


def counters(accounts: Sequence[int]) -> Iterator[Finding]:
    """The four counters of every mailbox are what counting gives, and so is what is kept of long threads."""
    for account_id in accounts:
        counted = account_counts(account_id)
        for row in mailboxes(account_id):
            kept = MailboxCounts(row.total_emails, row.unread_emails, row.total_threads, row.unread_threads)
            right = counted.get(row.id, MailboxCounts())
            if kept != right:
                yield Finding(Code.COUNTERS, account_id, row.id, f"{_four(kept)}, counted {_four(right)}")
        # those of the people of a shared account are kept as differences
        wrong = account_differences(account_id).items() ^ kept_differences(account_id).items()
        for person_id, mailbox_id in sorted({key for key, _ in wrong}):
            yield Finding(Code.COUNTERS, account_id, mailbox_id, f"as person {person_id} sees it")
        for thread_id in sorted({key.thread_id for key in wrong_tallies(account_id)}):
            yield Finding(Code.THREAD_COUNTERS, account_id, thread_id)


def viewers(accounts: Sequence[int]) -> Iterator[Finding]:
    """What people of shared accounts said is of things that exist, and their accounts know that they are there."""
    yield from _found(
        Code.VIEWER_STRAY,
        """
        select distinct o.account_id, o.email_id from store_viewer_email o
         where o.account_id = any(%(accounts)s::bigint[])
           and not exists (select from store_email e where e.account_id = o.account_id and e.id = o.email_id)
           and not exists (select from store_removed_email r
                            where r.account_id = o.account_id and r.id = o.email_id)
         union all
        select distinct o.account_id, o.mailbox_id from store_viewer_mailbox o
         where o.account_id = any(%(accounts)s::bigint[])
           and not exists (select from store_mailbox b where b.account_id = o.account_id and b.id = o.mailbox_id)
        """,
        accounts,
    )
    yield from _found(
        Code.VIEWERS_UNNOTED,
        """
        select a.account_id, a.account_id from store_account a
         where a.account_id = any(%(accounts)s::bigint[]) and not a.has_viewers
           and exists (select from store_viewer v where v.account_id = a.account_id)
        """,
        accounts,
    )


def _four(counts: MailboxCounts) -> str:
    emails = f"{counts.total_emails}/{counts.unread_emails}"
    return f"{emails} emails, {counts.total_threads}/{counts.unread_threads} threads"


def usage(accounts: Sequence[int]) -> Iterator[Finding]:
    """Used octets and the number of emails are sums."""
    yield from _found(
        Code.USAGE,
        """
        select a.account_id, a.account_id,
               format('%%s octets in %%s emails, counted %%s in %%s', a.used_bytes, a.email_count, s.size, s.many)
          from store_account a
         cross join lateral (select coalesce(sum(size), 0) as size, count(*) as many
                               from store_email where account_id = a.account_id) s
         where a.account_id = any(%(accounts)s::bigint[])
           and (a.used_bytes, a.email_count) is distinct from (s.size, s.many)
        """,
        accounts,
    )


def words(accounts: Sequence[int]) -> Iterator[Finding]:
    """Every email can be found: by words of its own, or by those of a letter to many."""
    yield from _found(
        Code.WORDS_MISSING,
        """
        select e.account_id, e.id from store_email e
         where e.account_id = any(%(accounts)s::bigint[])
           and not exists (select from store_email_search s where s.account_id = e.account_id and s.email_id = e.id)
           and not (e.has_shared_words
                    and exists (select from store_message_search h where h.message_id = e.message_id))
        """,
        accounts,
    )
    yield from _found(
        Code.WORDS_STRAY,
        """
        select s.account_id, s.email_id from store_email_search s
         where s.account_id = any(%(accounts)s::bigint[])
           and not exists (select from store_email e where e.account_id = s.account_id and e.id = s.email_id)
        """,
        accounts,
    )
    yield from _found(
        Code.WORDS_OLD,
        """
        select s.account_id, s.email_id, s.version from store_email_search s
         where s.account_id = any(%(accounts)s::bigint[]) and s.version <> %(version)s
        """,
        accounts,
        version=TOKENIZER_VERSION,
    )


def change_log(accounts: Sequence[int]) -> Iterator[Finding]:
    """No object is newer than its account says, and everything changed since the log begins stands in it."""
    newest = ", ".join(
        f"({TYPE_CODES[kind]}, a.{STATE_COLUMNS[kind]})"
        for kind in ObjectType
        if kind is not ObjectType.DELIVERY  # has no log
    )
    yield from _found(
        Code.MODSEQ,
        f"""
        select a.account_id, t.code,
               format('state %%s, log %%s, account %%s', t.state, l.newest, a.modseq)
          from store_account a
         cross join lateral (values {newest}) as t(code, state)
         cross join lateral (select coalesce(max(modseq), 0) as newest from store_change
                              where account_id = a.account_id and (object_type = t.code
                                -- an email that came moved its thread and its mailbox too (ChangeKind.ARRIVED)
                                or (object_type = 1 and kind >= 5 and t.code in (2, 3)))) l
         where a.account_id = any(%(accounts)s::bigint[])
           and (l.newest > t.state or t.state > a.modseq or (t.state > a.oldest_modseq and l.newest < t.state))
        """,  # noqa: S608 - numbers and names of our own
        accounts,
    )
    yield from _found(
        Code.LOG_GAP,
        """
        select e.account_id, e.id, e.modseq from store_email e join store_account a on a.account_id = e.account_id
         where e.account_id = any(%(accounts)s::bigint[]) and e.modseq > a.oldest_modseq
           and not exists (select from store_change c
                            where c.account_id = e.account_id and c.object_type = 1 and c.modseq = e.modseq
                              and c.object_id = e.id)
        """,
        accounts,
    )


def trees(accounts: Sequence[int]) -> Iterator[Finding]:
    """Mailboxes stand in a tree, and there is an inbox."""
    for account_id in accounts:
        rows = mailboxes(account_id)
        parents = {row.id: row.parent_id for row in rows}
        for row in rows:
            if not _reaches_the_top(parents, row.id):
                yield Finding(Code.TREE, account_id, row.id, f"below {row.parent_id}")
        if not any(row.role is MailboxRole.INBOX for row in rows):
            yield Finding(Code.INBOX_MISSING, account_id, account_id)


def _reaches_the_top(parents: dict[int, int | None], mailbox_id: int) -> bool:
    seen: set[int] = set()
    at: int | None = mailbox_id
    while at is not None:
        if at in seen or at not in parents:
            return False
        seen.add(at)
        at = parents[at]
    return True


CHECKS: Final[tuple[Check, ...]] = (
    messages_of_emails,
    messages_of_removed_mail,
    removed_mail,
    emails_like_messages,
    memberships,
    emails_somewhere,
    viewers,
    counters,
    usage,
    words,
    change_log,
    trees,
)
"""In the order in which they are run and mended: what one mend leaves the next one may find."""
