"""The web client's sign-in: `POST`, `GET` and `DELETE /api/v1/session`."""

from __future__ import annotations

from typing import Annotated, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from pirab.directory.types import Principal
from pirab.signin import actions, device
from pirab.signin import http as signin
from pirab.signin.errors import SignInError

router: Final = Router(tags=["session"])
_PATH: Final = "/api/v1/session"


class SignIn(Schema):
    """What a person types."""

    login: Annotated[str, Field(min_length=1, max_length=320)]
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class Person(Schema):
    """Who is signed in."""

    name: str
    email: str


class Session(Schema):
    """The present session."""

    person: Person


def _session(principal: Principal) -> Session:
    return Session(person=Person(name=principal.name, email=principal.email))


@router.post("", response=Session, summary="Sign in")
def sign_in(request: HttpRequest, response: HttpResponse, given: SignIn) -> Session:
    """Start a browser session: the answer sets the session cookie, which no script can read."""
    # A form of another site can post anywhere, but not with this content type (it would need a preflight).
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise HttpError(415, "The content type must be application/json.")
    principal = actions.sign_in(given.login, given.password, signin.origin_of(request))
    _set_cookie(
        response,
        settings.SESSION_COOKIE_NAME,
        actions.open_session(principal.person_id),
        settings.SESSION_COOKIE_AGE,
        "/",
    )
    _set_cookie(response, device.COOKIE, device.issue(principal.email), device.LIFETIME_SECONDS, _PATH)
    response["Cache-Control"] = "no-store"
    return _session(principal)


@router.get("", response=Session, summary="Who is signed in")
def who(request: HttpRequest, response: HttpResponse) -> Session:
    """The person behind the session cookie or the Authorization header; 401 when there is none."""
    response["Cache-Control"] = "no-store"
    return _session(signin.caller_of(request).principal)


@router.delete("", response={204: None}, summary="Sign out")
def sign_out(request: HttpRequest, response: HttpResponse) -> Status[None]:
    """End the browser session. The cookie is worthless afterwards, wherever a copy of it may be."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    try:
        signin.caller_of(request)
    except SignInError:
        response.delete_cookie(settings.SESSION_COOKIE_NAME)
        raise
    if key:
        actions.close_session(key)
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Strict")
    return Status(204, None)


def _set_cookie(response: HttpResponse, name: str, value: str, lifetime_seconds: int, path: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=lifetime_seconds,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
