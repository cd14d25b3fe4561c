"""The table of acts that need two people; `pirab.conf` fills it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from pirab.directory.types import AdminRight


class Act(msgspec.Struct, frozen=True):
    """A dangerous act. `right` is what its proposer and its approver need on the agency it is about.

    `do` is called with the details in the transaction of the approval; a `PirabError` it raises makes the proposal
    fail, and nothing is done.
    """

    name: str
    right: AdminRight
    do: Callable[[dict[str, Any], int], None]
    """Called with the details and the key of the person who agreed."""


_ACTS: Final[dict[str, Act]] = {}


def register(act: Act) -> None:
    """Make an act known; registering one of the same name again replaces it."""
    _ACTS[act.name] = act


def find(name: str) -> Act:
    """The act of this name; raises `KeyError` for one nobody registered, which is a programming error."""
    return _ACTS[name]
