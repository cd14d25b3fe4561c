"""The authenticator app, paper codes, and what a password alone still opens once there is a second factor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.db import connection

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.models import Person
from pirab.directory.types import DutyKind
from pirab.signin import actions, enrolment, recovery, sessions, throttle, totp
from pirab.signin.errors import AppPasswordNeeded, SignInRefused
from pirab.signin.models import Session, Totp
from pirab.signin.types import Door, Origin, Strength
from pirab.store.models import Email
from tests.conftest import Member
from tests.integration.signin.browsers import Browser, signed_in

HERE = Origin("203.0.113.7")


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    actions._verified.forget()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Have the clock stand so many seconds later."""
    real, moved = clock.now, [0]

    def now() -> datetime:
        return real() + timedelta(seconds=moved[0])

    monkeypatch.setattr(clock, "now", now)

    def move(seconds: int) -> None:
        moved[0] += seconds

    return move


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now(), counter_offset=steps)


def enrol(browser: Browser) -> tuple[str, list[str]]:
    """The secret and the paper codes of somebody who has just set up their app."""
    secret = browser.ask("POST", "/me/totp")["secret"]
    codes = browser.ask("POST", "/me/totp/confirm", {"code": code_of(secret)})["recoveryCodes"]
    return secret, codes


def test_an_app_is_set_up_and_asked_for(member: Member, later: Callable[[int], None]) -> None:
    browser = signed_in(member)
    made = browser.ask("POST", "/me/totp")
    assert made["uri"].startswith("otpauth://totp/Pirab:")
    assert len(made["secret"]) == 32
    assert {len(row) for row in made["qr"]} == {len(made["qr"])}
    assert browser.ask("GET", "/me/security")["hasTotp"] is False
    codes = browser.ask("POST", "/me/totp/confirm", {"code": code_of(made["secret"])})["recoveryCodes"]
    assert len(set(codes)) == recovery.HOW_MANY
    assert browser.ask("GET", "/session")["mayAdminister"] is True
    assert browser.ask("POST", "/me/totp", status=409)["type"].endswith("/already-enrolled")
    later(30)
    other = Browser()
    waiting = other.sign_in(member, 202)
    assert waiting == {"needs": "second_factor", "ways": ["totp", "recovery_code"]}
    before = other.key
    shown = {"way": "totp", "secret": f" {code_of(made['secret'])[:3]} {code_of(made['secret'])[3:]}"}
    assert other.ask("POST", "/session/second-factor", shown)["mayAdminister"] is True
    assert other.key != before, "the key of before the second factor must be worthless"
    assert Browser().adopt(before).call("GET", "/session").status_code == 401


def test_a_secret_is_kept_wrapped(member: Member) -> None:
    made = signed_in(member).ask("POST", "/me/totp")
    kept = bytes(Totp.objects.get().wrapped)
    assert pyotp.TOTP(made["secret"]).byte_secret() not in kept


def test_thai_digits_are_digits(member: Member) -> None:
    browser = signed_in(member)
    code = code_of(browser.ask("POST", "/me/totp")["secret"])
    thai = "".join(chr(ord("๐") + int(digit)) for digit in code)
    browser.ask("POST", "/me/totp/confirm", {"code": thai})


def test_a_code_is_good_once(member: Member, later: Callable[[int], None]) -> None:
    secret, _ = enrol(signed_in(member))
    with pytest.raises(SignInRefused):
        totp.prove(member.person_id, code_of(secret))
    later(30)
    code = code_of(secret)
    totp.prove(member.person_id, code)
    with pytest.raises(SignInRefused):
        totp.prove(member.person_id, code)
    with pytest.raises(SignInRefused):
        totp.prove(member.person_id, code_of(secret, -1))
    totp.prove(member.person_id, code_of(secret, 1))


@pytest.mark.parametrize(
    "odd", ["", "000000", "12345", "1234567", "abcdef", "\0" * 6, "๑๒", "½½½½½½", "9" * 20]
)
def test_an_odd_code_is_wrong(member: Member, odd: str, later: Callable[[int], None]) -> None:
    secret, _ = enrol(signed_in(member))
    later(30)
    if odd in {code_of(secret, step) for step in (-1, 0, 1)}:
        pytest.skip("one in three hundred thousand")
    with pytest.raises(SignInRefused):
        totp.prove(member.person_id, odd)


