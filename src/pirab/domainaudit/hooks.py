"""Who carries notices to administrators; `pirab.conf` fills it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

NoticeHook = Callable[[int, bytes], None]
"""Brings a composed message to the person with this key; must bear a repetition."""

_carriers: Final[list[NoticeHook]] = []


def register_notice(hook: NoticeHook) -> None:
    """Have `hook` carry notices. Registering it again changes nothing."""
    if hook not in _carriers:
        _carriers.append(hook)


def carry(person_id: int, message: bytes) -> None:
    """Bring `message` to the person."""
    for hook in tuple(_carriers):
        hook(person_id, message)
