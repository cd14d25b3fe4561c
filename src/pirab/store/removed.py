"""What is kept of destroyed mail: enough to file it again. Shared by destroying, restoring and collecting.

In a shared account what each person said of it stays in `store_viewer_email`, under the id it had, as long as it does.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from pirab.core import clock, db
from pirab.store.ledger import Ledger
from pirab.store.viewing import forget_emails

RECOVERABLE_FOR: Final = timedelta(days=30)


def keep_removed(ledger: Ledger, email_ids: Collection[int], message_ids: Collection[int]) -> None:
    """Keep these emails, which are about to be deleted; of one message only the newest removal is kept."""
    account = ledger.account_id
    replaced = db.rows(
        "delete from store_removed_email where account_id = %s and message_id = any(%s::bigint[]) returning id",
        (account, list(message_ids)),
    )
    forget_emails(ledger, [email_id for (email_id,) in replaced])
    db.execute(_KEEP, {"account": account, "ids": list(email_ids), "now": clock.now()})


_KEEP: Final = """
    insert into store_removed_email (account_id, id, message_id, size, flags, keywords, mailboxes, received_at,
                                     removed_at)
    select e.account_id, e.id, e.message_id, e.size, e.flags, e.keywords, coalesce(m.boxes, array[]::bigint[]),
           e.received_at, %(now)s
      from store_email e
     cross join lateral (select array_agg(mailbox_id) as boxes from store_email_mailbox
                          where account_id = %(account)s and email_id = e.id) m
     where e.account_id = %(account)s and e.id = any(%(ids)s::bigint[])
"""
