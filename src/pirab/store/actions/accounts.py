"""Opening an account's store, its quota, and the change log as other apps use it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

from pirab.core import db
from pirab.store.ledger import check_state as check_ledger_state
from pirab.store.ledger import open_ledger
from pirab.store.types import ChangeKind, MailboxRole, ObjectType

ROLE_MAILBOXES: Final[dict[MailboxRole, tuple[str, int]]] = {
    MailboxRole.INBOX: ("Inbox", 1),
    MailboxRole.DRAFTS: ("Drafts", 2),
    MailboxRole.SENT: ("Sent", 3),
    MailboxRole.ARCHIVE: ("Archive", 4),
    MailboxRole.JUNK: ("Junk", 5),
    MailboxRole.TRASH: ("Trash", 6),
}
"""Name and sort order of the mailboxes every account is born with; clients show the role in the reader's language."""


AT_ONCE: Final = 1_000
"""Accounts of one statement."""


def open_account(account_id: int, quota_bytes: int) -> None:
    """Make the account's store and its six mailboxes. Harmless to repeat: what exists stays, the quota is set anew."""
    with db.transaction():
        db.execute(
            """
            insert into store_account (account_id, quota_bytes) values (%s, %s)
            on conflict (account_id) do update set quota_bytes = excluded.quota_bytes
            """,
            (account_id, quota_bytes),
        )
        with open_ledger(account_id) as ledger:
            present = {
                role
                for (role,) in db.rows(
                    "select role from store_mailbox where account_id = %s and role is not null", (account_id,)
                )
            }
            for role, (name, order) in ROLE_MAILBOXES.items():
                if role not in present:
                    made = db.scalar(
                        """
                        insert into store_mailbox (account_id, name, role, sort_order)
                        values (%s, %s, %s, %s) returning id
                        """,
                        (account_id, name, role, order),
                    )
                    ledger.record(ObjectType.MAILBOX, made, ChangeKind.CREATED)


def set_quota(account_id: int, quota_bytes: int) -> None:
    """As `set_quotas`, for one account."""
    set_quotas([account_id], quota_bytes)


def set_quotas(account_ids: Collection[int], quota_bytes: int) -> None:
    """How many octets each of the accounts may hold. Nothing is removed where it holds more already.

    Each thousand is a transaction of its own unless the caller has one: mail goes on between them.
    """
    waiting = sorted(account_ids)
    for start in range(0, len(waiting), AT_ONCE):
        with db.joined_transaction():
            locked = db.rows(
                "select account_id from store_account where account_id = any(%s::bigint[])"
                " order by account_id for update",
                (waiting[start : start + AT_ONCE],),
            )
            db.execute(
                "update store_account set quota_bytes = %s where account_id = any(%s::bigint[])",
                (quota_bytes, [account_id for (account_id,) in locked]),
            )


def log_change(account_id: int, object_type: ObjectType, object_id: int, kind: ChangeKind) -> int:
    """Put a change of another app's object (a submission, an identity) into the account's log; returns its modseq.

    Call it inside the transaction that makes the change. Raises `AccountUnknown`.
    """
    with open_ledger(account_id) as ledger:
        return ledger.record(object_type, object_id, kind)


def log_changes(
    account_id: int, object_type: ObjectType, object_ids: Iterable[int], kind: ChangeKind
) -> None:
    """As `log_change`, for many objects at once."""
    with open_ledger(account_id) as ledger:
        ledger.record_all(object_type, object_ids, kind)


def log_change_where(
    account_id: int, object_type: ObjectType, object_id: int, kind: ChangeKind, is_so: Callable[[], bool]
) -> None:
    """As `log_change`, but only where `is_so` answers yes while the account is held: what it reads of this account
    cannot change any more before the caller's transaction ends."""
    with open_ledger(account_id) as ledger:
        if is_so():
            ledger.record(object_type, object_id, kind)


def check_state(account_id: int, object_type: ObjectType, expected: int) -> None:
    """Raise `StateMismatch` unless the type is in the `expected` state, and hold the account until the transaction
    ends, so that the answer stays true while the caller acts (rfc8620#5.3 ifInState)."""
    with open_ledger(account_id) as ledger:
        check_ledger_state(ledger, object_type, expected)
