"""Who carries a notice to a person; `pirab.conf` says who, so that sign-in knows nothing of mailboxes."""

from __future__ import annotations

from collections.abc import Callable

NoticeHook = Callable[[int, bytes], None]
"""Called with the person's key and a whole message (rfc5322) for them, inside the transaction of what it tells of."""

_carriers: list[NoticeHook] = []


def register_notice(hook: NoticeHook) -> None:
    """Have `hook` carry notices. Registering it again changes nothing."""
    if hook not in _carriers:
        _carriers.append(hook)


def carry(person_id: int, message: bytes) -> None:
    """Bring `message` to the person."""
    for hook in tuple(_carriers):
        hook(person_id, message)
