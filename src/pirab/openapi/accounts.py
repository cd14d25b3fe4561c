"""The account an address names, and whether the caller may do there what they want."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.errors import HttpError

from pirab.core.ids import IdError, IdKind, decode_id
from pirab.directory import policy
from pirab.directory.errors import AccountForbidden, AccountNotFound, AccountReadOnly
from pirab.directory.types import Right
from pirab.signin import http as signin


def account_for(request: HttpRequest, account_id: str, right: Right) -> int:
    """The key of the account, if the caller has `right` on it.

    Raises `HttpError`: 404 for an absent one and for somebody else's alike, 403 where the right is not theirs.
    """
    principal = signin.caller_of(request).principal
    try:
        account = decode_id(IdKind.ACCOUNT, account_id)
        policy.require_account(principal, account, right)
    except (IdError, AccountNotFound) as error:
        raise HttpError(404, "No such account.") from error
    except (AccountReadOnly, AccountForbidden) as error:
        raise HttpError(403, error.message) from error
    return account
