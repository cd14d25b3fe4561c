"""The web client's sign-in: `POST`, `GET` and `DELETE /api/v1/session`."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Status
from ninja.errors import HttpError

from pirab.directory import queries
from pirab.directory.types import DutyKind, Principal, Scope
from pirab.openapi.cookies import forget_session, keep_device, keep_session
from pirab.openapi.shapes import Shape
from pirab.signin import factors, sessions, web
from pirab.signin import http as signin
from pirab.signin.errors import SignInError
from pirab.signin.types import Stage
from pirab.signin.web import Entered

router: Final = Router(tags=["session"])


class SignIn(Shape):
    """What a person types."""

    login: Annotated[str, Field(min_length=1, max_length=320)]
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class Person(Shape):
    """Who is signed in."""

    name: str
    email: str


class SecondFactor(Shape):
    """`is_enrolled`: the person has one. `is_needed`: their office demands one before any act of administration, and
    this session has not shown it."""

    is_enrolled: bool
    is_needed: bool


class Session(Shape):
    """The present session. `may_administer`: acts of administration are open to this credential. `duties`: the offices
    of administration the person holds today; `runs_service`: one of them is over every agency."""

    person: Person
    second_factor: SecondFactor
    may_administer: bool
    duties: list[DutyKind]
    runs_service: bool


class Waiting(Shape):
    """The first proof was right; one of `ways` has to follow (`POST /api/v1/session/second-factor`)."""

    needs: Literal["second_factor"] = "second_factor"
    ways: list[str]


def session_view(principal: Principal) -> Session:
    """What a page needs to know of whoever is signed in."""
    may_administer = Scope.ADMIN in principal.scopes
    duties = queries.duties_of(principal.person_id)
    return Session(
        person=Person(name=principal.name, email=principal.email),
        second_factor=SecondFactor(
            is_enrolled=factors.are_enrolled(principal.person_id),
            is_needed=not may_administer and bool(duties),
        ),
        may_administer=may_administer,
        duties=sorted({duty.kind for duty in duties}),
        runs_service=any(
            duty.kind is DutyKind.OPERATOR or (duty.kind is DutyKind.ADMINISTRATOR and duty.agency_id is None)
            for duty in duties
        ),
    )


def entered(response: HttpResponse, outcome: Entered) -> Status[Session] | Status[Waiting]:
    """Set the cookies of a browser that has come one step further; 202 while a second factor is missing."""
    response["Cache-Control"] = "no-store"
    keep_session(response, outcome.key, outcome.stage)
    if outcome.stage is Stage.SECOND_FACTOR:
        return Status(202, Waiting(ways=list(outcome.ways)))
    keep_device(response, outcome.principal.email)
    return Status(200, session_view(outcome.principal))


def require_json(request: HttpRequest) -> None:
    """A form of another site can post anywhere, but not with this content type (it would need a preflight)."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise HttpError(415, "The content type must be application/json.")


@router.post("", response={200: Session, 202: Waiting}, by_alias=True, summary="Sign in")
def sign_in(request: HttpRequest, response: HttpResponse, given: SignIn) -> Status[Session] | Status[Waiting]:
    """Start a browser session: the answer sets the session cookie, which no script can read.

    202: the password was right, and the person's second factor has to follow within ten minutes.
    """
    require_json(request)
    return entered(response, web.enter_with_password(given.login, given.password, signin.origin_of(request)))


@router.get("", response=Session, by_alias=True, summary="Who is signed in")
def who(request: HttpRequest, response: HttpResponse) -> Session:
    """The person behind the session cookie or the Authorization header; 401 when there is none."""
    response["Cache-Control"] = "no-store"
    return session_view(signin.caller_of(request).principal)


@router.delete("", response={204: None}, summary="Sign out")
def sign_out(request: HttpRequest, response: HttpResponse) -> Status[None]:
    """End the browser session. The cookie is worthless afterwards, wherever a copy of it may be."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    try:
        if key:
            signin.session_of(request)
        else:
            signin.caller_of(request)
    except SignInError:
        forget_session(response)
        raise
    if key:
        sessions.close_session(key)
    forget_session(response)
    return Status(204, None)
