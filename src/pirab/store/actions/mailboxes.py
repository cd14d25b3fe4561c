"""Mailboxes come, change and go (rfc8621#2.5)."""

from __future__ import annotations

import unicodedata
from enum import Enum
from typing import Final

import msgspec

from pirab.core import db
from pirab.store.actions.emails import remove_rows, update_in_ledger
from pirab.store.errors import (
    InvalidProperties,
    MailboxHasChild,
    MailboxHasEmail,
    MailboxNameTaken,
    MailboxNotFound,
    MailboxProtected,
)
from pirab.store.ledger import Ledger, open_ledger
from pirab.store.queries.emails import email_rows
from pirab.store.types import (
    ChangeKind,
    Contents,
    EmailPatch,
    MailboxDraft,
    MailboxPatch,
    MailboxRole,
    ObjectType,
)

LONGEST_NAME: Final = 255
"""Octets of a mailbox name in UTF-8 (the session's maxSizeMailboxName)."""

DEEPEST: Final = 20
"""Levels of mailboxes (the session's maxMailboxDepth)."""

MOST_MAILBOXES: Final = 10_000
"""Mailboxes of one account."""


def create_mailbox(account_id: int, draft: MailboxDraft, *, viewer: int | None = None) -> int:
    """Make a mailbox; returns its id. Raises `InvalidProperties` naming it, `MailboxNameTaken`, `MailboxNotFound` for a
    parent. `viewer` is the person whose own subscription the draft has; None: the account's.
    """
    name = _checked_name(draft.name)
    with open_ledger(account_id) as ledger:
        tree = _tree(account_id)
        if len(tree) >= MOST_MAILBOXES:
            raise InvalidProperties("too many mailboxes", properties=("name",))
        _check_parent(tree, None, draft.parent_id)
        _check_sort_order(draft.sort_order)
        _check_unique(account_id, None, draft.parent_id, name, draft.role)
        made: int = db.scalar(
            """
            insert into store_mailbox (account_id, parent_id, name, role, sort_order, is_subscribed, color)
            values (%s, %s, %s, %s, %s, %s, %s) returning id
            """,
            (
                account_id,
                draft.parent_id,
                name,
                draft.role,
                draft.sort_order,
                draft.is_subscribed if viewer is None else True,
                draft.color,
            ),
        )
        if viewer is not None and not draft.is_subscribed:
            _subscribe(account_id, viewer, made, Subscription.OFF)
        ledger.record(ObjectType.MAILBOX, made, ChangeKind.CREATED)
        return made


def update_mailbox(
    account_id: int, mailbox_id: int, patch: MailboxPatch, *, viewer: int | None = None
) -> None:
    """Change a mailbox. Raises `MailboxNotFound`, `InvalidProperties`, `MailboxNameTaken`, `MailboxProtected`.

    `viewer` is the person whose own subscription the patch changes; None: the account's.
    """
    with open_ledger(account_id) as ledger:
        row = db.row(
            """
            select name, parent_id, role, sort_order, is_subscribed, color
              from store_mailbox where account_id = %s and id = %s
            """,
            (account_id, mailbox_id),
        )
        if row is None:
            raise MailboxNotFound(str(mailbox_id))
        name = row[0] if patch.name is msgspec.UNSET else _checked_name(patch.name)
        parent_id = row[1] if patch.parent_id is msgspec.UNSET else patch.parent_id
        role = row[2] if patch.role is msgspec.UNSET else patch.role
        order = row[3] if patch.sort_order is msgspec.UNSET else patch.sort_order
        own = viewer is not None or patch.is_subscribed is msgspec.UNSET
        subscribed = row[4] if own else patch.is_subscribed
        color = row[5] if patch.color is msgspec.UNSET else patch.color
        if row[2] == MailboxRole.INBOX and role != MailboxRole.INBOX:
            raise MailboxProtected("the inbox keeps its role", properties=("role",))
        _check_sort_order(order)
        _check_parent(_tree(account_id), mailbox_id, parent_id)
        _check_unique(account_id, mailbox_id, parent_id, name, role)
        db.execute(
            """
            update store_mailbox
               set name = %s, parent_id = %s, role = %s, sort_order = %s, is_subscribed = %s, color = %s
             where account_id = %s and id = %s
            """,
            (name, parent_id, role, order, subscribed, color, account_id, mailbox_id),
        )
        if viewer is not None and patch.is_subscribed is not msgspec.UNSET:
            _subscribe(account_id, viewer, mailbox_id, Subscription(patch.is_subscribed))
        ledger.record(ObjectType.MAILBOX, mailbox_id, ChangeKind.UPDATED)


class Subscription(Enum):
    """Whether a person wants to see a mailbox (rfc8621#2 isSubscribed)."""

    ON = True
    OFF = False


