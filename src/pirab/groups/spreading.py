"""Spreading a letter over a group: once to each account here, a copy to each member outside."""

from __future__ import annotations

from typing import Final

from pirab.core import clock, db, jobs
from pirab.directory.types import Audience, GroupInfo
from pirab.groups.posting import audience_of
from pirab.groups.types import Letter
from pirab.store import actions as store
from pirab.store.arrivals import Incoming, take_in
from pirab.store.spreading import Spread
from pirab.store.types import MessageRef

COPY_TASK: Final = "groups.copy"
AT_ONCE: Final = 100
"""Members who get a letter in the transaction that took it; more get it from the worker, a moment later."""


def spread(letter: Letter, group: GroupInfo, message: MessageRef) -> None:
    """Put the letter, its list fields in place and stored as `message`, before everybody it is for.

    Part of a transaction; doing it again changes nothing.
    """
    if not _first_time(group.id, letter.fingerprint):
        return
    audience = audience_of(letter, group)
    _inside(letter, group, message, audience)
    for address in sorted(audience.outside):
        jobs.defer(
            COPY_TASK,
            message_id=message.id,
            hold_id=store.hold_message(message.id),
            author=group.address,
            reverse_path=group.address if letter.reverse_path else "",
            address=address,
        )


def _inside(letter: Letter, group: GroupInfo, message: MessageRef, audience: Audience) -> None:
    accounts = audience.account_ids
    if len(accounts) > AT_ONCE:
        store.begin_fanout(message, accounts, Spread(letter.role, frozenset(), letter.received_at))
        return
    recipients = dict.fromkeys(sorted(accounts), group.address)
    take_in(
        Incoming(message, letter.content, letter.reverse_path, letter.role, letter.received_at, recipients)
    )


def _first_time(group_id: int, fingerprint: bytes) -> bool:
    return bool(
        db.execute(
            """
            insert into groups_passed (group_id, fingerprint, passed_at) values (%s, %s, %s)
            on conflict (group_id, fingerprint) do nothing
            """,
            (group_id, fingerprint, clock.now()),
        )
    )
