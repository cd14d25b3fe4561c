"""Who else wants to know of the directory's changes; `pirab.conf` fills it, so that siblings stay strangers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

SharingHook = Callable[[int, int], None]
"""Called with account and person inside the transaction of the change; must bear a repetition."""

EntryListener = Callable[[Sequence[int]], None]
"""Called with the keys of people whose directory entry shows something else now, in the transaction of the change."""

UnitListener = Callable[[int], None]
"""Called with the key of an agency whose name or place changed, in the transaction of the change: the entries of
everybody in it and below it show something else now."""

_entry_listeners: list[EntryListener] = []
_unit_listeners: list[UnitListener] = []
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


def register_entry_listener(listener: EntryListener) -> None:
    """Have `listener` called when entries of people change. Registering it again changes nothing."""
    if listener not in _entry_listeners:
        _entry_listeners.append(listener)


def register_unit_listener(listener: UnitListener) -> None:
    """Have `listener` called when an agency is renamed or moved. Registering it again changes nothing."""
    if listener not in _unit_listeners:
        _unit_listeners.append(listener)


def forget_entry_listener(listener: EntryListener) -> None:
    """Stop telling `listener`."""
    _entry_listeners.remove(listener)


def forget_unit_listener(listener: UnitListener) -> None:
    """Stop telling `listener`."""
    _unit_listeners.remove(listener)


def tell_entries(person_ids: Sequence[int]) -> None:
    """The entries of these people show something else now."""
    if person_ids:
        for listener in _entry_listeners:
            listener(person_ids)


def tell_unit(agency_id: int) -> None:
    """The agency is named otherwise or stands elsewhere now."""
    for listener in _unit_listeners:
        listener(agency_id)
