"""What is kept of destroyed mail: enough to file it again. Shared by destroying, restoring and collecting.

In a shared account what each person said of it stays in `store_viewer_email`, under the id it had, as long as it does.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from pirab.core import clock, db
from pirab.store.keywords import FLAG_BITS, SEEN, personal_bits
from pirab.store.ledger import Ledger
from pirab.store.tallies import keeping_tallies
from pirab.store.types import EmailRow
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


def carry_marks(ledger: Ledger, removed_id: int, row: EmailRow) -> None:
    """Give an email that is back what each person had said of it under its old id, read by joining included.

    Its common flags are those it had; whoever joined after it was removed has nothing to read from before.
    """
    if not ledger.has_viewers:
        return
    params = {"account": ledger.account_id, "old": removed_id, "new": row.id, "seen": FLAG_BITS[SEEN]}
    with keeping_tallies(ledger, {row.id: row.thread_id}):
        db.execute(_CARRY, params | {"common": personal_bits(row.keywords)})
    forget_emails(ledger, [removed_id])


_CARRY: Final = """
    insert into store_viewer_email (account_id, email_id, person_id, flags)
    select %(account)s, %(new)s, v.person_id, x.flags
      from store_viewer v
      left join store_viewer_email o on o.account_id = %(account)s and o.email_id = %(old)s
                                    and o.person_id = v.person_id
     cross join lateral (
           select coalesce(o.flags, %(common)s | case when %(old)s <= v.since then %(seen)s else 0 end) as flags,
                  %(common)s | case when %(new)s <= v.since then %(seen)s else 0 end as usual) x
     where v.account_id = %(account)s and x.flags <> x.usual
"""

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
