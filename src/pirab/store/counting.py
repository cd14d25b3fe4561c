"""What mailbox counters should be, counted from the rows of an account."""

from __future__ import annotations

from collections.abc import Mapping

from pirab.core import db
from pirab.store.keywords import READ_BITS
from pirab.store.ledger import Ledger, MailboxCounts


def apply_difference(
    ledger: Ledger, before: Mapping[int, MailboxCounts], after: Mapping[int, MailboxCounts]
) -> None:
    """Move the counters by what a change made of the contributions of its threads."""
    for mailbox_id in sorted(before.keys() | after.keys()):
        delta = after.get(mailbox_id, MailboxCounts()).minus(before.get(mailbox_id, MailboxCounts()))
        ledger.add_counts(mailbox_id, delta)


def account_counts(account_id: int) -> dict[int, MailboxCounts]:
    """Every mailbox's counters as the rows say, empty mailboxes left out."""
    found = db.rows(
        """
        select mailbox_id, sum(emails), sum(unread), count(*), count(*) filter (where unread > 0)
          from (select m.mailbox_id, count(*) as emails, count(*) filter (where e.flags & %(read)s = 0) as unread
                  from store_email_mailbox m join store_email e on e.account_id = %(account)s and e.id = m.email_id
                 where m.account_id = %(account)s
                 group by m.mailbox_id, m.thread_id) per_thread
         group by mailbox_id
        """,
        {"account": account_id, "read": READ_BITS},
    )
    return {row[0]: MailboxCounts(int(row[1]), int(row[2]), row[3], row[4]) for row in found}
