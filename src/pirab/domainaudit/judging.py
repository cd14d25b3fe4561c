"""What a look at the DNS says about one record: found, missing, wrong and why, or that nobody answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from pirab.domainaudit import spf
from pirab.domainaudit.asking import Names
from pirab.domainaudit.expected import House
from pirab.domainaudit.types import Answer, AnswerStatus, Record, RecordKind, RecordState, Verdict

_MOST_SEEN: Final = 5
_LONGEST_SEEN: Final = 500
_TAG: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*([^;]*?)\s*(?:;|$)")

Found = tuple[RecordState, str]
"""A state and its reason."""


def look(record: Record, house: House, names: Names) -> Verdict:
    """Ask for the record and judge what is there."""
    answer = names.ask(record.name, "A" if record.type == "CNAME" else record.type)
    if answer.status is AnswerStatus.FAILED:
        return Verdict(RecordState.UNKNOWN, answer.detail)
    if record.kind is RecordKind.SPF:
        return spf.judge(record.name, answer, house.mail_host, names)
    if record.type == "CNAME":
        return _host(record, answer, names)
    if record.type == "TXT":
        return _text(record, answer)
    state, reason = (_exchangers if record.kind is RecordKind.MX else _service)(record, answer)
    return Verdict(state, reason, _clipped(answer.values))


def _clipped(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value[:_LONGEST_SEEN] for value in values[:_MOST_SEEN])


def _text(record: Record, answer: Answer) -> Verdict:
    """The one TXT record that is meant, among whatever else the name has."""
    mark, judge = _TEXTS[record.kind]
    ours = tuple(value for value in map(_unquoted, answer.values) if mark(value))
    if not ours:
        return Verdict(RecordState.MISSING, "absent")
    state, reason = judge(record, ours)
    return Verdict(state, reason, _clipped(ours))


def _unquoted(value: str) -> str:
    """Without quotation marks that somebody typed into a form that adds its own."""
    text = value.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


def tags(text: str) -> dict[str, str]:
    """`a=b; c=d` as a mapping, names in lower case, the first of each (rfc6376#3.2)."""
    found: dict[str, str] = {}
    for match in _TAG.finditer(text):
        found.setdefault(match[1].lower(), match[2])
    return found


def _ownership(record: Record, ours: tuple[str, ...]) -> Found:
    # The token is made of lower case letters and digits, so that forms that change the case do no harm.
    wanted = record.value.lower()
    return (
        (RecordState.FOUND, "")
        if wanted in (value.lower() for value in ours)
        else (RecordState.WRONG, "other_token")
    )


def _signing_key(record: Record, ours: tuple[str, ...]) -> Found:
    if len(ours) > 1:
        return RecordState.WRONG, "twice"
    wanted, given = tags(record.value), tags(ours[0])
    if "".join(given.get("p", "").split()) != wanted["p"]:
        return RecordState.WRONG, "other_key" if given.get("p") else "revoked_key"
    if given.get("k", "rsa").lower() != wanted["k"] or given.get("v", "DKIM1") != "DKIM1":
        return RecordState.WRONG, "other_key"
    return (
        (RecordState.WRONG, "testing_key")
        if "y" in given.get("t", "").split(":")
        else (RecordState.FOUND, "")
    )


def _dmarc(record: Record, ours: tuple[str, ...]) -> Found:
    if len(ours) > 1:
        return RecordState.WRONG, "twice"  # rfc7489#6.6.3: then there is none
    asked = tags(ours[0]).get("p", "").lower()
    if asked not in ("none", "quarantine", "reject"):
        return RecordState.WRONG, "dmarc_no_policy"
    return (RecordState.WRONG, "dmarc_none") if asked == "none" else (RecordState.FOUND, "")


def _transport(record: Record, ours: tuple[str, ...]) -> Found:
    if len(ours) > 1:
        return RecordState.WRONG, "twice"  # rfc8461#3.1
    same = tags(ours[0]).get("id") == tags(record.value)["id"]
    return (RecordState.FOUND, "") if same else (RecordState.WRONG, "old_policy")


def _reports(record: Record, ours: tuple[str, ...]) -> Found:
    if len(ours) > 1:
        return RecordState.WRONG, "twice"
    return (RecordState.FOUND, "") if tags(ours[0]).get("rua") else (RecordState.WRONG, "no_reports")


def _begins(mark: str) -> Callable[[str], bool]:
    return lambda value: value.lower().replace(" ", "").startswith(mark)


_TEXTS: Final[dict[RecordKind, tuple[Callable[[str], bool], Callable[[Record, tuple[str, ...]], Found]]]] = {
    RecordKind.OWNERSHIP: (_begins("pirab-domain-verification="), _ownership),
    RecordKind.DKIM: (lambda value: "p" in tags(value), _signing_key),
    RecordKind.DMARC: (_begins("v=dmarc1"), _dmarc),
    RecordKind.MTA_STS: (_begins("v=stsv1"), _transport),
    RecordKind.TLS_RPT: (_begins("v=tlsrptv1"), _reports),
}
"""How to tell the record that is meant from its neighbours, and whether it is right."""


def _exchangers(record: Record, answer: Answer) -> Found:
    pairs = [_numbered(value) for value in answer.values]
    if not pairs:
        return RecordState.MISSING, "absent"
    ours = record.value.split()[-1].rstrip(".").lower()
    if not any(host == ours for _, host in pairs):
        return RecordState.WRONG, "mx_elsewhere"
    best = min(number for number, _ in pairs)
    if any(host != ours for number, host in pairs if number == best):
        return RecordState.WRONG, "mx_elsewhere_first"
    # A second server that is not ours takes mail without our scanners whenever it is asked first.
    return (
        (RecordState.WRONG, "mx_beside")
        if any(host != ours for _, host in pairs)
        else (RecordState.FOUND, "")
    )


def _numbered(value: str) -> tuple[int, str]:
    number, _, host = value.partition(" ")
    return int(number), host.strip().rstrip(".").lower()


def _service(record: Record, answer: Answer) -> Found:
    if not answer.values:
        return RecordState.MISSING, "absent"
    wanted = record.value.lower().split()[2:]
    right = any(value.lower().split()[2:] == wanted for value in answer.values)
    return (RecordState.FOUND, "") if right else (RecordState.WRONG, "other_service")


def _host(record: Record, answer: Answer, names: Names) -> Verdict:
    """A name that must lead to our web server: by an alias, or by the same addresses."""
    target = record.value.rstrip(".")
    alias = names.ask(record.name, "CNAME")
    if any(value.rstrip(".").lower() == target for value in alias.values):
        return Verdict(RecordState.FOUND, "", _clipped(alias.values))
    here = names.addresses(record.name)
    if not here and alias.status is not AnswerStatus.FOUND:
        unknown = AnswerStatus.FAILED in (alias.status, answer.status)
        return (
            Verdict(RecordState.UNKNOWN, "no_answer") if unknown else Verdict(RecordState.MISSING, "absent")
        )
    same = bool(here & names.addresses(target))
    seen = _clipped((*alias.values, *sorted(here)))
    return Verdict(RecordState.FOUND, "", seen) if same else Verdict(RecordState.WRONG, "other_host", seen)
