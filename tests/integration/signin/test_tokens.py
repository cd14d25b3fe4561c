"""App passwords and API tokens: what they open, from where, until when, and who may make them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from pirab.core import clock
from pirab.directory import actions as directory
from pirab.directory import authority, policy
from pirab.directory.types import ALL_SCOPES, DutyKind, Right, Scope
from pirab.signin import actions, stepup, throttle, tokens
from pirab.signin.errors import (
    ScopeMissing,
    SignInRefused,
    StrongAuthNeeded,
    TokenInvalid,
    TooManyAttempts,
    TooManyTokens,
)
from pirab.signin.http import identify
from pirab.signin.models import Session, SignIn, Token
from pirab.signin.tokens import TokenOffer
from pirab.signin.types import Caller, Door, Origin, Presented, Strength, TokenKind
from tests.conftest import Member
from tests.integration.signin.browsers import Browser, signed_in

HERE = Origin("203.0.113.7")
MAIL = frozenset({Scope.MAIL, Scope.SUBMIT})


def issue(member: Member, kind: TokenKind = TokenKind.APP_PASSWORD, **given: Any) -> str:
    offer: dict[str, Any] = {"scopes": MAIL} | given
    return tokens.issue(member.person_id, TokenOffer(kind, "โทรศัพท์", **offer))[1]


def caller(member: Member, secret: str, origin: Origin = HERE) -> Caller:
    basic = base64.b64encode(f"{member.email}:{secret}".encode()).decode()
    return identify(Presented(f"Basic {basic}", None, origin))


def test_an_app_password_works_however_it_is_typed(member: Member) -> None:
    secret = issue(member)
    assert len(secret) == 23
    for typed in (secret, secret.upper(), secret.replace("-", ""), f" {secret.replace('-', ' ')} "):
        assert caller(member, typed).principal.person_id == member.person_id
    assert secret.encode() not in bytes(Token.objects.latest("pk").digest)


def test_an_app_password_is_no_way_into_somebody_elses_mail(member: Member, stranger: Member) -> None:
    with pytest.raises(SignInRefused):
        caller(stranger, issue(member))


@pytest.mark.parametrize("odd", ["", "-", "a" * 20, "x" * 5000, "\ud800", "\0", "ก" * 20])
def test_an_odd_secret_is_nobodys(member: Member, odd: str) -> None:
    issue(member)
    assert tokens.prove(odd, HERE) is None


def test_a_token_ends(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = issue(member, TokenKind.API, expires_at=clock.now() + timedelta(hours=1))
    assert tokens.prove(secret, HERE) is not None
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert tokens.prove(secret, HERE) is None


@pytest.mark.parametrize(
    ("networks", "address", "opens"),
    [
        (("203.0.113.0/24",), "203.0.113.7", True),
        (("203.0.113.0/24",), "::ffff:203.0.113.7", True),
        (("203.0.113.0/24",), "203.0.114.7", False),
        (("203.0.113.9/32", "2001:db8::/32"), "2001:db8::1", True),
        (("2001:db8::/32",), "203.0.113.7", False),
        (("203.0.113.0/24",), "", False),
        (("203.0.113.0/24",), "unknown", False),
    ],
)
def test_a_token_is_for_its_networks(
    member: Member, networks: tuple[str, ...], address: str, opens: bool
) -> None:
    secret = issue(member, networks=networks)
    assert (tokens.prove(secret, Origin(address)) is not None) is opens


def test_a_withdrawn_token_is_dead_at_once(member: Member) -> None:
    browser = signed_in(member)
    made = browser.ask(
        "POST", "/me/tokens", {"kind": "app_password", "label": "Thunderbird", "scopes": ["mail"]}, 201
    )
    assert tokens.prove(made["secret"], HERE) is not None
    browser.ask("DELETE", f"/me/tokens/{made['id']}", status=204)
    assert tokens.prove(made["secret"], HERE) is None
    assert browser.call("DELETE", f"/me/tokens/{made['id']}").status_code == 404


def test_a_token_is_listed_for_its_owner_only_and_without_its_secret(
    member: Member, stranger: Member
) -> None:
    browser = signed_in(member)
    secret = issue(member)
    tokens.prove(secret, HERE)
    answer = browser.call("GET", "/me/tokens")
    listed = answer.json()["items"]  # type: ignore[attr-defined]
    assert (listed[0]["label"], listed[0]["lastUsedFrom"]) == ("โทรศัพท์", "203.0.113.7")
    assert secret.encode() not in answer.content
    assert signed_in(stranger).call("DELETE", f"/me/tokens/{listed[0]['id']}").status_code == 404


def test_the_last_use_is_written_now_and_then(member: Member) -> None:
    secret = issue(member)
    tokens.prove(secret, HERE)
    first = Token.objects.latest("pk").last_used_at
    tokens.prove(secret, Origin("203.0.113.8"))
    row = Token.objects.latest("pk")
    assert (row.last_used_at, row.last_used_from) == (first, "203.0.113.7")
    Token.objects.update(last_used_at=clock.now() - tokens.USED_EVERY)
    tokens.prove(secret, Origin("203.0.113.8"))
    assert Token.objects.latest("pk").last_used_from == "203.0.113.8"


def expiry(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


@pytest.mark.parametrize(
    ("offer", "wrong"),
    [
        (lambda: TokenOffer(TokenKind.API, "x", MAIL), "expires_at"),
        (lambda: TokenOffer(TokenKind.API, "x", MAIL, (), expiry(-1)), "expires_at"),
        (lambda: TokenOffer(TokenKind.API, "x", MAIL, (), expiry(400)), "expires_at"),
        (lambda: TokenOffer(TokenKind.APP_PASSWORD, "x", frozenset({Scope.ADMIN})), "expires_at"),
        (lambda: TokenOffer(TokenKind.API, "x", frozenset({Scope.ADMIN}), (), expiry(100)), "expires_at"),
        (lambda: TokenOffer(TokenKind.API, "x", frozenset(), (), expiry(1)), "scopes"),
        (lambda: TokenOffer(TokenKind.API, "  ", MAIL, (), expiry(1)), "label"),
        (lambda: TokenOffer(TokenKind.API, "x" * 101, MAIL, (), expiry(1)), "label"),
        (lambda: TokenOffer(TokenKind.APP_PASSWORD, "x", MAIL, ("10.0.0.0/33",)), "networks"),
        (lambda: TokenOffer(TokenKind.APP_PASSWORD, "x", MAIL, ("everywhere",)), "networks"),
        (lambda: TokenOffer(TokenKind.APP_PASSWORD, "x", MAIL, ("10.0.0.1",) * 21), "networks"),
    ],
)
def test_a_token_that_cannot_be(member: Member, offer: Any, wrong: str) -> None:
    with pytest.raises(TokenInvalid) as refused:
        tokens.issue(member.person_id, offer())
    assert refused.value.detail == wrong


def test_nobody_collects_tokens_without_end(member: Member) -> None:
    for number in range(tokens.MOST - 1):
        tokens.record_token(member.person_id, f"secret {number}", f"label {number}")
    with pytest.raises(TooManyTokens):
        issue(member)


@pytest.mark.parametrize(
    ("scopes", "rights"),
    [
        ({Scope.MAIL_READ}, {Right.READ}),
        ({Scope.MAIL}, {Right.READ, Right.WRITE, Right.MARK}),
        ({Scope.MAIL, Scope.SUBMIT}, set(Right)),
        ({Scope.SUBMIT}, set()),
        ({Scope.DIRECTORY}, set()),
        ({Scope.ADMIN}, set()),
        (set(ALL_SCOPES), set(Right)),
    ],
)
def test_a_scope_lets_its_rights_through_and_no_others(
    member: Member, scopes: set[Scope], rights: set[Right]
) -> None:
    principal = actions.principal_of(member.person_id, frozenset(scopes))
    assert {right for right in Right if policy.may(principal, member.account_id, right)} == rights


def test_a_reading_token_reads_over_jmap_and_changes_nothing(member: Member) -> None:
    secret = issue(member, scopes=frozenset({Scope.MAIL_READ}))
    account = _account(secret)
    calls = [
        ["Mailbox/get", {"accountId": account}, "0"],
        ["Mailbox/set", {"accountId": account, "create": {"x": {"name": "ใหม่"}}}, "1"],
    ]
    got, refused = _jmap(secret, calls)
    assert (got[0], refused[0], refused[1]["type"]) == ("Mailbox/get", "error", "accountReadOnly")


def test_a_token_without_mail_sees_no_account(member: Member) -> None:
    secret = issue(member, scopes=frozenset({Scope.DIRECTORY}))
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/.well-known/jmap").json()["accounts"] == {}
    account = _account(member.token)
    ((name, answer, _),) = _jmap(secret, [["Mailbox/get", {"accountId": account}, "0"]])
    assert (name, answer["type"]) == ("error", "accountNotFound")


def test_submission_takes_a_token_given_for_it(member: Member) -> None:
    for scopes, may in ((MAIL, True), (frozenset({Scope.SUBMIT}), True), (frozenset({Scope.MAIL}), False)):
        found = actions.authenticate(member.email, issue(member, scopes=scopes), HERE, Door.SUBMISSION)
        with _raises_unless(may):
            stepup.require_scope(found, Scope.SUBMIT)


def test_no_act_of_administration_on_one_proof(member: Member) -> None:
    directory.appoint(member.person_id, None, DutyKind.OPERATOR)
    plain, strong = (_session_caller(member, strength) for strength in Strength)
    assert not authority.authority_of(plain.principal).is_operator
    assert authority.authority_of(strong.principal).is_operator
    by_password = caller(member, member.password)
    assert not authority.authority_of(by_password.principal).is_operator
    assert signed_in(member).ask("GET", "/session")["secondFactor"] == {
        "isEnrolled": False,
        "isNeeded": True,
    }


def test_step_up_wants_two_proofs_of_a_moment_ago(member: Member) -> None:
    plain, strong = (_session_caller(member, strength) for strength in Strength)
    stepup.require_recent_strong_auth(strong)
    with pytest.raises(StrongAuthNeeded) as refused:
        stepup.require_recent_strong_auth(plain)
    assert (refused.value.ways, refused.value.must_enrol) == ((), True)
    with pytest.raises(StrongAuthNeeded):
        stepup.require_recent_strong_auth(identify(Presented(f"Bearer {member.token}", None, HERE)))
    Session.objects.update(strong_at=clock.now() - stepup.RECENT - timedelta(seconds=1))
    with pytest.raises(StrongAuthNeeded):
        stepup.require_recent_strong_auth(_again(strong, member))


def test_an_old_session_makes_no_token(member: Member) -> None:
    browser = signed_in(member)
    Session.objects.update(confirmed_at=clock.now() - stepup.RECENT - timedelta(seconds=1))
    offer = {"kind": "app_password", "label": "x", "scopes": ["mail"]}
    refused = browser.ask("POST", "/me/tokens", offer, 403)
    assert (refused["type"].rpartition("/")[2], refused["ways"]) == ("strong-auth-needed", ["password"])


def test_a_token_for_administration_needs_a_strong_session(member: Member) -> None:
    offer = {
        "kind": "api",
        "label": "robot",
        "scopes": ["admin"],
        "expiresAt": expiry(30).isoformat(),
    }
    assert signed_in(member).ask("POST", "/me/tokens", offer, 403)["reason"] == "admin"
    assert (
        signed_in(member, Strength.STRONG)
        .ask("POST", "/me/tokens", offer, 201)["secret"]
        .startswith("pirab_")
    )


@pytest.mark.parametrize(
    "offer",
    [
        {},
        {"kind": "api", "label": "x", "scopes": ["root"], "expiresAt": "2026-12-01T00:00:00Z"},
        {"kind": "key", "label": "x", "scopes": ["mail"]},
        {"kind": "app_password", "label": "x" * 1000, "scopes": ["mail"]},
        {"kind": "app_password", "label": 7, "scopes": "mail"},
        {"kind": "api", "label": "x", "scopes": ["mail"], "expiresAt": "tomorrow"},
        {"kind": "api", "label": "x", "scopes": ["mail"], "expiresAt": "2026-12-01T00:00:00"},
        {"kind": "app_password", "label": "x", "scopes": ["mail"], "networks": ["x"] * 30},
    ],
)
def test_an_odd_offer_is_refused(member: Member, offer: dict[str, object]) -> None:
    assert signed_in(member).call("POST", "/me/tokens", offer).status_code == 422


def test_one_network_that_tries_many_logins_is_slowed_down(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "SPRAYING", throttle.Brake(5, 4))
    for number in range(6):
        with pytest.raises(SignInRefused):
            actions.prove_password(f"nobody{number}@moi.go.test", "Spring2569!!", HERE, Door.WEB)
    with pytest.raises(TooManyAttempts) as refused:
        actions.prove_password(member.email, member.password, HERE, Door.WEB)
    assert refused.value.retry_after <= 4
    known = Browser("203.0.113.7")
    known.client.cookies["pirab_device"] = actions_device(member)
    known.sign_in(member)


def actions_device(member: Member) -> str:
    from pirab.signin import device

    return device.issue(member.email)


def _session_caller(member: Member, strength: Strength) -> Caller:
    from pirab.signin import sessions

    return identify(Presented(None, sessions.open_session(member.person_id, strength), HERE))


def _again(before: Caller, member: Member) -> Caller:
    from pirab.signin import sessions

    assert before.session_id is not None
    key = sessions.open_session(member.person_id, Strength.STRONG)
    Session.objects.filter(digest=sessions.digest_of(key)).update(
        strong_at=Session.objects.get(pk=before.session_id).strong_at
    )
    return identify(Presented(None, key, HERE))


@contextmanager
def _raises_unless(may: bool) -> Iterator[None]:
    if may:
        yield
    else:
        with pytest.raises(ScopeMissing):
            yield


def _account(secret: str) -> str:
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    return str(next(iter(client.get("/.well-known/jmap").json()["accounts"])))


def _jmap(secret: str, calls: list[Any]) -> list[Any]:
    body = {"using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"], "methodCalls": calls}
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    found: list[Any] = client.post("/jmap/", body, content_type="application/json").json()["methodResponses"]
    return found


def test_a_program_that_signs_in_all_day_writes_little(member: Member) -> None:
    secret = issue(member)
    for _ in range(5):
        caller(member, secret)
        caller(member, member.password)
    lines = SignIn.objects.filter(person_id=member.person_id)
    assert sorted((line.method, line.times) for line in lines) == [("app_password", 1), ("password", 1)]


def test_a_password_is_the_same_however_it_is_composed(member: Member) -> None:
    directory.set_password(member.person_id, "cafe\u0301 \u0e01\u0e33\u0e25\u0e31\u0e07 2570")
    caller(member, "caf\u00e9 \u0e01\u0e33\u0e25\u0e31\u0e07 2570")
