"""What one API request knows while its calls run: who asks, what was created so far, what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pirab.core import clock
from pirab.core.ids import IdError, IdKind, decode_id
from pirab.directory import policy
from pirab.directory.errors import AccountForbidden, AccountNotFound, AccountReadOnly
from pirab.directory.types import Right
from pirab.jmap.errors import MethodError
from pirab.signin.types import Caller

__all__ = ["RequestContext", "Right"]


class RequestContext:
    """One per API request; the calls of a request share it in order, so creation ids flow forward only."""

    __slots__ = ("_accounts", "caller", "created_ids", "now", "principal", "using")

    def __init__(
        self,
        caller: Caller,
        using: frozenset[str],
        created_ids: dict[str, str] | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self.caller = caller
        self.principal = caller.principal
        self.using = using
        self.created_ids: dict[str, str] = {} if created_ids is None else created_ids
        self.now = now
        self._accounts: dict[tuple[str, Right], int] = {}

    def account(self, account_id: str, right: Right) -> int:
        """The key of the account a call works on, if this person has `right` on it.

        Raises `MethodError`: `accountNotFound` for an absent, forged or forbidden one alike,
        `accountReadOnly` when it may be read but not written, `forbidden` when only the own marks may be written.
        """
        known = self._accounts.get((account_id, right))
        if known is not None:
            return known
        try:
            key = decode_id(IdKind.ACCOUNT, account_id)
            policy.require_account(self.principal, key, right)
        except (IdError, AccountNotFound) as error:
            raise MethodError("accountNotFound") from error
        except AccountForbidden as error:
            raise MethodError("forbidden") from error
        except AccountReadOnly as error:
            raise MethodError("accountReadOnly") from error
        self._accounts[(account_id, right)] = key
        return key

    def submission_account(self, account_id: str) -> int:
        """As `account`, to read what belongs to sending.

        Raises `accountNotSupportedByMethod` as well, where the session does not list the capability for this person
        (rfc8620#3.6.2).
        """
        key = self.account(account_id, Right.READ)
        if not policy.may(self.principal, key, Right.SUBMIT):
            raise MethodError("accountNotSupportedByMethod")
        return key

    def viewer(self, account: int) -> int | None:
        """The person whose own `$seen`, `$flagged` and subscriptions the store is to use; None: the account's."""
        return policy.viewer(self.principal, account)

    def key(self, kind: IdKind, text: str) -> int | None:
        """The database key that `text` names: an id, or `#` and a creation id of this request (rfc8620#5.3).

        None when it names nothing: another kind, a second spelling, an unknown creation id. That is
        `notFound` in a get, update or destroy and `invalidProperties` in a property.
        """
        name = self.created_ids.get(text[1:]) if text.startswith("#") else text
        if name is None:
            return None
        try:
            return decode_id(kind, name)
        except IdError:
            return None

    def record_created(self, creation_id: str, record_id: str) -> None:
        """Remember what a creation id became; the latest wins when one is used again (rfc8620#3.4)."""
        self.created_ids[creation_id] = record_id
