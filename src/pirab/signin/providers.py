"""The identity providers that operators allow: who they are, whom they may speak for and how their people are known."""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum
from typing import Final

import msgspec
from django.conf import settings

from pirab.core import clock, db
from pirab.directory import queries as directory
from pirab.signin import sealing
from pirab.signin.errors import NobodyMatches, ProviderNotFound
from pirab.signin.hooks import Vouched
from pirab.signin.models import NationalId, OutsideIdentity, Provider

PID_DIGITS: Final = 13
_LONGEST_SUBJECT: Final = 255
_LONGEST_NAME: Final = 200


class Matching(StrEnum):
    """How somebody at a provider is found here the first time; afterwards by the provider's own subject."""

    EMAIL = "email"
    """By an address that the provider has verified, of a domain it may speak for."""
    PID = "pid"
    """By the digest of the national id number (as ThaiD gives it)."""
    LINKED = "linked"
    """Not at all: only people who were linked before."""


class ProviderFacts(msgspec.Struct, frozen=True):
    """What an operator says of a provider. `is_strong`: it asks its people for two proofs itself."""

    slug: str
    name_th: str
    name_en: str
    issuer: str
    client_id: str
    client_secret: str | None = None
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    matching: Matching = Matching.EMAIL
    domains: tuple[str, ...] = ()
    pid_claim: str = ""
    is_strong: bool = False


class Said(msgspec.Struct, frozen=True):
    """What a provider says of who has just signed in there."""

    subject: str
    email: str | None
    email_verified: bool
    pid: str | None
    name: str = ""


def ensure_provider(facts: ProviderFacts) -> int:
    """Add the provider with this slug, or change it; returns its key. Raises `SecretInvalid`."""
    key_id, wrapped = sealing.seal(facts.client_secret) if facts.client_secret else ("", None)
    row, _ = Provider.objects.update_or_create(
        slug=facts.slug,
        defaults={
            "name_th": facts.name_th,
            "name_en": facts.name_en,
            "issuer": facts.issuer,
            "client_id": facts.client_id,
            "key_id": key_id,
            "wrapped_secret": wrapped,
            "scopes": list(facts.scopes),
            "matching": facts.matching,
            "domains": [domain.lower() for domain in facts.domains],
            "pid_claim": facts.pid_claim,
            "is_strong": facts.is_strong,
            "is_active": True,
        },
    )
    return row.pk


def stop(slug: str) -> None:
    """Nobody signs in through this provider any more. Raises `ProviderNotFound`."""
    if not Provider.objects.filter(slug=slug, is_active=True).update(is_active=False):
        raise ProviderNotFound(slug)


def active() -> list[Provider]:
    """The providers that people may choose from, by their names."""
    return list(Provider.objects.filter(is_active=True).order_by("name_th"))


def provider(slug: str) -> Provider:
    """Raises `ProviderNotFound`."""
    row = Provider.objects.filter(slug=slug, is_active=True).first()
    if row is None:
        raise ProviderNotFound()
    return row


def client_secret(row: Provider) -> str | None:
    """None for a public client."""
    return None if row.wrapped_secret is None else sealing.unseal(row.key_id, bytes(row.wrapped_secret))


def person_behind(row: Provider, said: Said) -> int:
    """Whose sign-in this is; the first time, the match is remembered by the provider's subject.

    Raises `NobodyMatches`, whose detail says what was missing: `unverified`, `foreign` (a domain the provider may not
    speak for), `unknown`.
    """
    if not said.subject or len(said.subject) > _LONGEST_SUBJECT:
        raise NobodyMatches("unknown")
    now = clock.now()
    known = OutsideIdentity.objects.filter(provider=row, subject=said.subject).first()
    if known is not None:
        OutsideIdentity.objects.filter(pk=known.pk).update(last_used_at=now)
        return known.person_id
    person_id = _match(row, said)
    link, _ = OutsideIdentity.objects.get_or_create(
        provider=row,
        subject=said.subject,
        defaults={"person_id": person_id, "created_at": now, "last_used_at": now},
    )
    return link.person_id


def vouched_for(row: Provider, said: Said) -> Vouched:
    """What may be believed about somebody whom nobody here knows."""
    normal = directory.normal_form(said.email) if said.email and said.email_verified is True else None
    is_theirs = normal is not None and normal.rpartition("@")[2] in row.domains
    digits = "".join(letter for letter in said.pid or "" if letter not in " -")
    is_asked_for = row.matching == Matching.PID and is_pid(digits)
    return Vouched(
        row.issuer,
        said.subject,
        said.name[:_LONGEST_NAME],
        normal if normal is not None and is_theirs else "",
        digits if is_asked_for else "",
    )


def record_national_id(person_id: int, pid: str) -> None:
    """Let a provider that knows the number sign this person in. Raises `NobodyMatches` for what is no number."""
    NationalId.objects.update_or_create(person_id=person_id, defaults={"digest": pid_digest(pid)})


def pid_digest(pid: str) -> bytes:
    """What is kept of a national id number: only this installation can make it. Raises `NobodyMatches` for a number
    whose check digit is wrong."""
    digits = "".join(letter for letter in pid if letter not in " -")
    if not is_pid(digits):
        raise NobodyMatches("unknown")
    key = hashlib.sha256(b"national id\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, digits.encode("ascii"), hashlib.sha256)


def is_pid(digits: str) -> bool:
    """Whether these are thirteen digits of which the last is the check digit of the others."""
    if len(digits) != PID_DIGITS or not digits.isascii() or not digits.isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(13, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(digits[-1])


def _match(row: Provider, said: Said) -> int:
    match Matching(row.matching):
        case Matching.EMAIL:
            return _by_email(row, said)
        case Matching.PID:
            found = db.scalar(
                "select person_id from signin_nationalid where digest = %s", (pid_digest(said.pid or ""),)
            )
        case Matching.LINKED:
            found = None
    if found is None:
        raise NobodyMatches("unknown")
    return int(found)


def _by_email(row: Provider, said: Said) -> int:
    normal = directory.normal_form(said.email) if said.email else None
    if normal is None:
        raise NobodyMatches("unknown")
    if said.email_verified is not True:
        raise NobodyMatches("unverified")
    if normal.rpartition("@")[2] not in row.domains:
        raise NobodyMatches("foreign")
    person = directory.person_with_login(normal)
    if person is None:
        raise NobodyMatches("unknown")
    return person.id
