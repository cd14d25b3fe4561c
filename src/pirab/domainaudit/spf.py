"""Whether a domain's SPF record lets our server send (rfc7208): no more of SPF than that question needs."""

from __future__ import annotations

import ipaddress
from typing import Final

from pirab.domainaudit.asking import Names
from pirab.domainaudit.types import Answer, AnswerStatus, RecordState, Verdict

MOST_QUESTIONS: Final = 10
"""Terms that ask the DNS (rfc7208#4.6.4)."""
_QUALIFIERS: Final = "+-~?"


class _TooMany(Exception):
    """More questions than SPF allows."""


class _NoAnswer(Exception):
    """The DNS did not answer."""


def judge(name: str, answer: Answer, mail_host: str, names: Names) -> Verdict:
    """The verdict on the SPF record among the TXT records of `name`."""
    found = _policies(answer)
    seen = tuple(value[:300] for value in found)
    if not found:
        return Verdict(RecordState.MISSING, "absent")
    if len(found) > 1:
        return Verdict(RecordState.WRONG, "spf_twice", seen)  # rfc7208#4.5
    terms = found[0].lower().split()[1:]
    if any(term in ("all", "+all") for term in terms):
        return Verdict(RecordState.WRONG, "spf_lets_everybody", seen)
    try:
        allows = _Evaluation(mail_host, names).allows(name, found[0])
    except _TooMany:
        return Verdict(RecordState.WRONG, "spf_too_many", seen)
    except _NoAnswer:
        return Verdict(RecordState.UNKNOWN, "no_answer", seen)
    if not allows:
        return Verdict(RecordState.WRONG, "spf_without_us", seen)
    ends = any(term.endswith("all") or term.startswith("redirect=") for term in terms)
    return Verdict(RecordState.FOUND, "", seen) if ends else Verdict(RecordState.WRONG, "spf_open", seen)


def _policies(answer: Answer) -> list[str]:
    # rfc7208#4.5: the version is a word of its own.
    return [value for value in answer.values if (value.lower() + " ").startswith("v=spf1 ")]


class _Evaluation:
    """One walk through a policy and those it includes."""

    def __init__(self, mail_host: str, names: Names) -> None:
        self._host = mail_host.lower()
        self._names = names
        self._left = MOST_QUESTIONS
        self._ours = names.addresses(mail_host)

    def allows(self, name: str, policy: str) -> bool:
        """Whether our host passes `policy` of `name`. The first match decides (rfc7208#4.6.2)."""
        redirect = ""
        for term in policy.split()[1:]:
            lower = term.lower()
            if lower.startswith("redirect="):
                redirect = lower.removeprefix("redirect=")
                continue
            sign, mechanism = (lower[0], lower[1:]) if lower[0] in _QUALIFIERS else ("+", lower)
            if mechanism != "all" and self._matches(name, mechanism):
                return sign == "+"
            if mechanism == "all":
                return sign == "+"
        return self._included(redirect) if redirect else False

    def _matches(self, name: str, mechanism: str) -> bool:
        word, _, value = mechanism.partition(":")
        if word in ("ip4", "ip6"):
            return self._in_network(value)
        word, _, _prefix = word.partition("/")
        target = (value.partition("/")[0] or name).rstrip(".")
        if word == "mx":
            self._spend()
            return self._host in self._exchangers(target)
        if word == "a":
            self._spend()
            return target == self._host or bool(self._ours & self._names.addresses(target))
        if word == "include" and value:
            return self._included(value)
        return False

    def _included(self, name: str) -> bool:
        self._spend()
        answer = self._asked(name, "TXT")
        found = _policies(answer)
        return len(found) == 1 and self.allows(name, found[0])

    def _exchangers(self, name: str) -> set[str]:
        return {value.split()[-1].rstrip(".").lower() for value in self._asked(name, "MX").values}

    def _asked(self, name: str, kind: str) -> Answer:
        answer = self._names.ask(name, kind)
        if answer.status is AnswerStatus.FAILED:
            raise _NoAnswer
        return answer

    def _in_network(self, value: str) -> bool:
        try:
            network = ipaddress.ip_network(value, strict=False)
            return any(ipaddress.ip_address(address) in network for address in self._ours)
        except ValueError:
            return False

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise _TooMany