def test_a_code_of_long_ago_is_wrong(member: Member, later: Callable[[int], None]) -> None:
    secret, _ = enrol(signed_in(member))
    old = code_of(secret, 1)
    later(120)
    with pytest.raises(SignInRefused):
        totp.prove(member.person_id, old)


def test_paper_gets_in_once_and_is_told_of(member: Member) -> None:
    _, codes = enrol(signed_in(member))
    letters = Email.objects.filter(account_id=member.account_id).count()
    browser = Browser()
    browser.sign_in(member, 202)
    shown = {"way": "recovery_code", "secret": codes[3].upper().replace("-", " ")}
    browser.ask("POST", "/session/second-factor", shown)
    assert browser.ask("GET", "/me/security")["recoveryCodes"] == 9
    assert Email.objects.filter(account_id=member.account_id).count() > letters
    again = Browser("203.0.113.50")
    again.sign_in(member, 202)
    assert again.call("POST", "/session/second-factor", shown).status_code == 401


def test_new_paper_makes_the_old_worthless(member: Member) -> None:
    browser = signed_in(member)
    assert browser.call("POST", "/me/recovery-codes").status_code == 404
    _, old = enrol(browser)
    new = browser.ask("POST", "/me/recovery-codes")["recoveryCodes"]
    assert not set(old) & set(new)
    with pytest.raises(SignInRefused):
        recovery.prove(member.person_id, old[0])
    recovery.prove(member.person_id, new[0])


def test_paper_of_somebody_else_is_worthless(member: Member, stranger: Member) -> None:
    codes = recovery.renew(member.person_id)
    with pytest.raises(SignInRefused):
        recovery.prove(stranger.person_id, codes[0])


@pytest.mark.django_db(transaction=True)
def test_of_two_that_use_one_code_at_once_one_gets_in(member: Member) -> None:
    code = recovery.renew(member.person_id)[0]
    outcomes: list[bool] = []
    start = threading.Barrier(6)

    def use() -> None:
        start.wait()
        try:
            recovery.prove(member.person_id, code)
            outcomes.append(True)
        except SignInRefused:
            outcomes.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 5 + [True]


def test_a_password_alone_opens_no_door_any_more(member: Member) -> None:
    enrol(signed_in(member))
    with pytest.raises(AppPasswordNeeded):
        actions.authenticate(member.email, member.password, HERE, Door.SUBMISSION)
    assert actions.authenticate(member.email, member.token, HERE, Door.SUBMISSION)


def test_guessing_codes_is_slowed_down_from_everywhere_but_known_devices(
    member: Member, monkeypatch: pytest.MonkeyPatch, later: Callable[[int], None]
) -> None:
    from pirab.signin import device

    secret, _ = enrol(signed_in(member))
    later(30)
    monkeypatch.setattr(throttle, "CODES", throttle.Brake(4, 900))
    statuses = []
    for number in range(6):
        guesser = Browser(f"198.51.100.{number}")
        guesser.sign_in(member, 202)
        shown: dict[str, Any] = {"way": "totp", "secret": "000000"}
        statuses.append(guesser.call("POST", "/session/second-factor", shown).status_code)
    assert (statuses[0], statuses[-1]) == (401, 429)
    owner = Browser()
    owner.client.cookies["pirab_device"] = device.issue(member.email)
    owner.sign_in(member, 202)
    owner.ask("POST", "/session/second-factor", {"way": "totp", "secret": code_of(secret)})


def test_one_address_is_slowed_down_after_a_few_codes(member: Member) -> None:
    enrol(signed_in(member))
    guesser = Browser("198.51.100.77")
    guesser.sign_in(member, 202)
    shown = {"way": "totp", "secret": "000000"}
    statuses = [
        guesser.call("POST", "/session/second-factor", shown).status_code
        for _ in range(throttle.FREE_ATTEMPTS + 2)
    ]
    assert statuses[-1] == 429


def test_the_second_factor_cannot_come_late_or_twice(member: Member, later: Callable[[int], None]) -> None:
    secret, _ = enrol(signed_in(member))
    browser = Browser()
    browser.sign_in(member, 202)
    later(sessions.SECOND_FACTOR_SECONDS + 1)
    shown = {"way": "totp", "secret": code_of(secret)}
    assert browser.call("POST", "/session/second-factor", shown).status_code == 401
    browser.sign_in(member, 202)
    browser.ask("POST", "/session/second-factor", shown)
    later(30)
    assert browser.call("POST", "/session/second-factor", shown).status_code == 401
    assert browser.call("POST", "/session/second-factor/options").status_code == 401


