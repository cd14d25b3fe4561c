"""How refusals are answered: problem details (rfc9457), with a type where a client has to tell them apart."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from django.http import HttpRequest, HttpResponse

from pirab.core.errors import PirabError
from pirab.core.ids import IdKind, encode_id
from pirab.directory.errors import LimitAboveParent, LimitReached
from pirab.signin import http as signin
from pirab.signin.errors import (
    AlreadyEnrolled,
    ChallengeRefused,
    CredentialError,
    ForgeryRefused,
    NotEnrolled,
    PasskeyNotFound,
    PasskeyRefused,
    PasswordRefused,
    PresenceNeeded,
    ProviderFailed,
    ProviderNotFound,
    ScopeMissing,
    SecondFactorNeeded,
    SessionNotFound,
    SignInError,
    StrongAuthNeeded,
    TokenNotFound,
    TooManyAttempts,
)

PROBLEM: Final = "application/problem+json"
TYPES: Final = "https://pirab.go.th/problems/"
"""Where the types of this service's problems begin."""

_ABOUT_CREDENTIALS: Final[tuple[tuple[type[CredentialError], int, str], ...]] = (
    (StrongAuthNeeded, 403, "strong-auth-needed"),
    (PresenceNeeded, 403, "presence-needed"),
    (ScopeMissing, 403, "scope-missing"),
    (SessionNotFound, 404, ""),
    (TokenNotFound, 404, ""),
    (PasskeyNotFound, 404, ""),
    (ProviderNotFound, 404, ""),
    (ProviderFailed, 502, "provider-failed"),
    (ChallengeRefused, 409, "challenge-refused"),
    (PasskeyRefused, 422, "passkey-refused"),
    (AlreadyEnrolled, 409, "already-enrolled"),
    (NotEnrolled, 404, "not-enrolled"),
    (PasswordRefused, 422, "password-refused"),
    (CredentialError, 422, ""),
)


def problem_type(error: Exception) -> str:
    """The URI of a kind of refusal: `AddressTaken` is `…/address-taken`."""
    return TYPES + re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()


def members_of(error: PirabError) -> dict[str, object]:
    """What a client needs beside the words: of a limit, whose it is and how high."""
    if isinstance(error, LimitReached) and error.agency_id is not None:
        return {"agencyId": encode_id(IdKind.AGENCY, error.agency_id), "most": error.most, "used": error.used}
    if isinstance(error, LimitAboveParent) and error.agency_id is not None:
        return {"agencyId": encode_id(IdKind.AGENCY, error.agency_id), "left": error.left}
    return {}


def problem(status: int, detail: str, **members: object) -> HttpResponse:
    """Problem details with `status`."""
    body = msgspec.json.encode({"type": "about:blank", "status": status, "detail": detail} | members)
    response = HttpResponse(body, content_type=PROBLEM, status=status)
    response["Cache-Control"] = "no-store"
    return response


def not_signed_in(request: HttpRequest, error: SignInError) -> HttpResponse:
    """401, 403 for a forgery, 429 with Retry-After while the brake holds."""
    if isinstance(error, TooManyAttempts):
        response = problem(429, error.message, type=f"{TYPES}too-many-attempts")
        response["Retry-After"] = str(error.retry_after)
        return response
    if isinstance(error, ForgeryRefused):
        return problem(403, error.message)
    kind = {"type": f"{TYPES}second-factor-needed"} if isinstance(error, SecondFactorNeeded) else {}
    response = problem(401, error.message, **kind)
    response["WWW-Authenticate"] = signin.challenge_for(request)
    return response


def not_with_this_credential(request: HttpRequest, error: CredentialError) -> HttpResponse:
    """What the person's means of signing in do not allow, or cannot be made into."""
    status, name = next(
        (status, name) for kind, status, name in _ABOUT_CREDENTIALS if isinstance(error, kind)
    )
    members: dict[str, object] = {"type": f"{TYPES}{name}"} if name else {}
    if isinstance(error, StrongAuthNeeded):
        members |= {"ways": list(error.ways), "mustEnrol": error.must_enrol}
    elif error.detail:
        members["reason"] = error.detail
    return problem(status, error.message, **members)
