"""What opens the door and what does not: cookies, bearer tokens, Basic, and odd headers."""

from __future__ import annotations

import base64
from unittest.mock import patch

import pytest
from django.http import HttpResponse
from django.test import Client

from pirab.directory import queries as directory
from pirab.directory.models import Person
from pirab.signin import actions as signin
from pirab.signin import sessions, throttle
from tests.conftest import Member

ECHO = b'{"using":["urn:ietf:params:jmap:core"],"methodCalls":[]}'


def knock(authorization: str | None = None, cookie: str | None = None, **headers: str) -> int:
    """The status of an API request."""
    client = Client()
    if cookie is not None:
        client.cookies["pirab_session"] = cookie
    if authorization is not None:
        headers["Authorization"] = authorization
    response = client.post("/jmap/", ECHO, content_type="application/json", headers=headers)
    return int(response.status_code)


def basic(login: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    signin._verified.forget()


def test_a_token_opens_the_door(member: Member) -> None:
    assert knock(f"Bearer {member.token}") == 200
    assert knock(f"bearer   {member.token}") == 200
    assert knock(f"Bearer {member.token}x") == 401


def test_a_password_and_an_app_password_open_the_door(member: Member) -> None:
    assert knock(basic(member.email, member.password)) == 200
    assert knock(basic(member.email.upper(), member.password)) == 200
    assert knock(basic(member.email, member.token)) == 200
    assert knock(basic(member.email, "wrong")) == 401


def test_a_token_is_the_app_password_of_its_owner_only(member: Member, stranger: Member) -> None:
    assert knock(basic(member.email, stranger.token)) == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic",
        "Basic !!!!",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic " + base64.b64encode(b":").decode(),
        "Basic " + base64.b64encode(b"a\0b@moi.go.test:\0").decode(),
        "Basic " + base64.b64encode(b"x@y.test:" + b"p" * 2000).decode(),
        "Digest username=x",
        "Bearer " + "x" * 5000,
        "Bearer \xe0\xb8\x81",
        "Bearer a b c",
        "Bearer \0",
        ",,,;;;",
    ],
)
def test_an_odd_header_is_a_refusal_and_nothing_worse(db: None, header: str) -> None:
    assert knock(header) == 401


@pytest.mark.parametrize("cookie", ["", "x", "a" * 32, "a" * 5000, "' or 1=1 --", "\x00", "\xe0\xb8\x81"])
def test_an_odd_cookie_is_a_refusal_and_nothing_worse(db: None, cookie: str) -> None:
    assert knock(cookie=cookie) == 401


def test_a_cookie_changes_nothing_without_the_header_of_our_page(member: Member) -> None:
    key = sessions.open_session(member.person_id)
    assert knock(cookie=key) == 403
    assert knock(cookie=key, **{"X-Pirab-Request": "0"}) == 403
    assert knock(cookie=key, **{"X-Pirab-Request": "1"}) == 200
    client = Client()
    client.cookies["pirab_session"] = key
    assert client.get("/.well-known/jmap").status_code == 200


def test_a_bad_header_is_not_saved_by_a_good_cookie(member: Member) -> None:
    key = sessions.open_session(member.person_id)
    assert knock("Bearer wrong", cookie=key, **{"X-Pirab-Request": "1"}) == 401


def test_a_disabled_person_is_out_at_once(member: Member) -> None:
    key = sessions.open_session(member.person_id)
    header = basic(member.email, member.password)
    assert knock(header) == 200
    Person.objects.filter(pk=member.person_id).update(is_active=False)
    assert knock(header) == 401
    assert knock(f"Bearer {member.token}") == 401
    assert knock(cookie=key, **{"X-Pirab-Request": "1"}) == 401


def test_argon2_is_paid_once_for_many_requests(member: Member) -> None:
    header = basic(member.email, member.password)
    with patch.object(
        directory, "authenticate_password", wraps=directory.authenticate_password
    ) as authenticate:
        assert [knock(header) for _ in range(5)] == [200] * 5
        assert authenticate.call_count == 1
        assert knock(basic(member.email, member.password + "x")) == 401
        assert authenticate.call_count == 2


def sign_in(client: Client, login: str, password: str, **headers: str) -> HttpResponse:
    body = {"login": login, "password": password}
    response: HttpResponse = client.post(
        "/api/v1/session", body, content_type="application/json", headers=headers
    )  # type: ignore[assignment]
    return response


def test_a_page_signs_in_asks_who_it_is_and_signs_out(member: Member) -> None:
    client = Client()
    assert client.get("/api/v1/session").status_code == 401
    response = sign_in(client, member.email, member.password)
    assert response.status_code == 200
    assert response.json() == {  # type: ignore[attr-defined]
        "person": {"name": "สมชาย ใจดี", "email": member.email},
        "secondFactor": {"isEnrolled": False, "isNeeded": False},
        "mayAdminister": False,
        "duties": [],
        "runsService": False,
    }
    cookie = response.cookies["pirab_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert client.get("/api/v1/session").json()["person"]["email"] == member.email
    assert client.delete("/api/v1/session").status_code == 403
    stolen = cookie.value
    assert client.delete("/api/v1/session", headers={"X-Pirab-Request": "1"}).status_code == 204
    assert client.get("/api/v1/session").status_code == 401
    assert knock(cookie=stolen, **{"X-Pirab-Request": "1"}) == 401


def test_a_wrong_password_and_an_unknown_person_look_alike(member: Member) -> None:
    wrong = sign_in(Client(), member.email, "wrong")
    unknown = sign_in(Client(), "nobody@moi.go.test", "wrong")
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)
    assert wrong.status_code == 401
    assert wrong["Content-Type"] == "application/problem+json"


def test_guessing_is_slowed_down_for_the_guesser_only(member: Member) -> None:
    guesser, owner = {"X-Forwarded-For": "192.0.2.66"}, {"X-Forwarded-For": "192.0.2.7"}
    statuses = [
        sign_in(Client(), member.email, f"guess {n}", **guesser).status_code
        for n in range(throttle.FREE_ATTEMPTS + 3)
    ]
    assert statuses[-1] == 429
    response = sign_in(Client(), member.email, member.password, **guesser)
    assert (response.status_code, response["Retry-After"].isdigit()) == (429, True)
    assert sign_in(Client(), member.email, member.password, **owner).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 422),
        (b"not json", "application/json", 400),
        (b'{"login":"a","password":7}', "application/json", 422),
        (b'{"login":"a@b.test","password":"' + b"x" * 2000 + b'"}', "application/json", 422),
        (b"login=a&password=secret-words", "application/x-www-form-urlencoded", 422),
        (b'{"login":"a@b.test","password":"secret-words"}', "text/plain", 415),
        (b'{"login":"a@b.test","password":"secret\\u0000words"}', "application/json", 401),
    ],
)
def test_a_bad_sign_in_is_refused_without_repeating_it(
    db: None, body: bytes, content_type: str, status: int
) -> None:
    response = Client().post("/api/v1/session", body, content_type=content_type)
    assert response.status_code in (status, 400)
    assert response["Content-Type"] == "application/problem+json"
    assert b"secret" not in response.content
    assert "pirab_session" not in response.cookies
