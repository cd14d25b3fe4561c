"""A ministry with a domain, a department below it, and their administrators; another ministry beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import AgencyFacts, AgencyKind, DutyKind
from pirab.personnel.provisioning import open_personal_account
from pirab.signin import sessions
from pirab.signin.types import Strength

PASSWORD = "ลมพัดใบไผ่-correct-horse"


class Ministry:
    """A ministry with the domain `name`."""

    def __init__(self, name: str) -> None:
        self.domain = name
        self.key = directory.create_agency(None, AgencyFacts("กระทรวงทดสอบ", "Ministry", AgencyKind.MINISTRY))
        self.unit = directory.create_agency(
            self.key, AgencyFacts("กองคลัง", "Finance Division", AgencyKind.DIVISION)
        )
        directory.ensure_domain(name, self.key)
        self.admin = open_personal_account(f"boss@{name}", "ผู้ดูแล", agency_id=self.key).person_id
        directory.appoint(self.admin, self.key, DutyKind.ADMINISTRATOR)

    def path(self, agency: int, rest: str) -> str:
        return f"/agencies/{encode_id(IdKind.AGENCY, agency)}{rest}"

    def call(self, verb: str, path: str, body: Any = None, *, raw: bytes | None = None) -> Any:
        """As the administrator, with a second factor shown."""
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions.open_session(self.admin, Strength.STRONG)
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return client.generic(
            verb,
            f"/api/v1{path}",
            content,
            content_type="application/octet-stream" if raw is not None else "application/json",
            headers={"X-Pirab-Request": "1"},
        )

    def invite(self, **more: Any) -> Any:
        body = {"givenTh": "สมหญิง", "familyTh": "รักงาน", "givenEn": "Somying", "familyEn": "Rakngan"} | more
        return self.call("POST", self.path(self.unit, "/enrolments"), body)

    def invited(self, **more: Any) -> str:
        """The secret of a new link."""
        answer = self.invite(**more)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["link"]).partition("#")[2]


class Newcomer:
    """A browser nobody is signed in with."""

    def __init__(self) -> None:
        self.client = Client()

    def call(self, path: str, body: Any) -> Any:
        return self.client.post(
            f"/api/v1/join/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"X-Pirab-Request": "1"},
        )

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}")


@pytest.fixture
def ministry(db: None) -> Ministry:
    return Ministry("here.go.test")


@pytest.fixture
def elsewhere(db: None) -> Ministry:
    return Ministry("there.go.test")


@pytest.fixture
def newcomer() -> Newcomer:
    return Newcomer()
