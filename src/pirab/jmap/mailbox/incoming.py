"""Reading what a client sends about a Mailbox: a whole one to create, or a patch (rfc8621#2, rfc8620#5.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind
from pirab.jmap.context import RequestContext
from pirab.jmap.errors import SetError, invalid_properties
from pirab.jmap.mailbox.properties import COLOR, Rights, every_property, rendered, settable
from pirab.jmap.patches import checked_paths
from pirab.store.types import LabelColor, MailboxDraft, MailboxPatch, MailboxRole, MailboxRow

DEFAULTS: Final[dict[str, Any]] = {
    "parentId": None,
    "role": None,
    "sortOrder": 0,
    "isSubscribed": True,
    COLOR: None,
}
"""What a property is when a create leaves it out, or a patch sets it to null. A name has no default."""


def read_draft(context: RequestContext, given: dict[str, Any]) -> MailboxDraft:
    """The mailbox to be made. Raises `invalidProperties` naming everything that is wrong."""
    defaults = {name: DEFAULTS.get(name) for name in settable(context.using)}
    values = _checked(context, defaults | given)
    return MailboxDraft(
        values["name"],
        values["parentId"],
        values["role"],
        values["sortOrder"],
        values["isSubscribed"],
        values.get(COLOR),
    )


def read_patch(
    context: RequestContext, given: dict[str, Any], row: MailboxRow, rights: Rights
) -> MailboxPatch:
    """The change to `row`. Raises `invalidPatch` or `invalidProperties`.

    A property that only the server sets may be sent as long as it is what it is (rfc8620#5.3).
    """
    current = rendered(row, list(every_property(context.using)), rights)
    wanted: dict[str, Any] = {}
    strange: list[str] = []
    for path, value in checked_paths(given).items():
        name = path[0]
        if len(path) > 1 and not (name == "myRights" and len(path) == 2):
            raise SetError("invalidPatch", f"A Mailbox has nothing at {'/'.join(path)[:100]!r}.")
        if name in settable(context.using) and len(path) == 1:
            wanted[name] = DEFAULTS.get(name) if value is None else value
        elif _at(current, path) != value:
            strange.append(name)
    if strange:
        raise invalid_properties("Unknown, or set by the server only.", *dict.fromkeys(strange))
    return _patch(_checked(context, wanted))


def _at(current: dict[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = current
    for part in path:
        found = found.get(part, msgspec.UNSET) if isinstance(found, dict) else msgspec.UNSET
    return found


def _patch(values: dict[str, Any]) -> MailboxPatch:
    return MailboxPatch(
        name=values.get("name", msgspec.UNSET),
        parent_id=values.get("parentId", msgspec.UNSET),
        role=values.get("role", msgspec.UNSET),
        sort_order=values.get("sortOrder", msgspec.UNSET),
        is_subscribed=values.get("isSubscribed", msgspec.UNSET),
        color=values.get(COLOR, msgspec.UNSET),
    )


def _checked(context: RequestContext, given: dict[str, Any]) -> dict[str, Any]:
    """The values as the store takes them; raises `invalidProperties` with every bad name."""
    names = settable(context.using)
    bad = [name for name in given if name not in names]
    values: dict[str, Any] = {}
    for name in names:
        if name in given:
            try:
                values[name] = _READERS[name](context, given[name])
            except (ValueError, TypeError):
                bad.append(name)
    if bad:
        raise invalid_properties("Unknown, of the wrong type, or a value that is not allowed.", *bad)
    return values


def _name(context: RequestContext, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _parent(context: RequestContext, value: Any) -> int | None:
    if value is None:
        return None
    key = context.key(IdKind.MAILBOX, value) if isinstance(value, str) else None
    if key is None:
        raise ValueError("parentId")
    return key


def _role(context: RequestContext, value: Any) -> MailboxRole | None:
    return None if value is None else MailboxRole(value)


def _color(context: RequestContext, value: Any) -> LabelColor | None:
    return None if value is None else LabelColor(value)


def _order(context: RequestContext, value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError("sortOrder")
    return value


def _subscribed(context: RequestContext, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


_READERS: Final[dict[str, Callable[[RequestContext, Any], Any]]] = {
    "name": _name,
    "parentId": _parent,
    "role": _role,
    "sortOrder": _order,
    "isSubscribed": _subscribed,
    COLOR: _color,
}
