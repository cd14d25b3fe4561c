"""A browser that is signed in, for the tests of sign-in."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from pirab.signin import sessions
from pirab.signin.types import Strength
from tests.conftest import Member


class Browser:
    """Speaks to the REST API as our page does."""

    def __init__(
        self, address: str = "192.0.2.10", agent: str = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    ) -> None:
        self.client = Client()
        self._headers = {"X-Pirab-Request": "1", "X-Forwarded-For": address, "User-Agent": agent}

    @property
    def key(self) -> str:
        """The session cookie it holds."""
        return self.client.cookies["pirab_session"].value

    def adopt(self, key: str) -> Browser:
        """Hold this session cookie."""
        self.client.cookies["pirab_session"] = key
        return self

    def call(self, method: str, path: str, body: Any = None) -> HttpResponse:
        """One request below /api/v1."""
        data = b"" if body is None else json.dumps(body).encode()
        answer: HttpResponse = self.client.generic(
            method, f"/api/v1{path}", data, content_type="application/json", headers=self._headers
        )  # type: ignore[assignment]
        return answer

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The decoded answer, which must have this status."""
        answer = self.call(method, path, body)
        assert answer.status_code == status, (answer.status_code, answer.content[:500])
        return json.loads(answer.content) if answer.content else None

    def sign_in(self, member: Member, status: int = 200) -> Any:
        """With the password."""
        return self.ask("POST", "/session", {"login": member.email, "password": member.password}, status)


def signed_in(member: Member, strength: Strength = Strength.PLAIN) -> Browser:
    """A browser with an open session that cost no password hash."""
    return Browser().adopt(sessions.open_session(member.person_id, strength))
