"""People begin and end to share an account."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.store.errors import AccountUnknown
from pirab.store.ledger import open_ledger
from pirab.store.viewing import note_viewers


def join_account(account_id: int, person_id: int) -> None:
    """From now on the person has `$seen`, stars and subscriptions of their own; the mail that is there counts as read.

    Whoever is in already stays as they are. An account the store does not hold yet has no mail to count as read.
    """
    try:
        with open_ledger(account_id) as ledger:
            if db.row(_JOIN, (account_id, person_id)) is None:
                return
            note_viewers(ledger)
            for statement in (_ALL_READ, _LONG_READ):
                db.execute(statement, {"account": account_id, "person": person_id})
    except AccountUnknown:
        return


def leave_account(account_id: int, person_id: int) -> None:
    """Forget everything the person said of the account's mail."""
    try:
        with open_ledger(account_id):
            for table in ("store_viewer", "store_viewer_email", "store_viewer_mailbox", "store_thread_count"):
                db.execute(
                    f"delete from {table} where account_id = %s and person_id = %s",  # noqa: S608 - names of our own
                    (account_id, person_id),
                )
    except AccountUnknown:
        return


# Ids are time-ordered and given out while the account is locked: what is here has lower ones, what comes has higher.
_JOIN: Final = """
    insert into store_viewer (account_id, person_id, since) values (%s, %s, store_new_id())
    on conflict (account_id, person_id) do nothing returning since
"""

_ALL_READ: Final = """
    insert into store_viewer_mailbox (account_id, person_id, mailbox_id, unread_emails, unread_threads)
    select %(account)s, %(person)s, id, -unread_emails, -unread_threads
      from store_mailbox where account_id = %(account)s
    on conflict (account_id, person_id, mailbox_id)
    do update set unread_emails = excluded.unread_emails, unread_threads = excluded.unread_threads
"""

_LONG_READ: Final = """
    insert into store_thread_count (account_id, thread_id, person_id, mailbox_id, emails, unread)
    select account_id, thread_id, %(person)s, mailbox_id, 0, -unread
      from store_thread_count where account_id = %(account)s and person_id = 0 and unread <> 0
"""
