"""What joining tells the doors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Way(StrEnum):
    """How somebody came."""

    INVITATION = "invitation"
    MAIL = "mail"
    """They proved an address at the agency."""
    LIST = "list"
    """They are on the agency's personnel list."""
    PROVIDER = "provider"
    """Another identity provider said who they are (OpenID Connect)."""
    TABLE = "table"
    """Opened together with others."""


class State(StrEnum):
    """How far an enrolment is."""

    WAITING = "waiting"
    """The administrator has to decide."""
    OPEN = "open"
    """The link may be used."""
    USED = "used"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Door(StrEnum):
    """What an agency's rule says of one way in."""

    CLOSED = "closed"
    ADMINISTRATOR = "administrator"
    """Each request waits for an administrator."""
    RULE = "rule"
    """Whoever proves it is let in."""


class Names(msgspec.Struct, frozen=True):
    """What a person is called."""

    given_th: str
    family_th: str
    given_en: str = ""
    family_en: str = ""
    title: str = ""

    @property
    def full_th(self) -> str:
        return f"{self.given_th} {self.family_th}".strip()

    @property
    def full_en(self) -> str:
        return f"{self.given_en} {self.family_en}".strip()


class Newcomer(msgspec.Struct, frozen=True):
    """Whom a link is for. `local_part` "" lets them choose; `contact` is an address of theirs elsewhere, or ""."""

    agency_id: int
    names: Names
    post_id: int | None = None
    local_part: str = ""
    contact: str = ""
    language: str = "th"


class EnrolmentInfo(msgspec.Struct, frozen=True):
    """An invitation or request as administrators see it."""

    id: int
    agency_id: int
    agency_name: str
    way: Way
    state: State
    names: Names
    post_id: int | None
    local_part: str
    contact: str
    evidence: str
    reason: str
    person_id: int | None
    created_at: datetime
    expires_at: datetime


class Welcome(msgspec.Struct, frozen=True):
    """What whoever holds a link is shown. `offers` are addresses, the usual one first; `thai_offers` second addresses
    in Thai script (rfc6531); `login` is the address of somebody whose account is open already, else ""."""

    state: State
    agency_th: str
    agency_en: str
    names: Names
    offers: tuple[str, ...]
    thai_offers: tuple[str, ...]
    login: str
    reason: str
    expires_at: datetime


class Rule(msgspec.Struct, frozen=True):
    """Who may join an agency by themselves. `proof_domains`: an address there proves that one belongs to it."""

    by_mail: Door = Door.CLOSED
    by_list: Door = Door.CLOSED
    by_provider: Door = Door.CLOSED
    proof_domains: tuple[str, ...] = ()
    version: int = 0


class Claims(msgspec.Struct, frozen=True):
    """What an identity provider vouches for. `citizen_id` is thirteen digits or "" ; `email` only where the provider
    says that it is verified, else ""."""

    issuer: str
    subject: str
    email: str = ""
    citizen_id: str = ""
    names: Names = Names("", "")
