"""What a Quota looks like from outside (rfc9425#4). An account has one: octets of everything it holds.

The state string is made of the numbers themselves. A state is then as old as what it says: when the account holds
what it held before, it is in the state it was in before, and nothing has changed for whoever knew that one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.errors import MethodError
from pirab.store.quota_levels import SOFT_PERCENT, WARN_PERCENT
from pirab.store.types import Usage

NAME: Final = "Mail"
TYPES: Final = ("Email",)
SCOPE: Final = "account"
RESOURCE: Final = "octets"
_DESCRIPTION: Final = (
    "พื้นที่จดหมายทั้งหมดของบัญชี เต็มแล้วยังอ่าน ย้าย และลบได้ · All mail of the account. When full, mail can still be read, "
    "moved and deleted."
)
_STATE: Final = re.compile(r"(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})", re.ASCII)

_VALUES: Final[dict[str, Callable[[int, Usage], Any]]] = {
    "id": lambda account, _: quota_id(account),
    "resourceType": lambda *_: RESOURCE,
    "used": lambda _, usage: max(usage.used_bytes, 0),
    "hardLimit": lambda _, usage: usage.quota_bytes,
    "scope": lambda *_: SCOPE,
    "name": lambda *_: NAME,
    "types": lambda *_: list(TYPES),
    "warnLimit": lambda _, usage: usage.quota_bytes * WARN_PERCENT // 100,
    "softLimit": lambda _, usage: usage.quota_bytes * SOFT_PERCENT // 100,
    "description": lambda *_: _DESCRIPTION,
}
PROPERTIES: Final = tuple(_VALUES)


def quota_id(account: int) -> str:
    """The id of the account's Quota."""
    return encode_id(IdKind.QUOTA, account)


def quota_state(usage: Usage) -> str:
    """The state of the account's Quota."""
    return f"{max(usage.used_bytes, 0)}-{usage.quota_bytes}"


def known_numbers(state: str) -> tuple[int, int]:
    """Used octets and hard limit in a state; raises `cannotCalculateChanges` for what no state is."""
    match = _STATE.fullmatch(state)
    if match is None:
        raise MethodError("cannotCalculateChanges", "This state was not issued by the server.")
    return int(match[1]), int(match[2])


def render(account: int, usage: Usage, names: list[str]) -> dict[str, Any]:
    """The Quota with the properties in `names`."""
    return {name: _VALUES[name](account, usage) for name in names}
