"""App passwords and API tokens of the person: `/api/v1/me/tokens`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Status

from pirab.core.ids import IdKind, encode_id
from pirab.directory.types import Scope
from pirab.openapi.keys import key_of
from pirab.openapi.schemas import Listed
from pirab.openapi.shapes import Shape
from pirab.signin import http as signin
from pirab.signin import notices, stepup, tokens
from pirab.signin.errors import TokenInvalid, TokenNotFound
from pirab.signin.tokens import TokenOffer
from pirab.signin.types import TokenKind

router: Final = Router(tags=["sign-in"])


class Offer(Shape):
    """What is wanted. `networks` are IP networks such as `203.0.113.0/24`; empty: usable from anywhere.

    API tokens must expire within 366 days, those with the scope `admin` within 90; app passwords need not expire.
    """

    kind: TokenKind
    label: Annotated[str, Field(min_length=1, max_length=tokens.LONGEST_LABEL)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=10)]
    networks: Annotated[list[str], Field(default_factory=list, max_length=tokens.MOST_NETWORKS)]
    expires_at: datetime | None = None


class MyToken(Shape):
    """A token; `last_used_at` is exact to five minutes."""

    id: str
    kind: TokenKind
    label: str
    scopes: list[Scope]
    networks: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str


class Issued(Shape):
    """A new token. `secret` is shown this once."""

    id: str
    secret: str


@router.get("/tokens", response=Listed[MyToken], by_alias=True, summary="My app passwords and tokens")
def list_tokens(request: HttpRequest) -> dict[str, list[MyToken]]:
    """All of them, the newest first; no secret is among them."""
    caller = signin.present_caller(request)
    return {
        "items": [
            MyToken(
                id=encode_id(IdKind.CREDENTIAL, each.id),
                kind=each.kind,
                label=each.label,
                scopes=sorted(map(Scope, each.scopes)),
                networks=list(each.networks),
                created_at=each.created_at,
                expires_at=each.expires_at,
                last_used_at=each.last_used_at,
                last_used_from=each.last_used_from,
            )
            for each in tokens.tokens_of(caller.principal.person_id)
        ]
    }


@router.post("/tokens", response={201: Issued}, by_alias=True, summary="Make an app password or token")
def issue(request: HttpRequest, response: HttpResponse, offer: Offer) -> Status[Issued]:
    """Needs a proof of who is there, given in the last ten minutes; a token for administration a strong one."""
    caller = signin.present_caller(request)
    if Scope.ADMIN in offer.scopes:
        stepup.require_scope(caller, Scope.ADMIN)
        stepup.require_recent_strong_auth(caller)
    else:
        stepup.require_recent_proof(caller)
    if offer.expires_at is not None and offer.expires_at.tzinfo is None:
        raise TokenInvalid("expires_at")
    wanted = TokenOffer(
        offer.kind, offer.label.strip(), frozenset(offer.scopes), tuple(offer.networks), offer.expires_at
    )
    person_id = caller.principal.person_id
    token_id, secret = tokens.issue(person_id, wanted)
    notices.tell_change(person_id, "token", signin.origin_of(request))
    response["Cache-Control"] = "no-store"
    return Status(201, Issued(id=encode_id(IdKind.CREDENTIAL, token_id), secret=secret))


@router.delete("/tokens/{token_id}", response={204: None}, summary="Withdraw a token")
def withdraw(request: HttpRequest, token_id: str) -> Status[None]:
    """It opens nothing from now on; 404 for an unknown one and for somebody else's alike."""
    caller = signin.present_caller(request)
    tokens.withdraw(caller.principal.person_id, key_of(IdKind.CREDENTIAL, token_id, TokenNotFound))
    return Status(204, None)
