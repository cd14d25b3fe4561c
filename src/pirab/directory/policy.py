"""The one place that says who may do what with an account. Every door asks here before it acts."""

from __future__ import annotations

from pirab.directory.errors import AccountForbidden, AccountNotFound, AccountReadOnly
from pirab.directory.types import ROLE_RIGHTS, SCOPE_RIGHTS, SHARED_ROLE_RIGHTS, Principal, Right


def require_account(principal: Principal, account_id: int, right: Right) -> None:
    """Return when `principal` has `right` on the account.

    Raises `AccountNotFound` for an account that does not exist or is somebody else's (both look alike),
    `AccountReadOnly` where it may be read but not changed at all, and its kind `AccountForbidden` where something may
    be changed but not this (rfc8620#3.6.2).
    """
    if account_id not in principal.roles:
        raise AccountNotFound()
    if not may(principal, account_id, right):
        raise AccountForbidden() if may(principal, account_id, Right.MARK) else AccountReadOnly()


def may(principal: Principal, account_id: int, right: Right) -> bool:
    """The same question as `require_account`, as a yes or no: the person's role and their credential must allow it."""
    role = principal.roles.get(account_id)
    rights = SHARED_ROLE_RIGHTS if account_id in principal.shared else ROLE_RIGHTS
    if role is None or right not in rights[role]:
        return False
    return any(right in SCOPE_RIGHTS[scope] for scope in principal.scopes)


def viewer(principal: Principal, account_id: int) -> int | None:
    """The person whose own read marks, stars and subscriptions apply in the account; None in a personal one, which has
    only its owner's."""
    return principal.person_id if account_id in principal.shared else None
