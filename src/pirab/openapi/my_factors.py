"""The person's own second factors: `/api/v1/me/security`, `…/totp`, `…/recovery-codes`, `…/passkeys`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Status

from pirab.core.ids import IdKind, encode_id
from pirab.openapi.keys import key_of
from pirab.openapi.session_steps import PasskeyAnswer, Question
from pirab.openapi.shapes import Shape
from pirab.signin import enrolment, factors, passkeys, stepup
from pirab.signin import http as signin
from pirab.signin.errors import PasskeyNotFound
from pirab.signin.types import Caller

router: Final = Router(tags=["sign-in"])
Name = Annotated[str, Field(min_length=1, max_length=passkeys.LONGEST_NAME)]


class MyPasskey(Shape):
    """`is_synced`: its maker keeps a copy for the person's other devices."""

    id: str
    name: str
    is_synced: bool
    created_at: datetime
    last_used_at: datetime | None


class Security(Shape):
    """How the person signs in. `recovery_codes` counts those not used yet; `is_demanded`: their office demands a second
    factor."""

    has_password: bool
    has_totp: bool
    passkeys: list[MyPasskey]
    recovery_codes: int
    is_demanded: bool


class NewTotp(Shape):
    """A secret for an authenticator app, for typing (`secret`), as a URI, and as the rows of a QR code (1 is dark)."""

    secret: str
    uri: str
    qr: list[str]


class Code(Shape):
    """Six digits from the app."""

    code: Annotated[str, Field(min_length=1, max_length=20)]


class NamedPasskey(PasskeyAnswer):
    """A new passkey and what its owner calls it."""

    name: Name


class Renamed(Shape):
    """What a passkey is called."""

    name: Name


class Enrolled(Shape):
    """`recovery_codes` are the new codes, shown this once; empty where there were some already."""

    recovery_codes: list[str]


@router.get("/security", response=Security, by_alias=True, summary="How I sign in")
def security(request: HttpRequest, response: HttpResponse) -> Security:
    """What the person has to prove themselves with."""
    person_id = signin.present_caller(request).principal.person_id
    found = factors.factors_of(person_id)
    response["Cache-Control"] = "no-store"
    return Security(
        has_password=found.password,
        has_totp=found.totp,
        passkeys=[
            MyPasskey(
                id=encode_id(IdKind.CREDENTIAL, each.id),
                name=each.name,
                is_synced=each.is_synced,
                created_at=each.created_at,
                last_used_at=each.last_used_at,
            )
            for each in passkeys.passkeys_of(person_id)
        ],
        recovery_codes=found.recovery_codes,
        is_demanded=factors.are_demanded(person_id),
    )


@router.post("/totp", response=NewTotp, by_alias=True, summary="Begin with an authenticator app")
def begin_totp(request: HttpRequest, response: HttpResponse) -> NewTotp:
    """A new secret, of no use until its first code comes back."""
    caller = _about_to_change(request)
    made = enrolment.begin_totp(caller.principal)
    response["Cache-Control"] = "no-store"
    return NewTotp(secret=made.secret, uri=made.uri, qr=list(made.qr))


@router.post("/totp/confirm", response=Enrolled, by_alias=True, summary="Show the first code of the app")
def confirm_totp(request: HttpRequest, response: HttpResponse, given: Code) -> Enrolled:
    """From now on a password is followed by a code."""
    caller = _about_to_change(request)
    codes = enrolment.confirm_totp(caller, given.code, signin.origin_of(request))
    response["Cache-Control"] = "no-store"
    return Enrolled(recovery_codes=codes)


@router.delete("/totp", response={204: None}, summary="Remove the authenticator app")
def remove_totp(request: HttpRequest) -> Status[None]:
    """Codes are no longer asked for."""
    caller = _about_to_change(request)
    enrolment.remove_totp(caller.principal.person_id, signin.origin_of(request))
    return Status(204, None)


@router.post("/recovery-codes", response=Enrolled, by_alias=True, summary="Make new recovery codes")
def renew_codes(request: HttpRequest, response: HttpResponse) -> Enrolled:
    """Ten new ones; the old ones are worthless from now on."""
    caller = _about_to_change(request)
    codes = enrolment.renew_codes(caller.principal.person_id, signin.origin_of(request))
    response["Cache-Control"] = "no-store"
    return Enrolled(recovery_codes=codes)


@router.post("/passkeys/options", response=Question, by_alias=True, summary="Begin with a new passkey")
def ask_passkey(request: HttpRequest, response: HttpResponse) -> Question:
    """A question to the authenticator that is to make it."""
    person = _about_to_change(request).principal
    asked = passkeys.ask_to_register(person.person_id, person.email, person.name)
    response["Cache-Control"] = "no-store"
    return Question(state=asked.state, options=dict(asked.options))


@router.post("/passkeys", response={201: Enrolled}, by_alias=True, summary="Add a passkey")
def add_passkey(request: HttpRequest, response: HttpResponse, made: NamedPasskey) -> Status[Enrolled]:
    """From now on it signs in alone, and may follow a password."""
    caller = _about_to_change(request)
    codes = enrolment.add_passkey(caller, made.name.strip(), made.given(), signin.origin_of(request))
    response["Cache-Control"] = "no-store"
    return Status(201, Enrolled(recovery_codes=codes))


@router.patch("/passkeys/{passkey_id}", response={204: None}, summary="Rename a passkey")
def rename_passkey(request: HttpRequest, passkey_id: str, given: Renamed) -> Status[None]:
    """What its owner calls it."""
    caller = signin.present_caller(request)
    passkeys.rename(caller.principal.person_id, _key(passkey_id), given.name.strip())
    return Status(204, None)


@router.delete("/passkeys/{passkey_id}", response={204: None}, summary="Remove a passkey")
def remove_passkey(request: HttpRequest, passkey_id: str) -> Status[None]:
    """It proves nothing any more."""
    caller = _about_to_change(request)
    enrolment.remove_passkey(
        caller.principal.person_id,
        _key(passkey_id),
        signin.origin_of(request),
    )
    return Status(204, None)


def _about_to_change(request: HttpRequest) -> Caller:
    """The person at this browser, who has proved who they are a moment ago."""
    caller = signin.present_caller(request)
    stepup.require_recent_proof(caller)
    return caller


def _key(text: str) -> int:
    return key_of(IdKind.CREDENTIAL, text, PasskeyNotFound)
