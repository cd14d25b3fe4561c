"""Checks that applications above the store bring along for tables of their own; `conf/wiring.py` registers them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from pirab.store.verification.types import Finding

AccountCheck = Callable[[Sequence[int]], Iterator[Finding]]
"""A chunk of account ids in, findings out; inside one snapshot."""
WholeCheck = Callable[[], Iterator[Finding]]
"""Looks at small tables as a whole; not asked when one account is looked at alone."""
Mend = Callable[[Finding], None]


class Checks(msgspec.Struct, frozen=True):
    """What one application brings. A code without a mend needs a backup; `tables` have rows of accounts, and none of
    mail: those of accounts that are nowhere may go."""

    of_accounts: tuple[AccountCheck, ...] = ()
    of_all: tuple[WholeCheck, ...] = ()
    mends: Mapping[StrEnum, Mend] = {}
    tables: tuple[str, ...] = ()


_known: Final[dict[str, Checks]] = {}


def register(name: str, checks: Checks) -> None:
    """Have these checks run with those of the store; again under the same name replaces them."""
    _known[name] = checks


def account_checks() -> Iterable[AccountCheck]:
    """All checks of accounts, in the order in which they were registered."""
    return [check for checks in _known.values() for check in checks.of_accounts]


def whole_checks() -> Iterable[WholeCheck]:
    """All checks of small tables."""
    return [check for checks in _known.values() for check in checks.of_all]


def mend_of(code: StrEnum) -> Mend | None:
    """What is done about a finding with this code, or None."""
    return next((checks.mends[code] for checks in _known.values() if code in checks.mends), None)


def tables() -> list[str]:
    """Tables with a column `account_id` that hold no mail."""
    return [table for checks in _known.values() for table in checks.tables]
