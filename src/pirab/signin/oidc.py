"""Signing in through another provider: OpenID Connect's code flow with PKCE (openid-connect-core-1_0#CodeFlowSteps).

The browser carries a sealed cookie with the state, the nonce and the verifier between leaving and coming back; nothing
is kept here meanwhile. A provider is found by its discovery document; only what operators configured is ever asked.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from enum import Enum
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pirab.core.log import get_logger
from pirab.signin import challenges, providers
from pirab.signin.errors import ChallengeRefused, ProviderFailed
from pirab.signin.models import Provider
from pirab.signin.providers import Said

PURPOSE: Final = "oidc"
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that are believed: none with a shared key, and not "none"."""
LEEWAY_SECONDS: Final = 60
KEEP_SECONDS: Final = 3600
"""How long a provider's documents are kept."""
_LONGEST_ANSWER: Final = 1_000_000
_log = get_logger(__name__)


class Freshness(Enum):
    """How many seconds old a provider's keys may be: a forged token must not make us ask at every try."""

    KNOWN = KEEP_SECONDS
    ANEW = 30


class Leaving(msgspec.Struct, frozen=True):
    """Where the browser goes, and what it brings back in a cookie."""

    url: str
    cookie: str


class _Document(msgspec.Struct, frozen=True):
    content: dict[str, Any]
    read_at: float


_documents: dict[str, _Document] = {}
_guard: Final = threading.Lock()


