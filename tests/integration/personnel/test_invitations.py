"""The first way in: an invitation by the agency's administrator."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory import queries
from pirab.directory.types import Limits
from pirab.personnel import entering
from pirab.personnel.errors import PersonnelError
from pirab.personnel.models import Enrolment
from pirab.store import queries as mail
from tests.integration.personnel.conftest import PASSWORD, Ministry, Newcomer

PROBLEMS = "https://pirab.go.th/problems/"


def enter(newcomer: Newcomer, link: str, address: str, **more: Any) -> Any:
    return newcomer.call("enter", {"link": link, "address": address, "password": PASSWORD} | more)


def test_an_invited_person_is_in_their_mailbox(ministry: Ministry, newcomer: Newcomer) -> None:
    post = directory.create_post(ministry.unit, "นักวิชาการคลัง")
    link = ministry.invited(postId=encode_id(IdKind.POST, post), title="นางสาว")
    shown = newcomer.call("welcome", {"link": link}).json()
    assert (shown["agencyTh"], shown["givenTh"], shown["state"]) == ("กองคลัง", "สมหญิง", "open")
    assert shown["offers"][0] == "somying.r@here.go.test"
    assert shown["thaiOffers"][0] == "สมหญิง.รักงาน@here.go.test"
    answer = enter(newcomer, link, shown["offers"][0], thaiAddress=shown["thaiOffers"][0])
    assert answer.status_code == 200, answer.content
    assert newcomer.get("/session").json()["person"]["email"] == "somying.r@here.go.test"

    person = queries.person_with_login("somying.r@here.go.test")
    assert person is not None
    assert (person.name_th, person.name_en, person.agency_id) == (
        "สมหญิง รักงาน",
        "Somying Rakngan",
        ministry.unit,
    )
    account = queries.account_of_login("สมหญิง.รักงาน@here.go.test")
    assert account is not None
    assert account == queries.account_of_login("somying.r@here.go.test")
    assert len(mail.mailboxes(account)) == 6
    assert queries.profile(person.id).title == "นางสาว"
    assert [held.post_id for held in queries.holdings_of_people([person.id])] == [post]
    assert queries.authenticate_password("somying.r@here.go.test", PASSWORD) is not None


def test_a_link_is_good_once(ministry: Ministry, newcomer: Newcomer) -> None:
    link = ministry.invited()
    assert enter(newcomer, link, "somying.r@here.go.test").status_code == 200
    again = enter(Newcomer(), link, "somying@here.go.test")
    assert (again.status_code, again.json()["type"]) == (404, PROBLEMS + "link-refused")
    assert newcomer.call("welcome", {"link": link}).status_code == 404


def test_what_is_old_forged_or_withdrawn_looks_alike(ministry: Ministry, newcomer: Newcomer) -> None:
    old, withdrawn = ministry.invited(), ministry.invite().json()
    Enrolment.objects.exclude(pk=Enrolment.objects.order_by("-pk")[0].pk).update(
        expires_at=clock.now() - timedelta(seconds=1)
    )
    path = ministry.path(ministry.unit, f"/enrolments/{withdrawn['id']}")
    assert ministry.call("DELETE", path).status_code == 204
    answers = set()
    for link in (old, withdrawn["link"].partition("#")[2], "forged", "A" * 64):
        looked, entered = newcomer.call("welcome", {"link": link}), enter(newcomer, link, "x@here.go.test")
        answers |= {(looked.status_code, looked.content), (entered.status_code, entered.content)}
    assert len(answers) == 1
    assert newcomer.call("welcome", {"link": "A" * 65}).status_code == 422


def test_only_what_is_offered_may_be_chosen(ministry: Ministry, newcomer: Newcomer) -> None:
    link = ministry.invited()
    for address in ("director@here.go.test", "somying.r@there.go.test", "boss@here.go.test", "", "x"):
        answer = enter(newcomer, link, address)
        assert (answer.status_code, answer.json()["type"]) == (422, PROBLEMS + "local-part-not-offered")
    bad = enter(newcomer, link, "somying.r@here.go.test", thaiAddress="ผู้ดูแล@here.go.test")
    assert bad.json()["type"] == PROBLEMS + "local-part-not-offered"
    assert queries.person_with_login("somying.r@here.go.test") is None


def test_a_taken_address_is_not_offered(ministry: Ministry, newcomer: Newcomer) -> None:
    first, second = ministry.invited(), ministry.invited()
    offered = newcomer.call("welcome", {"link": second}).json()["offers"]
    assert enter(newcomer, first, offered[0]).status_code == 200
    left = Newcomer().call("welcome", {"link": second}).json()["offers"]
    assert left == [address for address in offered if address != offered[0]]
    assert enter(Newcomer(), second, offered[0]).status_code == 422
    assert enter(Newcomer(), second, left[0]).status_code == 200


def test_weak_passwords_are_refused_with_a_reason(ministry: Ministry, newcomer: Newcomer) -> None:
    link = ministry.invited()
    for password, reason in (
        ("short", "too_short"),
        ("qwertyuiop123", "known"),
        ("somying.rakngan", "personal"),
    ):
        judged = newcomer.call("password-check", {"link": link, "password": password})
        assert judged.json() == {"reason": reason}
        answer = enter(newcomer, link, "somying.r@here.go.test", password=password)
        assert (answer.status_code, answer.json()["reason"]) == (422, reason)
    assert newcomer.call("password-check", {"link": link, "password": PASSWORD}).json() == {"reason": ""}
    assert newcomer.call("password-check", {"link": "no", "password": PASSWORD}).status_code == 404


def test_limits_hold_when_the_link_is_used(ministry: Ministry, newcomer: Newcomer) -> None:
    link = ministry.invited()
    directory.set_limits(ministry.key, Limits(most_people=1))
    answer = enter(newcomer, link, "somying.r@here.go.test")
    assert (answer.status_code, answer.json()["type"]) == (409, PROBLEMS + "limit-reached")
    directory.set_limits(ministry.key, Limits(most_people=2))
    assert enter(newcomer, link, "somying.r@here.go.test").status_code == 200


@pytest.mark.parametrize("local", ["postmaster", "ผู้ดูแล", "sоmchai", "a b", "x" * 65, "saraban.a"])
def test_no_invitation_to_a_kept_or_deceiving_name(ministry: Ministry, local: str) -> None:
    assert ministry.invite(localPart=local).status_code == 422


@pytest.mark.parametrize(
    "odd",
    [
        {"givenTh": ""},
        {"givenTh": "a\u0000"},
        {"givenTh": "  "},
        {"language": "xx"},
        {"contact": "@"},
        {"odd": 1},
    ],
)
def test_odd_invitations_are_refused(ministry: Ministry, odd: dict[str, Any]) -> None:
    assert ministry.invite(**odd).status_code == 422


def test_another_agencys_administrator_sees_nothing(ministry: Ministry, elsewhere: Ministry) -> None:
    made = ministry.invite().json()
    theirs = f"/enrolments/{made['id']}"
    for verb, path in (
        ("GET", theirs),
        ("DELETE", theirs),
        ("POST", f"{theirs}/renew"),
        ("POST", f"{theirs}/approve"),
    ):
        assert elsewhere.call(verb, ministry.path(ministry.unit, path)).status_code == 404
        assert elsewhere.call(verb, elsewhere.path(elsewhere.unit, path)).status_code == 404
    assert elsewhere.call("GET", elsewhere.path(elsewhere.key, "/enrolments")).json()["items"] == []
    assert len(ministry.call("GET", ministry.path(ministry.key, "/enrolments")).json()["items"]) == 1


def test_a_new_link_makes_the_old_one_worthless(ministry: Ministry, newcomer: Newcomer) -> None:
    made = ministry.invite().json()
    old = made["link"].partition("#")[2]
    renewed = ministry.call("POST", ministry.path(ministry.unit, f"/enrolments/{made['id']}/renew")).json()
    assert newcomer.call("welcome", {"link": old}).status_code == 404
    assert newcomer.call("welcome", {"link": renewed["link"].partition("#")[2]}).status_code == 200
    assert Enrolment.objects.filter(digest=old.encode()).count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_gets_in() -> None:
    ministry = Ministry("moment.go.test")
    link = ministry.invited()
    start, outcomes = Barrier(2), []

    def use(address: str) -> None:
        start.wait()
        try:
            outcomes.append(entering.enter(link, address, "", PASSWORD) > 0)
        except PersonnelError:
            outcomes.append(False)
        finally:
            connections.close_all()

    threads = [Thread(target=use, args=(f"{local}@moment.go.test",)) for local in ("somying.r", "somying")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
