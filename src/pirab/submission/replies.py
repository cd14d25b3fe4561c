"""SMTP reply lines (rfc8621#7: smtpReply), enhanced status codes, and what reports say in their words. Pure."""

from __future__ import annotations

import re
from typing import Final

from pirab.submission.states import Event
from pirab.wire.dsn import DsnAction, RecipientReport

LONGEST_REPLY: Final = 1000
"""Characters of a reply that are kept."""

_REPLY: Final = re.compile(r"[2-5][0-9]{2}(?:[ -]|$)")
_STATUS: Final = re.compile(r"\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")
_CODES: Final = {"2": "250", "4": "450", "5": "550"}
_WORDS: Final = {
    DsnAction.DELIVERED: "Delivered",
    DsnAction.RELAYED: "Relayed to a server that does not report deliveries",
    DsnAction.EXPANDED: "Passed on to the members of a list",
    DsnAction.DELAYED: "Delayed; it is tried again",
    DsnAction.FAILED: "Not delivered",
}
EVENTS: Final = {
    DsnAction.DELIVERED: Event.REPORTED_DELIVERED,
    DsnAction.RELAYED: Event.REPORTED_RELAYED,
    DsnAction.EXPANDED: Event.REPORTED_EXPANDED,
    DsnAction.DELAYED: Event.REPORTED_DELAYED,
    DsnAction.FAILED: Event.REPORTED_FAILED,
}


def one_line(text: str) -> str:
    """Words of a server on one line, cut where they are too long to be of use."""
    return " ".join(text.split())[:LONGEST_REPLY]


def reply_of(report: RecipientReport) -> str:
    """The reply line behind a report: the remote server's own where it is known, else made from the status."""
    said = one_line(report.diagnostic or "")
    if _REPLY.match(said):
        return said
    words = said or _WORDS[report.action]
    return f"{_CODES.get(report.status[:1], '550')} {report.status} {words}"[:LONGEST_REPLY]


def status_of(reply: str) -> str:
    """The enhanced status code (rfc3463) in a reply line, or the general one of its class."""
    found = _STATUS.search(reply)
    if found:
        return found[0]
    return f"{reply[:1]}.0.0" if reply[:1] in _CODES else "5.0.0"
