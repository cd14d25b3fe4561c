"""Signing in with a passkey, the second factor, and confirming who is there: below `/api/v1/session`."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Status
from pydantic import JsonValue

from pirab.openapi.session import Session, Waiting, entered, require_json, session_view
from pirab.openapi.shapes import Shape
from pirab.signin import actions, passkeys, proving, sessions, web
from pirab.signin import http as signin
from pirab.signin.errors import SignInRefused
from pirab.signin.passkey_types import Given
from pirab.signin.proving import Proof, Way
from pirab.signin.types import Method, Stage, Strength

router: Final = Router(tags=["session"])
_ALONE: Final = "sign-in"
_LONGEST_STATE: Final = 2000


class Question(Shape):
    """`options` are for `PublicKeyCredential.parseRequestOptionsFromJSON` or `parseCreationOptionsFromJSON`; `state`
    comes back with the answer within ten minutes."""

    state: str
    options: dict[str, Any]


class PasskeyAnswer(Shape):
    """`credential` is what `PublicKeyCredential.toJSON()` gives."""

    state: Annotated[str, Field(max_length=_LONGEST_STATE)]
    credential: dict[str, JsonValue]

    def given(self) -> Given:
        """The same for sign-in."""
        return Given(self.state, self.credential)


class Shown(Shape):
    """What is shown: `secret` is a code, or the password where that is asked for; `passkey` is a passkey's answer."""

    way: Way
    secret: Annotated[str, Field(max_length=1024)] = ""
    passkey: PasskeyAnswer | None = None

    def proof(self) -> Proof:
        """The same for sign-in."""
        return Proof(self.way, self.secret, None if self.passkey is None else self.passkey.given())


@router.post("/passkey/options", response=Question, by_alias=True, summary="Begin with a passkey")
def ask_passkey(request: HttpRequest, response: HttpResponse) -> Question:
    """A question that any passkey of this service may answer. Nothing is kept of it here."""
    response["Cache-Control"] = "no-store"
    asked = passkeys.ask(_ALONE, None)
    return Question(state=asked.state, options=dict(asked.options))


@router.post("/passkey", response={200: Session}, by_alias=True, summary="Sign in with a passkey")
def sign_in(
    request: HttpRequest, response: HttpResponse, answer: PasskeyAnswer
) -> Status[Session] | Status[Waiting]:
    """The passkey alone signs in, for it has asked for a PIN or a finger."""
    require_json(request)
    proof = passkeys.prove(_ALONE, answer.given(), None)
    return entered(
        response, web.enter(proof.person_id, Method.PASSKEY, Strength.STRONG, signin.origin_of(request))
    )


@router.post(
    "/second-factor/options",
    response=Question,
    by_alias=True,
    summary="A passkey as second factor",
)
def ask_second(request: HttpRequest, response: HttpResponse) -> Question:
    """For a session that waits for its second factor: a question to the person's own passkeys."""
    session = signin.session_of(request)
    if session.stage is not Stage.SECOND_FACTOR:
        raise SignInRefused()
    response["Cache-Control"] = "no-store"
    asked = passkeys.ask(proving.SECOND_FACTOR, session.person_id, session.id)
    return Question(state=asked.state, options=dict(asked.options))


@router.post("/second-factor", response={200: Session}, by_alias=True, summary="Show the second factor")
def show_second(
    request: HttpRequest, response: HttpResponse, shown: Shown
) -> Status[Session] | Status[Waiting]:
    """Opens the session, under a new cookie."""
    session, origin = signin.session_of(request), signin.origin_of(request)
    if session.stage is not Stage.SECOND_FACTOR:
        raise SignInRefused()
    person = actions.principal_of(session.person_id, actions.PLAIN_SCOPES)
    method = proving.prove_second(person, session.id, proving.SECOND_FACTOR, shown.proof(), origin)
    return entered(response, web.complete(session, method, origin))


@router.post("/confirm/options", response=Question, by_alias=True, summary="Begin to confirm with a passkey")
def ask_confirm(request: HttpRequest, response: HttpResponse) -> Question:
    """A question to the passkeys of the person who is signed in."""
    caller = signin.present_caller(request)
    response["Cache-Control"] = "no-store"
    asked = passkeys.ask(proving.CONFIRM, caller.principal.person_id, caller.session_id)
    return Question(state=asked.state, options=dict(asked.options))


@router.post("/confirm", response=Session, by_alias=True, summary="Confirm who is there")
def confirm(request: HttpRequest, response: HttpResponse, shown: Shown) -> Session:
    """What a refusal with the type `strong-auth-needed` asks for; good for ten minutes in this browser."""
    caller = signin.present_caller(request)
    session = signin.session_of(request)
    strength = proving.confirm(caller.principal, session.id, shown.proof(), signin.origin_of(request))
    sessions.confirm(session.id, strength)
    response["Cache-Control"] = "no-store"
    return session_view(signin.caller_of(request).principal)
