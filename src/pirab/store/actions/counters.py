"""Mending counters. They should never need it; the checker says so every night."""

from __future__ import annotations

from pirab.core import db
from pirab.store.counting import account_counts, apply_difference
from pirab.store.ledger import MailboxCounts, open_ledger
from pirab.store.queries.mailboxes import wrong_counters
from pirab.store.tallies import count_anew
from pirab.store.types import ChangeKind, ObjectType
from pirab.store.viewing import account_differences, kept_differences, move_differences


def repair_counters(account_id: int) -> int:
    """Set the account's counters to what counting gives; returns how many mailboxes were wrong."""
    with open_ledger(account_id) as ledger:
        present = {
            row[0]: MailboxCounts(*row[1:])
            for row in db.rows(
                """
                select id, total_emails, unread_emails, total_threads, unread_threads
                  from store_mailbox where account_id = %s
                """,
                (account_id,),
            )
        }
        counted = account_counts(account_id)
        wrong = wrong_counters(account_id)
        moved = move_differences(account_id, kept_differences(account_id), account_differences(account_id))
        ledger.record_all(ObjectType.MAILBOX, sorted(moved), ChangeKind.COUNTS)
        apply_difference(ledger, present, counted)
        count_anew(account_id)
        size, emails = db.rows(
            "select coalesce(sum(size), 0), count(*) from store_email where account_id = %s", (account_id,)
        )[0]
        db.execute(
            "update store_account set used_bytes = %s, email_count = %s where account_id = %s",
            (size, emails, account_id),
        )
    return len(wrong)
