"""For people who have no account yet: `/api/v1/join/…`. Nobody is signed in here; the secret of a link is the proof.

Secrets travel in the body, never in a path, so that they stand in no log.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Status

from pirab.openapi.session import Session, Waiting, entered, require_json
from pirab.openapi.shapes import Shape
from pirab.personnel import entering, proofs, roster
from pirab.personnel.types import Names, State
from pirab.signin import http as signin
from pirab.signin import web
from pirab.signin.types import Method, Strength

router: Final = Router(tags=["joining"], by_alias=True)

Secret = Annotated[str, Field(min_length=1, max_length=64)]
Name = Annotated[str, Field(max_length=100)]
AddressText = Annotated[str, Field(min_length=1, max_length=320)]


class Link(Shape):
    """The secret of a link: what stands behind `#`."""

    link: Secret


class PersonNames(Shape):
    """What a person is called."""

    title: Name = ""
    given_th: Annotated[str, Field(min_length=1, max_length=100)]
    family_th: Name = ""
    given_en: Name = ""
    family_en: Name = ""

    def names(self) -> Names:
        """The same for personnel."""
        return Names(self.given_th, self.family_th, self.given_en, self.family_en, self.title)


class Welcome(Shape):
    """What a link is for. `offers` are addresses to choose from, the usual one first, `thaiOffers` second addresses in
    Thai script; `login` is the address of an account that is open already and only wants a password."""

    state: State
    agency_th: str
    agency_en: str
    title: str
    given_th: str
    family_th: str
    given_en: str
    family_en: str
    offers: list[str]
    thai_offers: list[str]
    login: str
    reason: str
    expires_at: datetime


class Trial(Link):
    """A password somebody thinks of."""

    password: Annotated[str, Field(max_length=4096)]
    address: Annotated[str, Field(max_length=320)] = ""


class Judgement(Shape):
    """`reason`: why the password is not good enough (`too_short`, `too_long`, `personal`, `known`), or empty."""

    reason: str


class Choice(Link):
    """`address` is one of `offers` (empty where the account is open), `thaiAddress` one of `thaiOffers` or empty;
    `password` null: a passkey is made next."""

    address: Annotated[str, Field(max_length=320)] = ""
    thai_address: Annotated[str, Field(max_length=320)] = ""
    password: Annotated[str, Field(max_length=4096)] | None = None


class MailQuestion(Shape):
    """An address at the agency."""

    address: AddressText


class Proof(Shape):
    """The secret that goes with the code in the letter."""

    proof: Secret


class Code(Proof):
    """What the letter says."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class MailRequest(Proof, PersonNames):
    """Who wants to join by the address they proved."""

    language: Annotated[str, Field(max_length=8)] = "th"


class ListRequest(Shape):
    """What somebody on a personnel list knows: the last five digits of their citizen number, their name, and the year
    of their birth in either era."""

    last_digits: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    given_th: Annotated[str, Field(min_length=1, max_length=100)]
    family_th: Name = ""
    birth_year: Annotated[int, Field(ge=1900, le=2700)]
    language: Annotated[str, Field(max_length=8)] = "th"


class Requested(Link):
    """The link to go on with; `state` tells whether somebody has to decide first."""

    state: State


@router.post("/join/welcome", response=Welcome, summary="What a link is for")
def welcome(request: HttpRequest, response: HttpResponse, given: Link) -> Welcome:
    """404 for a link that was used, withdrawn, is too old or never existed, all alike."""
    require_json(request)
    response["Cache-Control"] = "no-store"
    found = entering.welcome(given.link)
    names = {field: getattr(found.names, field) for field in Names.__struct_fields__}
    return Welcome(
        state=found.state,
        agency_th=found.agency_th,
        agency_en=found.agency_en,
        offers=list(found.offers),
        thai_offers=list(found.thai_offers),
        login=found.login,
        reason=found.reason,
        expires_at=found.expires_at,
        **names,
    )


@router.post("/join/password-check", response=Judgement, summary="Whether a password is good enough")
def check_password(request: HttpRequest, response: HttpResponse, given: Trial) -> Judgement:
    """For whoever holds a link; the password is not kept."""
    require_json(request)
    response["Cache-Control"] = "no-store"
    return Judgement(reason=entering.judge_password(given.link, given.password, given.address))


@router.post("/join/enter", response={200: Session, 202: Waiting}, summary="Open the account and sign in")
def enter(request: HttpRequest, response: HttpResponse, given: Choice) -> Status[Session] | Status[Waiting]:
    """The link is used up, and the browser is signed in. 409 where the address was taken meanwhile."""
    require_json(request)
    person = entering.enter(given.link, given.address, given.thai_address, given.password)
    origin = signin.origin_of(request)
    return entered(response, web.enter(person, Method.PASSWORD, Strength.PLAIN, origin))


@router.post("/join/mail", response={202: Proof}, summary="Ask for a code by mail")
def ask_by_mail(request: HttpRequest, response: HttpResponse, given: MailQuestion) -> Status[Proof]:
    """The answer is the same whether or not the address exists or proves anything."""
    require_json(request)
    response["Cache-Control"] = "no-store"
    return Status(202, Proof(proof=proofs.ask(given.address, signin.origin_of(request))))


@router.post("/join/mail/confirm", response={204: None}, summary="Show the code")
def confirm_mail(request: HttpRequest, given: Code) -> Status[None]:
    """422 for a code that is wrong or too old, or was never sent."""
    require_json(request)
    proofs.prove(given.proof, given.code)
    return Status(204, None)


@router.post("/join/mail/request", response={201: Requested}, summary="Ask to join by a proved address")
def request_by_mail(request: HttpRequest, response: HttpResponse, given: MailRequest) -> Status[Requested]:
    """Opens the way at once, or puts the request before the agency's administrator, as its rule says."""
    require_json(request)
    response["Cache-Control"] = "no-store"
    state, link = proofs.request(given.proof, given.names(), given.language)
    return Status(201, Requested(link=link, state=state))


@router.post("/join/list/request", response={201: Requested}, summary="Ask to join by a personnel list")
def request_by_list(request: HttpRequest, response: HttpResponse, given: ListRequest) -> Status[Requested]:
    """404 for everybody who is not on a list or has joined, alike; 429 with Retry-After for who guesses."""
    require_json(request)
    response["Cache-Control"] = "no-store"
    names = Names(given.given_th, given.family_th)
    origin = signin.origin_of(request)
    state, link = roster.request(given.last_digits, names, given.birth_year, given.language, origin)
    return Status(201, Requested(link=link, state=state))