def test_nothing_is_shown_without_a_first_proof(db: None) -> None:
    shown = {"way": "totp", "secret": "123456"}
    assert Browser().call("POST", "/session/second-factor", shown).status_code == 401
    assert Browser().adopt("x" * 43).call("POST", "/session/second-factor", shown).status_code == 401
    assert Browser().call("POST", "/session/confirm", shown).status_code == 401


def test_confirming_makes_a_session_strong_for_a_while(member: Member, later: Callable[[int], None]) -> None:
    browser = signed_in(member)
    secret, _ = enrol(browser)
    later(601)
    refused = browser.ask("POST", "/me/recovery-codes", status=403)
    assert (refused["type"].rpartition("/")[2], refused["ways"]) == (
        "strong-auth-needed",
        ["totp", "recovery_code"],
    )
    password = {"way": "password", "secret": member.password}
    assert browser.call("POST", "/session/confirm", password).status_code == 401
    browser.ask("POST", "/session/confirm", {"way": "totp", "secret": code_of(secret)})
    browser.ask("POST", "/me/recovery-codes")


def test_a_password_confirms_where_there_is_nothing_else(member: Member) -> None:
    browser = signed_in(member)
    Session.objects.update(confirmed_at=clock.now() - timedelta(hours=1))
    assert browser.ask("POST", "/me/totp", status=403)["ways"] == ["password"]
    assert browser.call("POST", "/session/confirm", {"way": "password", "secret": "wrong"}).status_code == 401
    browser.ask("POST", "/session/confirm", {"way": "password", "secret": member.password})
    browser.ask("POST", "/me/totp")
    assert browser.ask("GET", "/session")["mayAdminister"] is False


def test_an_app_is_removed_and_its_paper_with_it(member: Member) -> None:
    browser = signed_in(member)
    assert browser.call("DELETE", "/me/totp").status_code == 404
    enrol(browser)
    browser.ask("DELETE", "/me/totp", status=204)
    found = browser.ask("GET", "/me/security")
    assert (found["hasTotp"], found["recoveryCodes"]) == (False, 0)
    Browser().sign_in(member)


def test_who_administers_has_to_enrol_before_any_act(member: Member) -> None:
    directory.appoint(member.person_id, None, DutyKind.OPERATOR)
    browser = Browser()
    found = browser.sign_in(member)
    assert (found["secondFactor"]["isNeeded"], found["mayAdminister"]) == (True, False)
    assert browser.ask("GET", "/agencies", status=403)["type"].endswith("/scope-missing")
    enrol(browser)
    browser.ask("GET", "/agencies")
    found = browser.ask("GET", "/session")
    assert (found["secondFactor"]["isNeeded"], found["mayAdminister"]) == (False, True)


def test_an_administrator_can_clear_what_is_lost(member: Member) -> None:
    browser = signed_in(member, Strength.STRONG)
    enrol(browser)
    enrolment.remove_all(member.person_id, HERE)
    assert browser.call("GET", "/session").status_code == 401
    Browser().sign_in(member)


def test_an_administrator_clears_after_two_proofs_of_a_moment_ago(
    make_member: Callable[..., Member], stranger: Member
) -> None:
    lost, admin = make_member(), make_member()
    agency = Person.objects.get(pk=lost.person_id).agency_id
    directory.appoint(admin.person_id, agency, DutyKind.ADMINISTRATOR)
    enrol(signed_in(lost))
    path = f"/people/{encode_id(IdKind.PERSON, lost.person_id)}/second-factor/clear"
    assert signed_in(admin).call("POST", path).status_code == 403
    assert signed_in(stranger, Strength.STRONG).call("POST", path).status_code == 404
    browser = signed_in(admin, Strength.STRONG)
    Session.objects.filter(person_id=admin.person_id).update(strong_at=clock.now() - timedelta(hours=1))
    assert browser.ask("POST", path, status=403)["type"].endswith("/strong-auth-needed")
    Session.objects.filter(person_id=admin.person_id).update(strong_at=clock.now())
    browser.ask("POST", path, status=204)
    Browser().sign_in(lost)
