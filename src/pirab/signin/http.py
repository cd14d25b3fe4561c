"""Credentials in HTTP: the session cookie, `Bearer` (rfc6750#2.1) and `Basic` (rfc7617), and the challenge.

With Basic, the password may be an app password: it is tried first, since it cannot be guessed and so needs no brake.
A session shows what it proved: without a second factor it opens no act of administration.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from pirab.directory.types import ALL_SCOPES
from pirab.signin import actions, device, sessions, tokens
from pirab.signin.errors import (
    ForgeryRefused,
    NothingPresented,
    PresenceNeeded,
    SecondFactorNeeded,
    SignInRefused,
)
from pirab.signin.types import Caller, CredentialKind, Door, OpenSession, Origin, Presented, Stage

PAGE_CHALLENGE: Final = 'Bearer realm="Pirab"'
"""WWW-Authenticate for a page's own requests: it must not make the browser ask for a password."""
API_CHALLENGE: Final = f'Basic realm="Pirab", charset="UTF-8", {PAGE_CHALLENGE}'
"""WWW-Authenticate for every other client."""
OWN_PAGE_HEADER: Final = "X-Pirab-Request"
"""What the web client sends with every request and no other site's page can (CORS would ask us first)."""
_LONGEST_HEADER: Final = 4096


def caller_of(request: HttpRequest) -> Caller:
    """Who sent `request`.

    Raises as `identify` does, and `ForgeryRefused` where a cookie is the only proof of a request that changes
    something and the header that no foreign page can set is missing.
    """
    caller = identify(presented_by(request))
    changes = request.method not in ("GET", "HEAD", "OPTIONS")
    if caller.kind is CredentialKind.SESSION and changes and request.headers.get(OWN_PAGE_HEADER) != "1":
        raise ForgeryRefused()
    return caller


def present_caller(request: HttpRequest) -> Caller:
    """Who sent `request`, who must be a person at a browser: nobody changes means of signing in with a token.

    Raises as `caller_of` does, and `PresenceNeeded`.
    """
    caller = caller_of(request)
    if caller.kind is not CredentialKind.SESSION:
        raise PresenceNeeded()
    return caller


def presented_by(request: HttpRequest) -> Presented:
    """The credentials and the origin of a Django request."""
    return Presented(
        request.headers.get("Authorization"),
        request.COOKIES.get(settings.SESSION_COOKIE_NAME),
        origin_of(request),
    )


def origin_of(request: HttpRequest) -> Origin:
    """Where a Django request comes from."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    address = client_address(peer, request.headers.get("X-Forwarded-For"))
    return Origin(address, request.COOKIES.get(device.COOKIE), request.headers.get("User-Agent", ""))


def challenge_for(request: HttpRequest) -> str:
    """The WWW-Authenticate header of a 401 answer to a Django request."""
    # Browsers send Sec-Fetch-Mode with everything; other clients do not.
    is_page = "Sec-Fetch-Mode" in request.headers or OWN_PAGE_HEADER in request.headers
    return PAGE_CHALLENGE if is_page else API_CHALLENGE


def identify(presented: Presented) -> Caller:
    """Who is asking. Raises `NothingPresented`, `SignInRefused`, `SecondFactorNeeded` or `TooManyAttempts`.

    An Authorization header counts before a cookie, and a bad one is refused even beside a good cookie.
    """
    if presented.authorization is not None:
        return _from_header(presented.authorization, presented.origin)
    if presented.session_key:
        return _from_session(presented.session_key, presented.origin)
    raise NothingPresented()


def session_of(request: HttpRequest) -> OpenSession:
    """The browser session of a request at whatever stage, for the steps of signing in. Raises as `caller_of` does."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        raise NothingPresented()
    if request.headers.get(OWN_PAGE_HEADER) != "1":
        raise ForgeryRefused()
    found = sessions.find(key)
    if found is None:
        raise SignInRefused()
    return found


def client_address(peer: str, forwarded_for: str | None) -> str:
    """The client's address: the last X-Forwarded-For entry where our own proxy here wrote it, else `peer`."""
    try:
        is_proxy = not peer or ipaddress.ip_address(peer).is_loopback
        last = (forwarded_for or "").rpartition(",")[2].strip()
        return str(ipaddress.ip_address(last)) if is_proxy and last else peer
    except ValueError:
        return peer


def _from_session(key: str, origin: Origin) -> Caller:
    found = sessions.find(key)
    if found is None:
        raise SignInRefused()
    if found.stage is not Stage.OPEN:
        raise SecondFactorNeeded()
    sessions.note_use(found, origin)
    scopes = actions.PLAIN_SCOPES if found.strong_at is None else ALL_SCOPES
    return Caller(
        actions.principal_of(found.person_id, scopes),
        CredentialKind.SESSION,
        sessions.digest_of(key),
        found.id,
        found.confirmed_at,
        found.strong_at,
    )


def _from_header(header: str, origin: Origin) -> Caller:
    scheme, _, value = header.partition(" ")
    value = value.strip()
    if len(header) > _LONGEST_HEADER or not value:
        raise SignInRefused()
    match scheme.lower():
        case "bearer":
            return _from_bearer(value, origin)
        case "basic":
            return _from_basic(value, origin)
        case _:
            raise SignInRefused()


def _from_bearer(secret: str, origin: Origin) -> Caller:
    proof = tokens.prove(secret, origin)
    if proof is None:
        raise SignInRefused()
    return Caller(actions.principal_of(proof.person_id, proof.scopes), CredentialKind.TOKEN, proof.digest)


def _from_basic(value: str, origin: Origin) -> Caller:
    try:
        login, separator, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError) as error:
        raise SignInRefused() from error
    if not separator:
        raise SignInRefused()
    return actions.authenticate(login, password, origin, Door.API)
