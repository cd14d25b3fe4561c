"""Reading mailboxes and how full an account is."""

from __future__ import annotations

from typing import Any, Final

from pirab.core import db
from pirab.store.counting import account_counts
from pirab.store.errors import AccountUnknown, MailboxNotFound
from pirab.store.ledger import MailboxCounts
from pirab.store.tallies import wrong_tallies
from pirab.store.types import LabelColor, MailboxRole, MailboxRow, Usage
from pirab.store.viewing import account_differences, kept_differences


def mailboxes(account_id: int, *, viewer: int | None = None) -> list[MailboxRow]:
    """All mailboxes of the account with their counters, in sort order.

    `viewer` is the person whose own unread counters and subscriptions they carry; None: those of the account itself.
    """
    if viewer is not None:
        found = db.rows(_AS_SEEN, {"account": account_id, "viewer": viewer})
        return [_mailbox(row) for row in found]
    found = db.rows(
        """
        select id, parent_id, name, role, sort_order, is_subscribed,
               total_emails, unread_emails, total_threads, unread_threads, color
          from store_mailbox where account_id = %s order by sort_order, name, id
        """,
        (account_id,),
    )
    return [_mailbox(row) for row in found]


_AS_SEEN: Final = """
    select b.id, b.parent_id, b.name, b.role, b.sort_order, coalesce(v.is_subscribed, b.is_subscribed),
           b.total_emails, b.unread_emails + coalesce(v.unread_emails, 0),
           b.total_threads, b.unread_threads + coalesce(v.unread_threads, 0), b.color
      from store_mailbox b
      left join store_viewer_mailbox v
        on v.account_id = %(account)s and v.person_id = %(viewer)s and v.mailbox_id = b.id
     where b.account_id = %(account)s order by b.sort_order, b.name, b.id
"""


def mailbox_with_role(account_id: int, role: MailboxRole) -> MailboxRow:
    """The account's mailbox with this role; raises `MailboxNotFound`."""
    for mailbox in mailboxes(account_id):
        if mailbox.role is role:
            return mailbox
    raise MailboxNotFound(role)


def usage(account_id: int) -> Usage:
    """How full the account is; raises `AccountUnknown`. One row, whatever the account holds."""
    found = db.row(
        "select used_bytes, quota_bytes, email_count from store_account where account_id = %s", (account_id,)
    )
    if found is None:
        raise AccountUnknown(str(account_id))
    return Usage(*found)


def wrong_counters(account_id: int) -> list[int]:
    """Mailboxes whose counters, the account's, any viewer's or a long thread's, differ from what counting gives.

    Only reads; `repair_counters` mends.
    """
    counted = account_counts(account_id)
    differing = {key.mailbox_id for key in wrong_tallies(account_id)} | {
        mailbox_id
        for (_, mailbox_id), _ in account_differences(account_id).items()
        ^ kept_differences(account_id).items()
    }
    return [
        mailbox.id
        for mailbox in mailboxes(account_id)
        if mailbox.id in differing
        or MailboxCounts(
            mailbox.total_emails, mailbox.unread_emails, mailbox.total_threads, mailbox.unread_threads
        )
        != counted.get(mailbox.id, MailboxCounts())
    ]


def _mailbox(row: tuple[Any, ...]) -> MailboxRow:
    role, color = MailboxRole(row[3]) if row[3] else None, LabelColor(row[10]) if row[10] else None
    values: tuple[Any, ...] = (*row[:3], role, *row[4:10], color)
    return MailboxRow(*values)
