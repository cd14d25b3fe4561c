"""Running all checks, a chunk at a time, each chunk in a snapshot of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pirab.core import db
from pirab.store.verification import accounts, messages, registry
from pirab.store.verification.types import Depth, Finding

ACCOUNTS_AT_ONCE: Final = 100
MESSAGES_AT_ONCE: Final = 1_000

Progress = Callable[[str, int], None]
"""Told after each chunk: what is being looked at, and how many of them so far."""


def verify(
    depth: Depth = Depth.ROWS,
    account_id: int | None = None,
    progress: Progress = lambda what, count: None,
) -> Iterator[Finding]:
    """Everything that is not as it should be, as it is found; of one account alone when `account_id` is given.

    Only reads, and holds no snapshot while it hands out what it found, so that each may be mended at once. Memory does
    not grow with the store.
    """
    seen = 0
    for chunk in _account_chunks(account_id):
        yield from account_findings(chunk)
        seen += len(chunk)
        progress("accounts", seen)
    if account_id is not None:
        return
    yield from _message_findings(depth, progress)
    for check in (messages.stray_references, messages.stray_texts, *registry.whole_checks()):
        with db.snapshot():
            found = list(check())
        yield from found


def account_findings(chunk: Sequence[int]) -> list[Finding]:
    """What is wrong in these accounts, in one snapshot."""
    with db.snapshot():
        checks = (*accounts.CHECKS, *registry.account_checks())
        return [finding for check in checks for finding in check(chunk)]


def _message_findings(depth: Depth, progress: Progress) -> Iterator[Finding]:
    checks = (*messages.ROW_CHECKS, *(messages.BYTE_CHECKS if depth is Depth.BYTES else ()))
    seen, last = 0, 0
    while chunk := _next(
        "select id from store_message where id > %s order by id limit %s", last, MESSAGES_AT_ONCE
    ):
        with db.snapshot():
            found = [finding for check in checks for finding in check(chunk)]
        yield from found
        seen, last = seen + len(chunk), chunk[-1]
        progress("messages", seen)


def _account_chunks(account_id: int | None) -> Iterator[list[int]]:
    if account_id is not None:
        yield [account_id]
        return
    last = 0
    sql: Final = "select account_id from store_account where account_id > %s order by account_id limit %s"
    while chunk := _next(sql, last, ACCOUNTS_AT_ONCE):
        yield chunk
        last = chunk[-1]


def _next(sql: str, after: int, many: int) -> list[int]:
    return [number for (number,) in db.rows(sql, (after, many))]
