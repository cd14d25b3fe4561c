"""The one place that says who may do what with an account. Every door asks here before it acts."""

from __future__ import annotations

from pirab.directory.errors import AccountNotFound, AccountReadOnly
from pirab.directory.types import ROLE_RIGHTS, Principal, Right


def require_account(principal: Principal, account_id: int, right: Right) -> None:
    """Return when `principal` has `right` on the account.

    Raises `AccountNotFound` for an account that does not exist or is somebody else's (both look alike), and
    `AccountReadOnly` where it may be read but not changed (rfc8620#3.6.2).
    """
    role = principal.roles.get(account_id)
    if role is None:
        raise AccountNotFound()
    if right not in ROLE_RIGHTS[role]:
        raise AccountReadOnly()


def may(principal: Principal, account_id: int, right: Right) -> bool:
    """The same question as `require_account`, as a yes or no."""
    role = principal.roles.get(account_id)
    return role is not None and right in ROLE_RIGHTS[role]
