"""Who else wants to know of mail that people send; `pirab.conf` fills it, so that siblings stay strangers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

SentListener = Callable[[int, Mapping[str, str]], None]
"""Called with the sending account and the names a person wrote to by address, in the transaction of the handing in."""

_listeners: list[SentListener] = []


def register_sent_listener(listener: SentListener) -> None:
    """Have `listener` called whenever a person hands in a letter. Registering it again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_sent(account_id: int, people: Mapping[str, str]) -> None:
    """A person has written to these people."""
    for listener in _listeners:
        listener(account_id, people)
