"""Checks of push's table for `./pirab verify`, and their mends."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from pirab.core import db
from pirab.store.verification.registry import Checks
from pirab.store.verification.types import Finding


class PushCode(StrEnum):
    """What can be wrong with subscriptions."""

    AHEAD = "push-ahead-of-account"
    """A client was told a state that its account has not reached, as after a restored backup: it would hear nothing."""


_AHEAD: Final[Any] = """
    select s.id, key from push_subscription s
     cross join lateral jsonb_each_text(s.seen) as told(key, modseq)
      left join store_account a on a.account_id = told.key::bigint
     where told.modseq::bigint > coalesce(a.modseq, 0)
"""


def subscriptions() -> Iterator[Finding]:
    """Nobody was told more than there is."""
    for subscription_id, account_id in db.rows(_AHEAD, {}):
        yield Finding(PushCode.AHEAD, int(account_id), subscription_id)


def _tell_again(finding: Finding) -> None:
    """The next change of the account, or the next look at who is behind, tells them."""
    db.execute(
        """
        update push_subscription s set seen = s.seen - %(account)s::text
         where s.id = %(id)s and (s.seen ->> %(account)s::text)::bigint
               > coalesce((select modseq from store_account where account_id = %(account)s::bigint), 0)
        """,
        {"id": finding.object_id, "account": str(finding.account_id)},
    )


CHECKS: Final = Checks(of_all=(subscriptions,), mends={PushCode.AHEAD: _tell_again})
