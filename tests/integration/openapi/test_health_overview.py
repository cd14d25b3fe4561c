"""How the service is, for operators alone (who may ask is in the access table)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.test import Client

from pirab.core import clock, jobs
from pirab.directory import actions as directory
from pirab.directory.types import AgencyFacts, DutyKind
from pirab.signin import sessions
from pirab.signin.types import Strength
from tests.conftest import Member


def test_an_operator_sees_what_waits_and_what_there_is(member: Member) -> None:
    directory.appoint(member.person_id, None, DutyKind.OPERATOR)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = sessions.open_session(member.person_id, Strength.STRONG)
    before = client.get("/api/v1/health/overview").json()
    assert (before["isReady"], before["faults"]) == (True, [])
    assert 0 < before["disk"]["freeBytes"] <= before["disk"]["totalBytes"]
    directory.create_agency(None, AgencyFacts("กรม"))
    jobs.defer("blob.collect", at=clock.now() - timedelta(seconds=90))
    jobs.defer("blob.collect", at=clock.now() + timedelta(hours=1))
    after = client.get("/api/v1/health/overview").json()
    assert after["directory"]["agencies"] == before["directory"]["agencies"] + 1
    assert after["directory"]["people"] >= 1
    assert after["jobs"]["waiting"] == before["jobs"]["waiting"] + 1
    assert after["jobs"]["oldestSeconds"] >= 90
