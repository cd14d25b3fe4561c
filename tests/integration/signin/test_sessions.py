"""Sessions: new keys, devices shown and signed out, notices, the history, and what a changed password ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from pirab.core import clock
from pirab.signin import actions, history, sessions
from pirab.signin.errors import SignInRefused
from pirab.signin.models import Session, SignIn
from pirab.signin.types import Door, Method, Origin, Result, Stage, Strength
from pirab.store.models import Email
from tests.conftest import Member
from tests.integration.signin.browsers import Browser, signed_in


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    actions._verified.forget()


def test_a_key_is_kept_as_a_digest_and_is_new_at_each_sign_in(member: Member) -> None:
    browser = Browser().adopt("planted-by-somebody")
    browser.sign_in(member)
    first = browser.key
    assert first != "planted-by-somebody"
    browser.sign_in(member)
    assert browser.key != first
    kept = bytes(Session.objects.values_list("digest", flat=True)[0])
    assert kept == sessions.digest_of(first)
    assert first.encode() not in kept


def test_a_device_is_shown_and_signed_out(member: Member, stranger: Member) -> None:
    here, there = signed_in(member), Browser("198.51.100.4", "Mozilla/5.0 (iPhone) Safari/605")
    there.sign_in(member)
    listed = here.ask("GET", "/me/sessions")["items"]
    assert [(each["device"], each["isThisOne"]) for each in listed] == [
        ("Safari, iPhone", False),
        ("", True),
    ]
    other = listed[0]["id"]
    assert signed_in(stranger).call("DELETE", f"/me/sessions/{other}").status_code == 404
    assert there.call("GET", "/session").status_code == 200
    here.ask("DELETE", f"/me/sessions/{other}", status=204)
    assert there.call("GET", "/session").status_code == 401
    for odd in (other, "k", "k0", "zzz", "k" + "z" * 40):
        assert here.call("DELETE", f"/me/sessions/{odd}").status_code == 404


def test_everywhere_else_is_signed_out(member: Member) -> None:
    here, others = signed_in(member), [signed_in(member) for _ in range(3)]
    assert here.ask("DELETE", "/me/sessions") == {"ended": 3}
    assert [other.call("GET", "/session").status_code for other in others] == [401] * 3
    assert here.call("GET", "/session").status_code == 200


def test_an_expired_session_is_no_session(member: Member) -> None:
    browser = signed_in(member)
    Session.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert browser.call("GET", "/session").status_code == 401
    sessions.forget_expired()
    assert not Session.objects.exists()


def test_a_half_open_session_opens_nothing(member: Member) -> None:
    browser = Browser().adopt(sessions.open_session(member.person_id, stage=Stage.SECOND_FACTOR))
    refused = browser.call("GET", "/session")
    assert refused.status_code == 401
    assert refused.json()["type"].endswith("/second-factor-needed")  # type: ignore[attr-defined]
    for method, path in (("GET", "/me/tokens"), ("GET", "/me/sessions"), ("PUT", "/me/password")):
        assert browser.call(method, path, {"new": "x"}).status_code == 401
    response = browser.client.get("/.well-known/jmap")
    assert response.status_code == 401


def test_the_use_of_a_session_is_written_down_now_and_then(member: Member) -> None:
    key = sessions.open_session(member.person_id)
    then = clock.now() - timedelta(minutes=6)
    Session.objects.update(seen_at=then)
    found = sessions.find(key)
    assert found is not None
    sessions.note_use(found, Origin("203.0.113.9"))
    row = Session.objects.get()
    assert (row.address, row.seen_at > then) == ("203.0.113.9", True)
    found = sessions.find(key)
    assert found is not None
    sessions.note_use(found, Origin("203.0.113.10"))
    assert Session.objects.get().address == "203.0.113.9"


def test_a_new_device_is_told_of_in_the_mailbox_once(member: Member) -> None:
    first, second = Browser(), Browser("198.51.100.9")
    first.sign_in(member)
    assert Email.objects.filter(account_id=member.account_id).count() == 0
    second.sign_in(member)
    assert Email.objects.filter(account_id=member.account_id).count() == 1
    second.sign_in(member)
    first.sign_in(member)
    assert Email.objects.filter(account_id=member.account_id).count() == 1


def test_the_history_tells_what_happened_to_its_owner_only(member: Member, stranger: Member) -> None:
    Browser().call("POST", "/session", {"login": member.email, "password": "wrong"})
    Browser().call("POST", "/session", {"login": member.email, "password": "wrong again"})
    browser = Browser()
    browser.sign_in(member)
    lines = browser.ask("GET", "/me/sign-ins")["items"]
    assert [(line["result"], line["times"], line["method"]) for line in lines] == [
        ("ok", 1, "password"),
        ("wrong", 2, "password"),
    ]
    assert lines[0]["device"] == "Firefox, Windows"
    assert signed_in(stranger).ask("GET", "/me/sign-ins")["items"] == []


def test_the_history_is_paged_and_ends_after_ninety_days(member: Member) -> None:
    for _ in range(5):
        history.record(member.person_id, Door.WEB, Method.PASSWORD, Result.OK, Origin("192.0.2.1"))
    browser = signed_in(member)
    first = browser.ask("GET", "/me/sign-ins?limit=3")
    rest = browser.ask("GET", f"/me/sign-ins?limit=3&cursor={first['next']}")
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (3, 2, None)
    for odd in ("limit=0", "limit=201", "limit=x"):
        assert browser.call("GET", f"/me/sign-ins?{odd}").status_code == 422
    assert browser.call("GET", "/me/sign-ins?cursor=zzz").status_code == 400
    history.forget(clock.now() + history.KEPT + timedelta(hours=1))
    assert not SignIn.objects.exists()


def test_a_stranger_cannot_fill_the_history(member: Member) -> None:
    for _ in range(30):
        history.record(member.person_id, Door.SUBMISSION, Method.PASSWORD, Result.WRONG, Origin("192.0.2.1"))
    assert [line.times for line in history.lines_of(member.person_id, 10)] == [30]


def test_a_changed_password_ends_the_other_sessions_and_is_told_of(member: Member) -> None:
    here, there = signed_in(member), signed_in(member)
    new = {"current": member.password, "new": "ม้าถูกต้อง-แบตเตอรี่-ลวดเย็บ"}
    here.ask("PUT", "/me/password", new, status=204)
    assert here.call("GET", "/session").status_code == 200
    assert there.call("GET", "/session").status_code == 401
    assert Email.objects.filter(account_id=member.account_id).count() == 1
    body = {"login": member.email, "password": new["new"]}
    assert Browser().call("POST", "/session", body).status_code == 200


def test_a_changed_password_closes_every_door_at_once(member: Member) -> None:
    origin = Origin("192.0.2.77")
    actions.authenticate(member.email, member.password, origin, Door.API)
    signed_in(member).ask(
        "PUT", "/me/password", {"current": member.password, "new": "another-long-pass-2570"}, status=204
    )
    with pytest.raises(SignInRefused):
        actions.authenticate(member.email, member.password, origin, Door.API)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("short", "too_short"),
        ("aaaaaaaaaaaaaaaa", "too_short"),
        ("x" * 3 + "y1z2" * 500, "too_long"),
        ("1q2w3e4r5t6y", "known"),
        ("Startfinding2569!", "known"),
    ],
)
def test_a_password_easy_to_guess_is_refused(member: Member, new: str, reason: str) -> None:
    answer = signed_in(member).ask(
        "PUT", "/me/password", {"current": member.password, "new": new}, status=422
    )
    assert answer["reason"] == reason
    assert answer["type"].endswith("/password-refused")


def test_a_password_about_oneself_or_the_same_one_is_refused(make_member: Callable[..., Member]) -> None:
    member = make_member("somchai.jaidee")
    for new, reason in (("somchai.jaidee1", "personal"), (member.password, "same")):
        answer = signed_in(member).ask(
            "PUT", "/me/password", {"current": member.password, "new": new}, status=422
        )
        assert answer["reason"] == reason


def test_the_old_password_is_asked_for_and_guessing_it_is_braked(member: Member) -> None:
    browser = signed_in(member)
    good = "another-long-pass-2570"
    assert browser.ask("PUT", "/me/password", {"new": good}, status=422)["reason"] == "current_missing"
    statuses = [
        browser.call("PUT", "/me/password", {"current": f"guess {n}", "new": good}).status_code
        for n in range(11)
    ]
    assert (statuses[0], statuses[-1]) == (401, 429)


def test_a_token_does_not_change_how_its_owner_signs_in(member: Member) -> None:
    client = Client(headers={"Authorization": f"Bearer {member.token}"})
    for method, path in (
        ("get", "/api/v1/me/sessions"),
        ("get", "/api/v1/me/tokens"),
        ("get", "/api/v1/me/sign-ins"),
        ("delete", "/api/v1/me/sessions"),
    ):
        refused = getattr(client, method)(path)
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "presence-needed")


def test_nobody_without_signing_in(db: None) -> None:
    for method, path in (
        ("GET", "/me/sessions"),
        ("DELETE", "/me/sessions"),
        ("DELETE", "/me/sessions/k1"),
        ("GET", "/me/tokens"),
        ("POST", "/me/tokens"),
        ("GET", "/me/sign-ins"),
    ):
        body = {"kind": "api", "label": "x", "scopes": ["mail"]} if method == "POST" else None
        assert Browser().call(method, path, body).status_code == 401


def test_a_strong_session_may_administer_and_a_plain_one_may_not(member: Member) -> None:
    assert signed_in(member).ask("GET", "/session")["mayAdminister"] is False
    assert signed_in(member, Strength.STRONG).ask("GET", "/session")["mayAdminister"] is True
