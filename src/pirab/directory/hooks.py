"""Who else wants to know of the directory's changes; `pirab.conf` fills it, so that siblings stay strangers."""

from __future__ import annotations

from collections.abc import Callable

SharingHook = Callable[[int, int], None]
"""Called with account and person inside the transaction of the change; must bear a repetition."""

_joining: list[SharingHook] = []
_leaving: list[SharingHook] = []


def register_joining(hook: SharingHook) -> None:
    """Have `hook` called when a person begins to share an account. Registering it again changes nothing."""
    if hook not in _joining:
        _joining.append(hook)


def register_leaving(hook: SharingHook) -> None:
    """Have `hook` called when a person no longer shares an account. Registering it again changes nothing."""
    if hook not in _leaving:
        _leaving.append(hook)


def tell_joining(account_id: int, person_id: int) -> None:
    """The person is new in the shared account."""
    for hook in _joining:
        hook(account_id, person_id)


def tell_leaving(account_id: int, person_id: int) -> None:
    """The person is no longer in the shared account."""
    for hook in _leaving:
        hook(account_id, person_id)
