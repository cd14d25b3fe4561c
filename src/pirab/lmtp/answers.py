"""What Postfix asks and what it is told: one function a map, computed from the directory and the store.

A key comes from whoever talks to Postfix. It is looked up as a value and never becomes part of an answer, a
file or an SQL text; an answer is made of words of ours, an account's number or an address as the directory
spells it.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Final

from pirab.directory import queries as directory
from pirab.lmtp.local_domains import LocalDomains
from pirab.lmtp.socketmap import Answer, Request, Status
from pirab.store import queries as store
from pirab.store.errors import AccountUnknown

NOT_FOUND: Final = Answer(Status.NOTFOUND)
_BY_MX: Final = Answer(Status.OK, "smtp:")
_CLOSED: Final = Answer(Status.OK, "error:5.7.1 Mail to the outside is switched off here")


class Outside(Enum):
    """Which domains that are not ours may be written to; the values are those of PIRAB_OUTBOUND."""

    ON = "on"
    TEST = "test"
    """Only the reserved top level .test (rfc2606#2)."""
    OFF = "off"


class Answers:
    """All maps of one installation. Database errors pass through: the caller answers TEMP."""

    def __init__(self, lmtp_socket: Path, outside: Outside) -> None:
        self._local_transport = Answer(Status.OK, f"lmtp:unix:{lmtp_socket}")
        self._outside = outside
        self._local_domains = LocalDomains(directory.is_local_domain)
        self._maps: Mapping[str, Callable[[str], Answer]] = {
            "domain": self.domain,
            "recipient": self.recipient,
            "transport": self.transport,
            "quota": self.quota,
            "senderlogin": self.sender_login,
        }

    def answer(self, request: Request) -> Answer:
        """The answer to any request; a map we do not have is a mistake in main.cf and answered PERM."""
        lookup = self._maps.get(request.map_name)
        return lookup(request.key) if lookup else Answer(Status.PERM, "no such map")

    def domain(self, key: str) -> Answer:
        """Whether mail for the domain ends here."""
        return Answer(Status.OK, "local") if self._local_domains.holds(key) else NOT_FOUND

    def recipient(self, key: str) -> Answer:
        """Whether the address takes mail. Only full addresses do: there is no catch-all."""
        if not _is_full_address(key):
            return NOT_FOUND
        found = directory.resolve_recipient(key)
        if found is None:
            group = directory.groups_at([key]).get(key)
            return Answer(Status.OK, "group") if group and group.is_active else NOT_FOUND
        return Answer(Status.OK, str(found.account_id)) if found.is_active else NOT_FOUND

    def transport(self, key: str) -> Answer:
        """Where mail for an address goes next. Postfix asks for the address, then the domain, then `*`."""
        domain = key.rpartition("@")[2]
        if not domain or domain.startswith(".") or domain == "*":
            return NOT_FOUND
        if self._local_domains.holds(domain):
            return self._local_transport
        if self._outside is Outside.TEST:
            return _BY_MX if domain.lower().rstrip(".").endswith(".test") else _CLOSED
        return _BY_MX if self._outside is Outside.ON else _CLOSED

    def quota(self, key: str) -> Answer:
        """access(5) action for a mailbox that is full (rfc3463#3.3: 4.2.2); nothing for any other."""
        found = directory.resolve_recipient(key) if _is_full_address(key) else None
        if found is None:
            return NOT_FOUND
        try:
            is_full = store.usage(found.account_id).is_full
        except AccountUnknown:
            return (
                NOT_FOUND  # an address whose store is not made yet: delivery says "later", this says nothing
            )
        return Answer(Status.OK, "452 4.2.2 Mailbox is full") if is_full else NOT_FOUND

    def sender_login(self, key: str) -> Answer:
        """The logins that may put the address into MAIL FROM on the submission port."""
        logins = directory.logins_sending_as(key) if _is_full_address(key) else []
        return Answer(Status.OK, ",".join(logins)) if logins else NOT_FOUND


def _is_full_address(key: str) -> bool:
    local, at, domain = key.rpartition("@")
    return bool(local and at and domain)
