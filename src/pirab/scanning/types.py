"""The values of scanning."""

from enum import Enum

import msgspec


class Action(Enum):
    """What is to be done with a message."""

    ACCEPT = "accept"
    JUNK = "junk"
    REJECT = "reject"
    DEFER = "defer"


class ScanEnvelope(msgspec.Struct, frozen=True):
    """What the scanner should know beside the bytes; `user` is the login of a person who sends by us."""

    reverse_path: str
    forward_paths: tuple[str, ...]
    ip: str | None = None
    user: str | None = None
    helo: str | None = None
    queue_id: str | None = None


class Verdict(msgspec.Struct, frozen=True):
    """One judgement. `score` is Rspamd's sum of points, `symbols` what it saw, `reply_text` for the sender.

    `headers_to_add` stand before the message when it travels on: name and value, the value folded with CRLF.
    """

    action: Action
    score: float = 0.0
    symbols: tuple[str, ...] = ()
    reply_text: str = ""
    headers_to_add: tuple[tuple[str, str], ...] = ()
