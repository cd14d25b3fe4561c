"""Questions to the DNS: the configured resolver alone, bounded in time and size, and total: an answer or why not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import dns.exception
import dns.flags
import dns.name
import dns.rdata
import dns.rdatatype
import dns.resolver
from django.conf import settings

from pirab.domainaudit.types import Answer, AnswerStatus

QUESTION_SECONDS: Final = 4.0
"""How long one question may take, its repetitions and the way by TCP included."""
LOOK_SECONDS: Final = 20.0
"""How long all questions of one `Names` may take together."""
MOST_VALUES: Final = 50
LONGEST_VALUE: Final = 4096
"""Characters of one value that are kept; a signing key has some four hundred."""
_SYSTEM_FILE: Final = Path("/etc/resolv.conf")


class Names:
    """Asks the resolver, and the same thing once: one look at a domain sees one state of it."""

    def __init__(self, servers: list[str], seconds: float = LOOK_SECONDS) -> None:
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = list(servers)
        self._resolver.timeout = QUESTION_SECONDS / 3
        self._resolver.lifetime = QUESTION_SECONDS
        self._resolver.use_edns(0, 0, 1232)
        self._deadline = time.monotonic() + seconds
        self._known: dict[tuple[str, str], Answer] = {}

    def ask(self, name: str, kind: str) -> Answer:
        """The records of type `kind` (`TXT`, `MX` …) at the absolute `name`; never raises for what others publish."""
        key = (name.lower().rstrip("."), kind)
        if key not in self._known:
            self._known[key] = self._ask(*key)
        return self._known[key]

    def addresses(self, host: str) -> frozenset[str]:
        """The A and AAAA records of a host; empty where there are none or nobody answers."""
        return frozenset(
            value
            for kind in ("A", "AAAA")
            if (answer := self.ask(host, kind)).status is AnswerStatus.FOUND
            for value in answer.values
        )

    def _ask(self, name: str, kind: str) -> Answer:
        left = self._deadline - time.monotonic()
        if not self._resolver.nameservers or left <= 0:
            return Answer(AnswerStatus.FAILED, detail="timeout" if left <= 0 else "no_resolver")
        try:
            found = self._resolver.resolve(
                dns.name.from_text(name + "."),
                kind,
                raise_on_no_answer=False,
                search=False,
                lifetime=min(left, QUESTION_SECONDS),
            )
        except dns.resolver.NXDOMAIN:
            return Answer(AnswerStatus.ABSENT)
        except dns.exception.Timeout:
            return Answer(AnswerStatus.FAILED, detail="timeout")
        except (dns.exception.DNSException, OSError, ValueError):
            # Refused, failed, a chain of aliases without an end, or octets that are no answer.
            return Answer(AnswerStatus.FAILED, detail="no_answer")
        if found.response.flags & dns.flags.TC:
            return Answer(AnswerStatus.FAILED, detail="no_answer")
        if found.rrset is None:
            return Answer(AnswerStatus.ABSENT)
        values = sorted(_shown(data)[:LONGEST_VALUE] for data in found.rrset)[:MOST_VALUES]
        return Answer(AnswerStatus.FOUND, tuple(values))


def configured() -> Names:
    """`Names` that ask the resolver of this installation (`PIRAB_RESOLV_CONF`, or the machine's)."""
    environment = settings.ENVIRONMENT
    if environment.dns == "off":
        return Names([])
    return Names(_nameservers(environment.resolv_conf or _SYSTEM_FILE))


def _nameservers(path: Path) -> list[str]:
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines]
    return [line[1] for line in words if len(line) > 1 and line[0] == "nameserver"][:3]


def _shown(data: dns.rdata.Rdata) -> str:
    if data.rdtype == dns.rdatatype.TXT:
        # rfc7208#3.3, rfc6376#3.6.2.2: the strings of one record are put together without a space.
        joined: bytes = b"".join(data.strings)  # type: ignore[attr-defined]
        text = joined.decode("utf-8", "replace")
        return "".join(character if character.isprintable() else "�" for character in text)
    return data.to_text()
