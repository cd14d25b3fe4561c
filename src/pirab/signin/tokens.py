"""App passwords and API tokens: issued, listed, withdrawn, and what one of them proves.

A secret is shown once. An app password is twenty letters of base 32 (100 bits) that somebody can type; an API token
is 256 bits behind a mark that tells scanners of source code what it is. Neither can be guessed, so neither is braked,
and one round of SHA-256 is enough to keep them.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from pirab.core import clock, db
from pirab.directory.types import ALL_SCOPES, Scope
from pirab.signin.errors import TokenInvalid, TokenNotFound, TooManyTokens
from pirab.signin.models import Token
from pirab.signin.types import Origin, TokenKind, TokenView

MOST: Final = 50
"""Tokens that a person may have."""
LONGEST_LIFE: Final = timedelta(days=366)
LONGEST_ADMIN_LIFE: Final = timedelta(days=90)
LONGEST_LABEL: Final = 100
MOST_NETWORKS: Final = 20
USED_EVERY: Final = timedelta(minutes=5)
"""How exact the last use is: programs sign in many times a minute, and a write each would be waste."""
_API_MARK: Final = "pirab_"
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""Base 32 without the letters that look like others in print."""
_LONGEST_SECRET: Final = 1024


class TokenOffer(msgspec.Struct, frozen=True):
    """What somebody asks for. `networks` are IP networks (rfc4632, rfc4291), empty for anywhere."""

    kind: TokenKind
    label: str
    scopes: frozenset[Scope]
    networks: tuple[str, ...] = ()
    expires_at: datetime | None = None


class Proof(msgspec.Struct, frozen=True):
    """What a token proves: whose it is and what it may be used for. `is_news`: it was not used in the last minutes."""

    person_id: int
    scopes: frozenset[Scope]
    digest: bytes
    is_news: bool


def issue(person_id: int, offer: TokenOffer) -> tuple[int, str]:
    """A new token: its key and its secret, which is never seen again.

    Raises `TokenInvalid` with what is wrong with the offer, `TooManyTokens`.
    """
    networks = _checked(offer)
    secret = _secret_for(offer.kind)
    with db.transaction():
        db.execute("select id from directory_person where id = %s for update", (person_id,))
        if Token.objects.filter(person_id=person_id).count() >= MOST:
            raise TooManyTokens()
        row = _keep(person_id, secret, offer, networks)
    return row.pk, secret


def issue_token(person_id: int, label: str, expires_at: datetime | None = None) -> str:
    """A bearer token for everything the person may do, for the operator's own tools and for tests."""
    offer = TokenOffer(TokenKind.API, label, ALL_SCOPES, (), expires_at)
    secret = _secret_for(TokenKind.API)
    _keep(person_id, secret, offer, ())
    return secret


def record_token(person_id: int, secret: str, label: str, scopes: Iterable[Scope] = ALL_SCOPES) -> None:
    """Accept a secret made elsewhere; a label is used once a person, so a new one replaces the old one."""
    digest = _digest(secret)
    with db.transaction():
        Token.objects.filter(person_id=person_id, label=label).exclude(digest=digest).delete()
        Token.objects.update_or_create(
            digest=digest,
            defaults={
                "person_id": person_id,
                "kind": TokenKind.API,
                "label": label,
                "scopes": sorted(scopes),
                "created_at": clock.now(),
            },
        )


def withdraw(person_id: int, token_id: int) -> None:
    """The token opens nothing any more. Raises `TokenNotFound`, also for somebody else's."""
    if not Token.objects.filter(pk=token_id, person_id=person_id).delete()[0]:
        raise TokenNotFound()


def tokens_of(person_id: int) -> list[TokenView]:
    """The person's tokens, the newest first, the expired ones too: they are theirs to remove."""
    return [
        TokenView(
            row.pk,
            TokenKind(row.kind),
            row.label,
            frozenset(row.scopes),
            tuple(row.networks),
            row.created_at,
            row.expires_at,
            row.last_used_at,
            row.last_used_from,
        )
        for row in Token.objects.filter(person_id=person_id).order_by("-pk")
    ]


def prove(secret: str, origin: Origin) -> Proof | None:
    """What `secret` proves from there; None when it is no token, expired, or not for use from that network."""
    if len(secret) > _LONGEST_SECRET:
        return None
    now = clock.now()
    found = db.row(_PROVE, ([_digest(secret), _digest(_as_typed(secret))], now))
    if found is None:
        return None
    token_id, person_id, digest, scopes, networks, last_used_at = found
    if not _is_within(origin.address, networks):
        return None
    is_news = last_used_at is None or now - last_used_at >= USED_EVERY
    if is_news:
        db.execute(_USED, (now, origin.address[:100], token_id, last_used_at))
    return Proof(person_id, frozenset(map(Scope, scopes)), bytes(digest), is_news)


_PROVE: Final = """
    select id, person_id, digest, scopes, networks, last_used_at from signin_token
     where digest = any(%s) and (expires_at is null or expires_at > %s)
"""
_USED: Final = """
    update signin_token set last_used_at = %s, last_used_from = %s
     where id = %s and last_used_at is not distinct from %s
"""


def _keep(person_id: int, secret: str, offer: TokenOffer, networks: Collection[str]) -> Token:
    return Token.objects.create(
        person_id=person_id,
        kind=offer.kind,
        digest=_digest(secret),
        label=offer.label,
        scopes=sorted(offer.scopes),
        networks=list(networks),
        created_at=clock.now(),
        expires_at=offer.expires_at,
    )


def _checked(offer: TokenOffer) -> list[str]:
    """The networks in their normal form; raises `TokenInvalid`."""
    now = clock.now()
    if not offer.label.strip() or len(offer.label) > LONGEST_LABEL:
        raise TokenInvalid("label")
    if not offer.scopes:
        raise TokenInvalid("scopes")
    life = LONGEST_ADMIN_LIFE if Scope.ADMIN in offer.scopes else LONGEST_LIFE
    must_expire = offer.kind is TokenKind.API or Scope.ADMIN in offer.scopes
    if offer.expires_at is None and must_expire:
        raise TokenInvalid("expires_at")
    if offer.expires_at is not None and not now < offer.expires_at <= now + life:
        raise TokenInvalid("expires_at")
    if len(offer.networks) > MOST_NETWORKS:
        raise TokenInvalid("networks")
    try:
        return [str(ipaddress.ip_network(network, strict=False)) for network in offer.networks]
    except ValueError as error:
        raise TokenInvalid("networks") from error


def _is_within(address: str, networks: Collection[str]) -> bool:
    if not networks:
        return True
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in ipaddress.ip_network(network) for network in networks)


def _secret_for(kind: TokenKind) -> str:
    if kind is TokenKind.API:
        return _API_MARK + secrets.token_urlsafe(32)
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def _as_typed(secret: str) -> str:
    """An app password as it was issued, however it was typed: case, spaces and hyphens do not matter."""
    letters = "".join(letter for letter in secret.lower() if letter in _LETTERS)
    return "-".join(letters[start : start + 5] for start in range(0, len(letters), 5))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
