"""The cookies of signing in: no script reads them, no other site's page sends them."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpResponse

from pirab.signin import challenges, device, sessions
from pirab.signin.types import Stage

_PATH: Final = "/api/v1/session"
PROVIDER: Final = "pirab_provider"


def keep_session(response: HttpResponse, key: str, stage: Stage) -> None:
    """The session's key, for as long as the session lives."""
    seconds = settings.SESSION_COOKIE_AGE if stage is Stage.OPEN else sessions.SECOND_FACTOR_SECONDS
    _keep(response, settings.SESSION_COOKIE_NAME, key, seconds, "/")


def keep_device(response: HttpResponse, login: str) -> None:
    """The proof that this browser has signed in as `login` (`signin.device`)."""
    _keep(response, device.COOKIE, device.issue(login), device.LIFETIME_SECONDS, _PATH)


def forget_session(response: HttpResponse) -> None:
    """Have the browser drop the session's key."""
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Strict")


def keep_provider(response: HttpResponse, value: str) -> None:
    """What the browser brings back from an identity provider. The way back begins on the provider's page, so this
    cookie alone must travel with a link from there."""
    response.set_cookie(
        PROVIDER,
        value,
        max_age=challenges.LIFETIME_SECONDS,
        path=_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_provider(response: HttpResponse) -> None:
    """It has been brought back."""
    response.delete_cookie(PROVIDER, path=_PATH, samesite="Lax")


def _keep(response: HttpResponse, name: str, value: str, lifetime_seconds: int, path: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=lifetime_seconds,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
