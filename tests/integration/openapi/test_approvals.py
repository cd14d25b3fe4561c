"""Dangerous acts need two people."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pirab.approvals import actions, acts
from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory import queries
from pirab.directory.errors import LimitReached
from pirab.directory.types import AdminRight, AgencyFacts, DutyKind
from pirab.signin import sessions
from pirab.signin.types import Strength
from tests.conftest import Member


class Ministry:
    """A ministry with two administrators, its department, and an official of it."""

    def __init__(self, make_member: Callable[..., Member]) -> None:
        self.key = directory.create_agency(None, AgencyFacts("กระทรวง"))
        self.unit = directory.create_agency(self.key, AgencyFacts("กรม"))
        self.first, self.second, self.official = make_member(), make_member(), make_member()
        for admin in (self.first, self.second):
            directory.appoint(admin.person_id, self.key, DutyKind.ADMINISTRATOR)
        directory.place_person(self.official.person_id, self.unit)

    def call(self, who: Member, verb: str, path: str, body: Any = None) -> Any:
        client = Client()
        key = sessions.open_session(who.person_id, Strength.STRONG)
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        return client.generic(
            verb,
            f"/api/v1{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"X-Pirab-Request": "1"},
        )

    def propose(self, who: Member, **more: Any) -> Any:
        person = encode_id(IdKind.PERSON, self.official.person_id)
        path = f"/agencies/{encode_id(IdKind.AGENCY, self.unit)}/duties"
        return self.call(who, "POST", path, {"personId": person, "kind": "administrator"} | more)

    def administrators(self) -> set[int]:
        return {duty.person_id for duty in queries.duties_over(self.unit)}


@pytest.fixture
def ministry(make_member: Callable[..., Member]) -> Ministry:
    return Ministry(make_member)


def test_an_administrator_is_made_by_two(ministry: Ministry) -> None:
    answer = ministry.propose(ministry.first)
    assert answer.status_code == 202
    assert ministry.propose(ministry.first).json()["id"] == answer.json()["id"]
    assert ministry.administrators() == set()
    path = f"/approvals/{answer.json()['id']}"
    refused = ministry.call(ministry.first, "POST", f"{path}/approve")
    assert refused.status_code == 403
    assert refused.json()["type"] == "https://pirab.go.th/problems/own-proposal"
    seen = ministry.call(ministry.second, "GET", "/approvals").json()["items"]
    assert [(one["state"], one["mayDecide"], one["isMine"]) for one in seen] == [("open", True, False)]
    assert ministry.call(ministry.second, "POST", f"{path}/approve").json()["state"] == "done"
    assert ministry.administrators() == {ministry.official.person_id}
    assert ministry.call(ministry.second, "POST", f"{path}/approve").status_code == 409


def test_who_has_no_say_sees_nothing(ministry: Ministry, stranger: Member) -> None:
    path = f"/approvals/{ministry.propose(ministry.first).json()['id']}"
    for who in (stranger, ministry.official):
        assert ministry.call(who, "GET", path).status_code == 404
        assert ministry.call(who, "GET", "/approvals").json() == {"items": [], "next": None}
        for act in ("approve", "refuse", "withdraw"):
            assert ministry.call(who, "POST", f"{path}/{act}", {}).status_code == 404
    assert ministry.call(ministry.second, "POST", f"{path}/withdraw").status_code == 404


def test_a_refused_or_withdrawn_act_is_not_done(ministry: Ministry) -> None:
    path = f"/approvals/{ministry.propose(ministry.first).json()['id']}"
    answer = ministry.call(ministry.second, "POST", f"{path}/refuse", {"reason": "ยังไม่ถึงเวลา"}).json()
    assert (answer["state"], answer["outcome"]) == ("refused", "ยังไม่ถึงเวลา")
    path = f"/approvals/{ministry.propose(ministry.first).json()['id']}"
    assert ministry.call(ministry.first, "POST", f"{path}/withdraw").json()["state"] == "withdrawn"
    assert ministry.call(ministry.second, "POST", f"{path}/approve").status_code == 409
    assert ministry.administrators() == set()


def test_what_nobody_decides_on_is_over(ministry: Ministry, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ministry.propose(ministry.first).json()
    later = clock.now() + actions.OPEN_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    path = f"/approvals/{answer['id']}"
    assert ministry.call(ministry.second, "GET", path).json()["state"] == "expired"
    assert ministry.call(ministry.second, "POST", f"{path}/approve").status_code == 409
    assert actions.expire() == 1


def test_an_act_that_fails_leaves_nothing_and_says_why(ministry: Ministry) -> None:
    def fails(details: dict[str, Any], by: int) -> None:
        directory.appoint(ministry.official.person_id, ministry.unit, DutyKind.ADMINISTRATOR, by=by)
        raise LimitReached("people")

    acts.register(acts.Act("test", AdminRight.MANAGE, fails))
    key = actions.propose("test", "ทดสอบ", {}, agency_id=ministry.unit, by=ministry.first.person_id)
    path = f"/approvals/{encode_id(IdKind.APPROVAL, key)}/approve"
    answer = ministry.call(ministry.second, "POST", path).json()
    assert answer["state"] == "failed"
    assert "people" in answer["outcome"]
    assert ministry.administrators() == set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "operator"},
        {"kind": "king"},
        {"expiresAt": "2020-01-01T00:00:00Z"},
        {"expiresAt": "2099-01-01T00:00:00"},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_proposed(ministry: Ministry, wrong: dict[str, Any]) -> None:
    assert ministry.propose(ministry.first, **wrong).status_code == 422


def test_pages_and_cursors(ministry: Ministry) -> None:
    for number in range(5):
        actions.propose("appoint", str(number), {}, agency_id=ministry.unit, by=ministry.first.person_id)
    page = ministry.call(ministry.second, "GET", "/approvals?limit=3").json()
    assert [one["subject"] for one in page["items"]] == ["4", "3", "2"]
    page = ministry.call(ministry.second, "GET", f"/approvals?limit=3&cursor={page['next']}").json()
    assert [one["subject"] for one in page["items"]] == ["1", "0"]
    assert page["next"] is None
    for wrong in ("limit=0", "limit=201", "cursor=%00"):
        assert ministry.call(ministry.second, "GET", f"/approvals?{wrong}").status_code in (404, 422)


def test_agreeing_needs_a_second_factor_shown_a_moment_ago(ministry: Ministry) -> None:
    path = f"/api/v1/approvals/{ministry.propose(ministry.first).json()['id']}/approve"
    by_token = Client().post(path, headers={"Authorization": f"Bearer {ministry.second.token}"})
    assert by_token.status_code == 403
    assert by_token.json()["type"] == "https://pirab.go.th/problems/strong-auth-needed"
    assert ministry.administrators() == set()