def _subscribe(account_id: int, person_id: int, mailbox_id: int, wish: Subscription) -> None:
    db.execute(
        """
        insert into store_viewer_mailbox (account_id, person_id, mailbox_id, is_subscribed) values (%s, %s, %s, %s)
        on conflict (account_id, person_id, mailbox_id) do update set is_subscribed = excluded.is_subscribed
        """,
        (account_id, person_id, mailbox_id, wish.value),
    )


def destroy_mailbox(account_id: int, mailbox_id: int, contents: Contents) -> None:
    """Remove a mailbox. With `Contents.REMOVE` its emails leave it, and those in no other mailbox are destroyed.

    Raises `MailboxNotFound`, `MailboxHasChild`, `MailboxHasEmail`, and `MailboxProtected` for the inbox.
    """
    with open_ledger(account_id) as ledger:
        role = db.row(
            "select role from store_mailbox where account_id = %s and id = %s", (account_id, mailbox_id)
        )
        if role is None:
            raise MailboxNotFound(str(mailbox_id))
        if role[0] == MailboxRole.INBOX:
            raise MailboxProtected("inbox")
        if any(parent == mailbox_id for parent in _tree(account_id).values()):
            raise MailboxHasChild()
        _empty(ledger, mailbox_id, contents)
        db.execute("delete from store_mailbox where account_id = %s and id = %s", (account_id, mailbox_id))
        db.execute(
            "delete from store_viewer_mailbox where account_id = %s and mailbox_id = %s",
            (account_id, mailbox_id),
        )
        ledger.record(ObjectType.MAILBOX, mailbox_id, ChangeKind.DESTROYED)


def _empty(ledger: Ledger, mailbox_id: int, contents: Contents) -> None:
    found = db.rows(
        "select email_id from store_email_mailbox where account_id = %s and mailbox_id = %s",
        (ledger.account_id, mailbox_id),
    )
    if found and contents is Contents.REFUSE:
        raise MailboxHasEmail()
    rows = email_rows(ledger.account_id, [email_id for (email_id,) in found])
    remove_rows(ledger, [row for row in rows if row.mailbox_ids == (mailbox_id,)])
    elsewhere = [row.id for row in rows if row.mailbox_ids != (mailbox_id,)]
    leave = EmailPatch(remove_mailboxes=frozenset({mailbox_id}))
    update_in_ledger(ledger, dict.fromkeys(elsewhere, leave))


def _tree(account_id: int) -> dict[int, int | None]:
    return dict(db.rows("select id, parent_id from store_mailbox where account_id = %s", (account_id,)))


def _check_parent(tree: dict[int, int | None], mailbox_id: int | None, parent_id: int | None) -> None:
    depth = 1
    above = parent_id
    while above is not None:
        if above not in tree:
            raise MailboxNotFound(str(above), properties=("parentId",))
        if above == mailbox_id:
            raise InvalidProperties("a mailbox cannot be below itself", properties=("parentId",))
        above = tree[above]
        depth += 1
    if depth + _height(tree, mailbox_id) > DEEPEST:
        raise InvalidProperties(f"more than {DEEPEST} levels", properties=("parentId",))


def _height(tree: dict[int, int | None], mailbox_id: int | None) -> int:
    """How many levels hang below the mailbox."""
    level = [mailbox_id] if mailbox_id is not None else []
    height = -1
    while level:
        height += 1
        level = [child for child, parent in tree.items() if parent in level]
    return max(height, 0)


def _checked_name(name: str) -> str:
    normal = unicodedata.normalize("NFC", name)
    # rfc8621#2: Net-Unicode, and nothing a person cannot see
    bad = not normal.strip() or any(unicodedata.category(char) in ("Cc", "Cs") for char in normal)
    if bad or len(normal.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
        raise InvalidProperties("1 to 255 octets without control characters", properties=("name",))
    return normal


def _check_sort_order(order: int) -> None:
    if not 0 <= order < 2**31:  # rfc8621#2 sortOrder
        raise InvalidProperties("0 to 2147483647", properties=("sortOrder",))


def _check_unique(
    account_id: int, mailbox_id: int | None, parent_id: int | None, name: str, role: str | None
) -> None:
    found = db.rows(
        """
        select coalesce(parent_id, 0) = coalesce(%s::bigint, 0) and name = %s, role = %s
          from store_mailbox where account_id = %s and id <> %s
        """,
        (parent_id, name, role, account_id, mailbox_id or 0),
    )
    if any(same_name for same_name, _ in found):
        raise MailboxNameTaken(properties=("name",))
    if any(same_role for _, same_role in found):
        raise InvalidProperties("another mailbox has this role", properties=("role",))
