"""Signing in through another provider: a real one in a process of its own, and tokens that lie."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from pirab.directory.models import Person
from pirab.signin import challenges, hooks, oidc, providers, totp
from pirab.signin.errors import ChallengeRefused, NobodyMatches, ProviderFailed
from pirab.signin.models import OutsideIdentity, Provider, Session, Totp
from pirab.signin.providers import Matching, ProviderFacts, Said
from tests.conftest import Member

PID = "1101700203450"
PEOPLE: dict[str, dict[str, object]] = {
    "verified": {"email": "oidc.person@moi.go.test", "email_verified": True},
    "unverified": {"email": "oidc.person@moi.go.test", "email_verified": False},
    "text": {"email": "oidc.person@moi.go.test", "email_verified": "true"},
    "silent": {"email": "oidc.person@moi.go.test"},
    "foreign": {"email": "oidc.person@mof.go.test", "email_verified": True},
    "stranger": {"email": "nobody@moi.go.test", "email_verified": True},
    "citizen": {"pid": PID},
}


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """An OpenID provider that is not ours, running."""
    port = _port()
    people = [f"--user-claims={json.dumps({'sub': name} | claims)}" for name, claims in PEOPLE.items()]
    code = (
        "import warnings; warnings.simplefilter('ignore'); from oidc_provider_mock.__main__ import run; run()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "--port", str(port), "--require-nonce", "true", *people],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{address}/jwks", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the provider did not start")


@pytest.fixture
def official(make_member: Callable[..., Member]) -> Member:
    return make_member("oidc.person")


def facts(issuer: str, **given: Any) -> ProviderFacts:
    told: dict[str, Any] = {"client_secret": "secret-of-pirab", "domains": ("moi.go.test",)}
    return ProviderFacts("gov", "ระบบยืนยันตัวตนกลาง", "Government sign-in", issuer, "pirab", **told | given)


def leave(client: Client) -> str:
    answer = client.get("/api/v1/session/providers/gov/start")
    assert answer.status_code == 303, answer.content
    return str(answer["Location"])


def at_provider(url: str, name: str) -> str:
    """Sign in at the provider; returns the address it sends the browser to, without its host."""
    answer = httpx.post(url, data={"sub": name}, trust_env=False)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come_back(client: Client, address: str) -> HttpResponse:
    answer: HttpResponse = client.get(address)  # type: ignore[assignment]
    assert answer.status_code == 303
    return answer


def reason(answer: HttpResponse) -> str:
    return parse_qs(urlsplit(answer["Location"]).query).get("signin", ["in"])[0]


def test_somebody_signs_in_and_is_known_by_subject_afterwards(issuer: str, official: Member) -> None:
    providers.ensure_provider(facts(issuer))
    client = Client()
    assert client.get("/api/v1/session/ways").json()["providers"][0]["slug"] == "gov"
    url = leave(client)
    query = parse_qs(urlsplit(url).query)
    assert query["code_challenge_method"] == ["S256"]
    assert (len(query["state"][0]), len(query["nonce"][0])) == (43, 43)
    cookie = client.cookies["pirab_provider"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert reason(come_back(client, at_provider(url, "verified"))) == "in"
    assert client.get("/api/v1/session").json()["person"]["email"] == official.email
    Person.objects.filter(pk=official.person_id).update(login="renamed@moi.go.test")
    again = Client()
    assert reason(come_back(again, at_provider(leave(again), "verified"))) == "in"
    assert OutsideIdentity.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("unverified", "unverified"),
        ("text", "unverified"),
        ("silent", "unverified"),
        ("foreign", "foreign"),
        ("stranger", "unknown"),
        ("citizen", "unknown"),
    ],
)
def test_who_does_not_match_is_not_let_in(
    issuer: str, official: Member, make_member: Callable[..., Member], name: str, why: str
) -> None:
    make_member("oidc.person", domain="mof.go.test")
    providers.ensure_provider(facts(issuer))
    client = Client()
    assert reason(come_back(client, at_provider(leave(client), name))) == why
    assert not Session.objects.exists()
    assert not OutsideIdentity.objects.exists()


def test_a_national_id_matches_by_its_digest(issuer: str, official: Member) -> None:
    providers.ensure_provider(facts(issuer, matching=Matching.PID, pid_claim="pid", is_strong=True))
    client = Client()
    assert reason(come_back(client, at_provider(leave(client), "citizen"))) == "unknown"
    providers.record_national_id(official.person_id, "1-1017-00203-45-0")
    assert reason(come_back(client, at_provider(leave(client), "citizen"))) == "in"
    assert client.get("/api/v1/session").json()["mayAdminister"] is True


@pytest.mark.parametrize(
    "pid", ["", "1", PID[:-1], PID[:-1] + "2", PID + "0", "๑๑๐๑๗๐๐๒๐๓๔๕๐", "a" * 13, "0" * 13]
)
def test_what_is_no_national_id_matches_nobody(pid: str) -> None:
    assert not providers.is_pid(pid)
    with pytest.raises(NobodyMatches):
        providers.pid_digest(pid)


def test_the_second_factor_follows_a_provider_that_asks_for_one_proof(issuer: str, official: Member) -> None:
    totp.begin(official.person_id, official.email)
    Totp.objects.update(is_active=True)
    providers.ensure_provider(facts(issuer))
    client = Client()
    answer = come_back(client, at_provider(leave(client), "verified"))
    assert (reason(answer), parse_qs(urlsplit(answer["Location"]).query)["ways"]) == ("second", ["totp"])
    assert client.get("/api/v1/session").status_code == 401


def test_an_answer_is_good_once_and_in_its_own_browser(issuer: str, official: Member) -> None:
    providers.ensure_provider(facts(issuer))
    client, thief = Client(), Client()
    address = at_provider(leave(client), "verified")
    kept = client.cookies["pirab_provider"].value
    assert reason(come_back(thief, address)) == "failed"
    leave(thief)
    assert reason(come_back(thief, address)) == "failed"
    assert reason(come_back(client, address)) == "in"
    replay = Client()
    replay.cookies["pirab_provider"] = kept
    assert reason(come_back(replay, address)) == "failed"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("&state=forged", "failed"),
        ("&iss=https://evil.test", "failed"),
        ("&error=access_denied", "cancelled"),
        ("&error=server_error", "failed"),
        ("&code=forged", "failed"),
        ("&code=", "failed"),
    ],
)
def test_a_bent_answer_lets_nobody_in(issuer: str, official: Member, change: str, why: str) -> None:
    providers.ensure_provider(facts(issuer))
    client = Client()
    assert reason(come_back(client, at_provider(leave(client), "verified") + change)) == why
    assert client.get("/api/v1/session").status_code == 401


def test_a_provider_that_is_away_or_stopped_is_said_so(db: None, issuer: str) -> None:
    providers.ensure_provider(facts(f"http://127.0.0.1:{_port()}"))
    assert Client().get("/api/v1/session/providers/gov/start").status_code == 502
    providers.ensure_provider(facts("http://192.0.2.1:9"))
    assert Client().get("/api/v1/session/providers/gov/start").status_code == 502
    providers.ensure_provider(facts(f"{issuer}/other"))
    assert Client().get("/api/v1/session/providers/gov/start").status_code == 502
    providers.stop("gov")
    assert Client().get("/api/v1/session/providers/gov/start").status_code == 404
    assert Client().get("/api/v1/session/ways").json() == {"providers": []}


def test_a_secret_is_kept_wrapped(db: None) -> None:
    providers.ensure_provider(facts("https://id.test"))
    row = Provider.objects.get()
    assert b"secret-of-pirab" not in bytes(row.wrapped_secret or b"")
    assert providers.client_secret(row) == "secret-of-pirab"


def test_a_sealed_state_of_another_kind_is_refused(db: None) -> None:
    for cookie in ("", "x", "x" * 5000, challenges.seal("sign-in", {"state": "s", "provider": "gov"})):
        with pytest.raises(ChallengeRefused):
            oidc.come_back(cookie, {"state": "s", "code": "c"})


KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
NOW = int(time.time())
GOOD: dict[str, Any] = {
    "iss": "https://id.test",
    "aud": "pirab",
    "sub": "somebody",
    "nonce": "n",
    "iat": NOW,
    "exp": NOW + 600,
}


def token(claims: dict[str, Any], key: Any = KEY, algorithm: str = "RS256") -> str:
    header = {"alg": algorithm, "kid": "one"}
    return jwt.encode(header, claims, key, algorithms=[algorithm])


def read(text: str) -> dict[str, Any]:
    row = Provider(slug="gov", issuer="https://id.test", client_id="pirab", matching="email")
    public = KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]})
    return oidc.claims_of(row, text, "n", lambda _: public)


def test_an_honest_token_is_read() -> None:
    assert read(token(GOOD))["sub"] == "somebody"
    assert read(token(GOOD | {"aud": ["pirab", "other"], "azp": "pirab"}))["sub"] == "somebody"


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.test"},
        {"aud": "other"},
        {"aud": ["pirab", "other"]},
        {"azp": "other"},
        {"nonce": "other"},
        {"nonce": None},
        {"exp": NOW - 120},
        {"exp": "tomorrow"},
        {"iat": NOW + 900},
        {"sub": ""},
        {"sub": 7},
        {"sub": None},
    ],
)
def test_a_token_that_lies_is_refused(lie: dict[str, Any]) -> None:
    claims = {name: value for name, value in (GOOD | lie).items() if value is not None}
    with pytest.raises(ProviderFailed):
        read(token(claims))


def test_a_token_signed_by_somebody_else_is_refused() -> None:
    for forged in (
        token(GOOD, OTHER),
        _signed_with_the_public_key(GOOD),
        _unsigned(GOOD),
        token(GOOD)[:-4] + "AAAA",
        "a.b.c",
        "",
        "x" * 5000,
    ):
        with pytest.raises(ProviderFailed):
            read(forged)


def _signed_with_the_public_key(claims: dict[str, Any]) -> str:
    """As if the key that everybody knows were a shared secret."""
    signed = ".".join(_encoded(part) for part in ({"alg": "HS256", "kid": "one"}, claims))
    mac = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _unsigned(claims: dict[str, Any]) -> str:
    return ".".join(_encoded(part) for part in ({"alg": "none"}, claims)) + "."


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_two_who_come_at_once_are_one_link(member: Member, issuer: str) -> None:
    providers.ensure_provider(facts(issuer, domains=(member.email.partition("@")[2],)))
    row = providers.provider("gov")
    said = Said("s", member.email, True, None)
    assert providers.person_behind(row, said) == providers.person_behind(row, said) == member.person_id
    assert OutsideIdentity.objects.count() == 1
    for odd in ("", "x" * 300):
        with pytest.raises(NobodyMatches):
            providers.person_behind(row, Said(odd, member.email, True, None))


def test_a_stranger_is_welcomed_with_what_may_be_believed(
    issuer: str, official: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[hooks.Vouched] = []

    def welcome(vouched: hooks.Vouched) -> str:
        seen.append(vouched)
        return "/join#secret"

    monkeypatch.setattr(hooks, "_welcomers", [welcome])
    for name, matching in (
        ("stranger", Matching.EMAIL),
        ("citizen", Matching.PID),
        ("verified", Matching.PID),
    ):
        providers.ensure_provider(facts(issuer, matching=matching, pid_claim="pid"))
        client = Client()
        answer = come_back(client, at_provider(leave(client), name))
        assert answer["Location"] == f"{settings.ENVIRONMENT.public_url}/join#secret"
        assert client.get("/api/v1/session").status_code == 401
    assert [(each.email, each.pid) for each in seen] == [
        ("nobody@moi.go.test", ""),
        ("", PID),
        ("oidc.person@moi.go.test", ""),
    ]
    providers.ensure_provider(facts(issuer))
    client = Client()
    assert reason(come_back(client, at_provider(leave(client), "unverified"))) == "unverified"
    assert len(seen) == 3


@pytest.mark.parametrize("place", ["https://evil.test/", "//evil.test/", "/\\evil.test", "evil", ""])
def test_a_stranger_is_never_sent_elsewhere(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setattr(hooks, "_welcomers", [lambda vouched: place])
    assert hooks.welcome(hooks.Vouched("i", "s")) is None
