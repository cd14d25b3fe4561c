"""Passkeys: made, used alone and after a password, and every way to forge one that we could think of."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from fido2.utils import websafe_decode, websafe_encode

from pirab.core import clock
from pirab.signin import passkeys
from pirab.signin.errors import ChallengeRefused, PasskeyRefused, SignInRefused, TooManyPasskeys
from pirab.signin.models import Passkey, Session
from pirab.signin.passkey_types import Given
from pirab.signin.types import Strength
from tests.conftest import Member
from tests.integration.signin.authenticator import FLAG, Authenticator
from tests.integration.signin.browsers import Browser, signed_in

OWN = settings.ENVIRONMENT.public_url


def add(browser: Browser, authenticator: Authenticator, name: str = "โทรศัพท์") -> list[str]:
    made = authenticator.make(browser.ask("POST", "/me/passkeys/options"))
    codes: list[str] = browser.ask("POST", "/me/passkeys", made | {"name": name}, 201)["recoveryCodes"]
    return codes


def sign_in(authenticator: Authenticator, status: int = 200) -> Any:
    browser = Browser()
    answer = authenticator.prove(browser.ask("POST", "/session/passkey/options"))
    return browser.ask("POST", "/session/passkey", answer, status)


def test_a_passkey_alone_signs_in_and_may_administer(member: Member) -> None:
    key = Authenticator()
    codes = add(signed_in(member), key)
    assert len(codes) == 10
    found = sign_in(key)
    assert (found["person"]["email"], found["mayAdminister"]) == (member.email, True)


def test_several_are_kept_named_and_removed(member: Member, stranger: Member) -> None:
    browser, first, second = signed_in(member), Authenticator(), Authenticator()
    add(browser, first)
    assert add(browser, second, "กุญแจสำรอง") == []
    listed = browser.ask("GET", "/me/security")["passkeys"]
    assert [each["name"] for each in listed] == ["โทรศัพท์", "กุญแจสำรอง"]
    assert first.handle == second.handle
    gone = listed[0]["id"]
    for other in (signed_in(stranger),):
        assert other.call("DELETE", f"/me/passkeys/{gone}").status_code == 404
        assert other.call("PATCH", f"/me/passkeys/{gone}", {"name": "mine"}).status_code == 404
    browser.ask("PATCH", f"/me/passkeys/{gone}", {"name": "ใหม่"}, 204)
    browser.ask("DELETE", f"/me/passkeys/{gone}", status=204)
    sign_in(first, 401)
    sign_in(second)


def test_one_after_a_password_need_not_ask_for_a_pin(member: Member) -> None:
    key = Authenticator(flags=FLAG.UP)
    browser = signed_in(member)
    add(browser, key)
    assert browser.ask("GET", "/session")["mayAdminister"] is False
    sign_in(key, 401)
    other = Browser()
    assert other.sign_in(member, 202)["ways"] == ["passkey", "recovery_code"]
    asked = other.ask("POST", "/session/second-factor/options")
    shown = {"way": "passkey", "passkey": key.prove(asked)}
    assert other.ask("POST", "/session/second-factor", shown)["mayAdminister"] is True


def test_confirming_with_one(member: Member) -> None:
    browser, key = signed_in(member), Authenticator()
    add(browser, key)
    Session.objects.update(strong_at=clock.now() - timedelta(hours=1))
    assert browser.call("POST", "/me/recovery-codes").status_code == 403
    asked = browser.ask("POST", "/session/confirm/options")
    browser.ask("POST", "/session/confirm", {"way": "passkey", "passkey": key.prove(asked)})
    browser.ask("POST", "/me/recovery-codes")


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://localhost:1"},
        {"origin": OWN.replace("http:", "https:")},
        {"origin": OWN.replace("localhost", "localhost.evil.test")},
        {"origin": OWN.replace("localhost", "evil.localhost")},
        {"origin": f"{OWN}/"},
        {"origin": ""},
        {"rp_id": "evil.test"},
        {"flags": FLAG.UV},
        {"flags": FLAG.UP},
        {"cross_origin": True},
    ],
)
def test_a_forged_answer_proves_nothing(member: Member, lie: dict[str, Any]) -> None:
    key = Authenticator()
    add(signed_in(member), key)
    for name, value in lie.items():
        setattr(key, name, value)
    sign_in(key, 401)


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://evil.test"},
        {"rp_id": "evil.test"},
        {"flags": FLAG(0)},
        {"cross_origin": True},
    ],
)
def test_a_passkey_made_on_a_foreign_page_is_not_kept(member: Member, lie: dict[str, Any]) -> None:
    browser, key = signed_in(member), Authenticator(**lie)
    made = key.make(browser.ask("POST", "/me/passkeys/options"))
    answer = browser.call("POST", "/me/passkeys", made | {"name": "x"})
    assert answer.status_code in (401, 422)
    assert not Passkey.objects.exists()


def test_another_key_or_another_persons_handle_proves_nothing(member: Member, stranger: Member) -> None:
    key, theirs = Authenticator(), Authenticator()
    add(signed_in(member), key)
    add(signed_in(stranger), theirs)
    forged = Authenticator(credential_id=key.credential_id, handle=key.handle)
    sign_in(forged, 401)
    key.handle = theirs.handle
    sign_in(key, 401)
    key.handle = None
    sign_in(key, 401)


def test_an_answer_is_good_once_and_for_its_own_question(member: Member, stranger: Member) -> None:
    key = Authenticator()
    add(signed_in(member), key)
    browser = Browser()
    first, second = (browser.ask("POST", "/session/passkey/options") for _ in range(2))
    answer = key.prove(first)
    browser.ask("POST", "/session/passkey", answer | {"state": second["state"]}, 401)
    browser.ask("POST", "/session/passkey", answer)
    assert browser.ask("POST", "/session/passkey", answer, 409)["type"].endswith("/challenge-refused")


def test_a_question_is_not_used_for_another_purpose_or_session(member: Member, stranger: Member) -> None:
    key, theirs = Authenticator(), Authenticator()
    add(signed_in(member), key)
    add(signed_in(stranger), theirs)
    waiting = Browser()
    waiting.sign_in(member, 202)
    alone = key.prove(Browser().ask("POST", "/session/passkey/options"))
    assert (
        waiting.call("POST", "/session/second-factor", {"way": "passkey", "passkey": alone}).status_code
        == 409
    )
    other = Browser()
    other.sign_in(member, 202)
    asked = other.ask("POST", "/session/second-factor/options")
    shown = {"way": "passkey", "passkey": key.prove(asked)}
    assert waiting.call("POST", "/session/second-factor", shown).status_code == 401
    strange = {"way": "passkey", "passkey": theirs.prove(asked)}
    assert other.call("POST", "/session/second-factor", strange).status_code == 401
    made = Authenticator().make(signed_in(stranger, Strength.STRONG).ask("POST", "/me/passkeys/options"))
    answer = signed_in(member, Strength.STRONG).call("POST", "/me/passkeys", made | {"name": "x"})
    assert answer.status_code == 422


def test_a_question_grows_old(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Authenticator()
    add(signed_in(member), key)
    asked = passkeys.ask("sign-in", None)
    answer = key.prove({"state": asked.state, "options": dict(asked.options)})
    import time

    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(ChallengeRefused):
        passkeys.prove("sign-in", Given(answer["state"], answer["credential"]), None)


def test_a_counter_that_does_not_rise_betrays_a_copy(member: Member) -> None:
    key = Authenticator(counter=5)
    add(signed_in(member), key)
    key.counter = 6
    sign_in(key)
    sign_in(key, 401)
    key.counter = 4
    sign_in(key, 401)
    key.counter = 0
    sign_in(key, 401)
    key.counter = 7
    sign_in(key)


def test_one_passkey_belongs_to_one_person(member: Member, stranger: Member) -> None:
    key = Authenticator()
    add(signed_in(member), key)
    browser = signed_in(stranger)
    made = key.make(browser.ask("POST", "/me/passkeys/options"))
    assert browser.call("POST", "/me/passkeys", made | {"name": "x"}).status_code == 422


def test_nobody_collects_passkeys_without_end(member: Member) -> None:
    for number in range(passkeys.MOST):
        Passkey.objects.create(
            person_id=member.person_id,
            credential_id=bytes([number]),
            user_handle=b"x",
            public_key=b"x",
            sign_count=0,
            name="x",
            is_synced=False,
            created_at=clock.now(),
        )
    with pytest.raises(TooManyPasskeys):
        passkeys.ask_to_register(member.person_id, member.email, "x")


def _bent(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The answer, damaged in many ways."""
    bent: list[dict[str, Any]] = []
    for name in answer["credential"]["response"]:
        odd: list[Any] = ["", "A", "!!!", "AAAA" * 5, websafe_encode(b"\x81" * 4000), 7, None, {}]
        for value in odd:
            damaged = copy.deepcopy(answer)
            damaged["credential"]["response"][name] = value
            bent.append(damaged)
    for part in ("rawId", "response"):
        damaged = copy.deepcopy(answer)
        del damaged["credential"][part]
        bent.append(damaged)
    bent.append({"state": answer["state"], "credential": {}})
    bent.append({"state": "x" * 1000, "credential": answer["credential"]})
    bent.append({"state": answer["state"][:-1], "credential": answer["credential"]})
    return bent


