"""Signing in through another identity provider: below `/api/v1/session`."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from pirab.openapi.cookies import PROVIDER, forget_provider, keep_device, keep_provider, keep_session
from pirab.openapi.shapes import Shape
from pirab.signin import hooks, oidc, providers, web
from pirab.signin import http as signin
from pirab.signin.errors import CredentialError, NobodyMatches, ProviderFailed, SignInRefused
from pirab.signin.models import Provider
from pirab.signin.providers import Said
from pirab.signin.types import Method, Stage, Strength

router: Final = Router(tags=["session"])


class ProviderName(Shape):
    """A provider to choose."""

    slug: str
    name_th: str
    name_en: str


class Ways(Shape):
    """How a browser may begin to sign in, beside a password and a passkey."""

    providers: list[ProviderName]


@router.get("/ways", response=Ways, by_alias=True, summary="How one may sign in")
def ways(request: HttpRequest) -> Ways:
    """For the sign-in page; the same for everybody."""
    found = providers.active()
    return Ways(
        providers=[ProviderName(slug=row.slug, name_th=row.name_th, name_en=row.name_en) for row in found]
    )


@router.get("/providers/{slug}/start", response={303: None}, summary="Sign in through a provider")
def start(request: HttpRequest, response: HttpResponse, slug: str) -> Status[None]:
    """Sends the browser to the provider."""
    leaving = oidc.leave(providers.provider(slug))
    keep_provider(response, leaving.cookie)
    response["Location"] = leaving.url
    response["Cache-Control"] = "no-store"
    return Status(303, None)


@router.get("/providers/callback", response={303: None}, summary="Come back from a provider")
def come_back(request: HttpRequest, response: HttpResponse) -> Status[None]:
    """Where the provider sends the browser: into the mail, to the second factor, or to sign-in with a reason."""
    response["Cache-Control"] = "no-store"
    forget_provider(response)
    response["Location"] = _outcome(request, response)
    return Status(303, None)


def _outcome(request: HttpRequest, response: HttpResponse) -> str:
    try:
        row, said = oidc.come_back(request.COOKIES.get(PROVIDER, ""), request.GET.dict())
    except ProviderFailed as error:
        return _page(signin="cancelled" if error.detail == "cancelled" else "failed")
    except CredentialError:
        return _page(signin="failed")
    try:
        person_id = providers.person_behind(row, said)
        strength = Strength.STRONG if row.is_strong else Strength.PLAIN
        found = web.enter(person_id, Method.PROVIDER, strength, signin.origin_of(request))
    except NobodyMatches as error:
        return _stranger(row, said, error.detail or "unknown")
    except SignInRefused:
        return _page(signin="failed")
    keep_session(response, found.key, found.stage)
    if found.stage is Stage.SECOND_FACTOR:
        return _page(signin="second", ways=",".join(found.ways))
    keep_device(response, found.principal.email)
    return _page()


def _stranger(row: Provider, said: Said, why: str) -> str:
    """Where somebody goes whom nobody here knows: to a page where they may join, or back with the reason."""
    place = hooks.welcome(providers.vouched_for(row, said)) if why == "unknown" else None
    return _page(signin=why) if place is None else f"{settings.ENVIRONMENT.public_url}{place}"


def _page(**query: str) -> str:
    """An address of our own client; never one that somebody sent."""
    return f"{settings.ENVIRONMENT.public_url}/" + (f"?{urlencode(query)}" if query else "")
