"""Who sends what groups have to send; `pirab.conf` fills it, for that room lies above this one."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Courier(Protocol):
    """Sends the mail of groups; False: it could not even be handed over, and has to be tried again."""

    def send_copy(
        self, mail: bytes, author: str, reverse_path: str, forward_path: str, now: datetime
    ) -> bool:
        """Send a letter on to a member outside."""
        ...

    def send_notice(self, mail: bytes, author: str, forward_path: str, now: datetime) -> bool:
        """Send what the service itself wrote."""
        ...


_courier: list[Courier] = []


def register_courier(courier: Courier) -> None:
    """Have `courier` send from now on."""
    _courier[:] = [courier]


def courier() -> Courier:
    """Whoever sends; raises `LookupError` where nobody was registered, which is a programming error."""
    if not _courier:
        raise LookupError("no courier")
    return _courier[0]