def test_a_damaged_answer_is_a_refusal_and_nothing_worse(member: Member) -> None:
    browser, key = signed_in(member), Authenticator()
    add(browser, key)
    answer = key.prove(browser.ask("POST", "/session/passkey/options"))
    signature = bytearray(websafe_decode(answer["credential"]["response"]["signature"]))
    signature[-1] ^= 1
    forged = copy.deepcopy(answer)
    forged["credential"]["response"]["signature"] = websafe_encode(bytes(signature))
    for odd in [*_bent(answer), forged]:
        if odd["credential"].get("response", {}).get("userHandle", "?") in ("", None):
            continue
        assert browser.call("POST", "/session/passkey", odd).status_code in (401, 409, 422)
    made = Authenticator().make(browser.ask("POST", "/me/passkeys/options"))
    for odd in _bent(made):
        assert browser.call("POST", "/me/passkeys", odd | {"name": "x"}).status_code in (401, 409, 422)
    assert Passkey.objects.count() == 1


def test_an_attestation_without_a_key_is_refused(member: Member) -> None:
    browser, key = signed_in(member), Authenticator()
    made = key.make(browser.ask("POST", "/me/passkeys/options"))
    from fido2.webauthn import AttestationObject

    empty = AttestationObject.create("none", key._data(FLAG(0), b""), {})
    made["credential"]["response"]["attestationObject"] = websafe_encode(empty)
    with pytest.raises((PasskeyRefused, SignInRefused)):
        passkeys.register(member.person_id, "x", Given(made["state"], made["credential"]))