def leave(row: Provider) -> Leaving:
    """Send the browser to the provider. Raises `ProviderFailed` when it cannot be reached."""
    meta = _metadata(row)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": row.client_id,
        "redirect_uri": redirect_uri(),
        "scope": " ".join(row.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    target = _endpoint(meta, "authorization_endpoint")
    sealed = challenges.seal(
        PURPOSE, {"provider": row.slug, "state": state, "nonce": nonce, "verifier": verifier}
    )
    return Leaving(f"{target}{'&' if '?' in target else '?'}{urlencode(query)}", sealed)


def come_back(cookie: str, given: dict[str, str]) -> tuple[Provider, Said]:
    """Who the provider says has signed in; `given` is the query it sent the browser back with.

    Raises `ChallengeRefused` (a state that is not this browser's, or was used), `ProviderNotFound`, `ProviderFailed`
    with `cancelled` where the person refused there.
    """
    kept = challenges.unseal(PURPOSE, cookie)
    if not secrets.compare_digest(given.get("state", "").encode(), kept["state"].encode()):
        raise ChallengeRefused()
    challenges.spend(cookie)
    row = providers.provider(kept["provider"])
    # A provider that names itself must be the one the browser was sent to (rfc9207#2.4).
    if given.get("iss", row.issuer) != row.issuer:
        raise ProviderFailed("issuer")
    if "error" in given or not given.get("code"):
        raise ProviderFailed("cancelled" if given.get("error") == "access_denied" else "refused")
    return row, _said(row, given["code"], kept["verifier"], kept["nonce"])


def redirect_uri() -> str:
    """Where providers send browsers back to; has to be registered with each of them."""
    return f"{settings.ENVIRONMENT.public_url}/api/v1/session/providers/callback"


def _said(row: Provider, code: str, verifier: str, nonce: str) -> Said:
    meta = _metadata(row)
    answer = _exchange(row, meta, code, verifier)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderFailed("token")
    claims = claims_of(row, token, nonce, lambda freshness: _keys(meta, freshness))
    if _lacks(row, claims) and "userinfo_endpoint" in meta and isinstance(answer.get("access_token"), str):
        more = _ask(_endpoint(meta, "userinfo_endpoint"), answer["access_token"])
        if more.get("sub") == claims["sub"]:
            claims = more | claims
    pid = claims.get(row.pid_claim) if row.pid_claim else None
    email = claims.get("email")
    return Said(
        str(claims["sub"]),
        email if isinstance(email, str) else None,
        claims.get("email_verified") is True,
        pid if isinstance(pid, str) else None,
        name if isinstance(name := claims.get("name"), str) else "",
    )


def _lacks(row: Provider, claims: dict[str, Any]) -> bool:
    wanted = row.pid_claim if row.matching == providers.Matching.PID else "email"
    return wanted not in claims


def claims_of(row: Provider, token: str, nonce: str, keys: Callable[[Freshness], KeySet]) -> dict[str, Any]:
    """The claims of an ID token that is the provider's, for us, for this browser and for now.

    `keys` gives the provider's key set, as it is known or read anew. Raises `ProviderFailed`
    (openid-connect-core-1_0#IDTokenValidation).
    """
    try:
        try:
            decoded = jwt.decode(token, keys(Freshness.KNOWN), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError):
            # The provider may have new keys.
            decoded = jwt.decode(token, keys(Freshness.ANEW), algorithms=list(ALGORITHMS))
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": row.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": row.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(decoded.claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        _log.warning("signin.id_token_refused", provider=row.slug, error=type(error).__name__)
        raise ProviderFailed("token") from error
    claims: dict[str, Any] = decoded.claims
    others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if (len(others) > 1 or "azp" in claims) and claims.get("azp") != row.client_id:
        raise ProviderFailed("token")
    if not isinstance(claims["sub"], str):
        raise ProviderFailed("token")
    return claims


def _exchange(row: Provider, meta: dict[str, Any], code: str, verifier: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(),
        "code_verifier": verifier,
    }
    secret = providers.client_secret(row)
    methods = meta.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    auth = None
    if secret is None:
        form["client_id"] = row.client_id
    elif "client_secret_basic" in methods:
        auth = httpx.BasicAuth(row.client_id, secret)
    else:
        form |= {"client_id": row.client_id, "client_secret": secret}
    return _call("POST", _endpoint(meta, "token_endpoint"), data=form, auth=auth)


def _ask(url: str, access_token: str) -> dict[str, Any]:
    return _call("GET", url, headers={"Authorization": f"Bearer {access_token}"})


def _metadata(row: Provider) -> dict[str, Any]:
    meta = _document(f"{row.issuer.rstrip('/')}/.well-known/openid-configuration", KEEP_SECONDS)
    if meta.get("issuer") != row.issuer:
        raise ProviderFailed("issuer")
    return meta


def _keys(meta: dict[str, Any], freshness: Freshness) -> KeySet:
    found = _document(_endpoint(meta, "jwks_uri"), freshness.value)
    return KeySet.import_key_set(found)  # type: ignore[arg-type]


def _endpoint(meta: dict[str, Any], name: str) -> str:
    url = meta.get(name)
    if not isinstance(url, str) or not _is_safe(url):
        raise ProviderFailed(name)
    return url


def _is_safe(url: str) -> bool:
    """https, or anything on this machine in development."""
    parts = urlsplit(url)
    is_near = not settings.ENVIRONMENT.is_production and parts.hostname in ("127.0.0.1", "localhost")
    return parts.scheme == "https" or (parts.scheme == "http" and is_near)


def _document(url: str, keep_seconds: float) -> dict[str, Any]:
    with _guard:
        known = _documents.get(url)
        if known is not None and time.monotonic() - known.read_at < keep_seconds:
            return known.content
    content = _call("GET", url)
    with _guard:
        _documents[url] = _Document(content, time.monotonic())
    return content


def _call(method: str, url: str, **options: Any) -> dict[str, Any]:
    """One request whose answer is a JSON object; no redirects, ten seconds, a megabyte."""
    if not _is_safe(url):
        raise ProviderFailed("address")
    try:
        with (
            httpx.Client(timeout=10.0, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, **options) as response,
        ):
            body = b""
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _LONGEST_ANSWER:
                    raise ProviderFailed("answer")
        if response.status_code != 200:
            raise ProviderFailed("answer")
        return msgspec.json.decode(body, type=dict[str, Any])
    except (httpx.HTTPError, msgspec.MsgspecError, ValueError) as error:
        _log.warning("signin.provider_away", url=url, error=type(error).__name__)
        raise ProviderFailed("away") from error
