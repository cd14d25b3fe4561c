"""The mail of groups goes out as all automatic mail does: scanned, signed, traced."""

from __future__ import annotations

from datetime import datetime

from pirab.submission.automatic import Fate, send_automatic, send_on


class GroupCourier:
    """See `pirab.groups.hooks.Courier`."""

    def send_copy(
        self, mail: bytes, author: str, reverse_path: str, forward_path: str, now: datetime
    ) -> bool:
        """What is refused has had its answer; only what could not be handed over is tried again."""
        return send_on(mail, author, reverse_path, forward_path, now) is not Fate.LATER

    def send_notice(self, mail: bytes, author: str, forward_path: str, now: datetime) -> bool:
        """As above."""
        return send_automatic(mail, author, forward_path, now) is not Fate.LATER
