"""Handing in mail on the submission port: who may, as whom, and what happens while nobody can tell."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Iterator

import pytest

from tests.acceptance.people import PASSWORD, TestPerson, open_account
from tests.acceptance.reader import Reader
from tests.acceptance.smtp_session import new_message_id, plain_letter
from tests.acceptance.system import System


@pytest.fixture(scope="module")
def person(system: System) -> TestPerson:
    return open_account(system)


@pytest.fixture
def client(system: System) -> Iterator[smtplib.SMTP]:
    """An encrypted connection; the certificate is one the installation made for itself."""
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    with smtplib.SMTP("127.0.0.1", system.ports.submission, "laptop.outside.test", timeout=60) as connection:
        connection.starttls(context=trusting)
        connection.ehlo("laptop.outside.test")
        yield connection


def refusal(client: smtplib.SMTP, login: str, password: str) -> int:
    """The reply code a sign-in is refused with."""
    with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        client.login(login, password)
    return refused.value.smtp_code


@pytest.mark.parametrize("mechanism", ["plain", "login"])
def test_the_right_password_opens_the_door(
    system: System, client: smtplib.SMTP, person: TestPerson, mechanism: str
) -> None:
    # smtplib's own login speaks ASCII only; this password is Thai.
    if mechanism == "plain":
        reply = client.docmd("AUTH", "PLAIN " + _base64(f"\0{person.email}\0{PASSWORD}"))
    else:
        assert client.docmd("AUTH", "LOGIN")[0] == 334
        assert client.docmd(_base64(person.email))[0] == 334
        reply = client.docmd(_base64(PASSWORD))
    assert reply[0] == 235
    message_id = new_message_id()
    letter = plain_letter(person.email, message_id=message_id).replace(
        b"sender@outside.test", person.email.encode()
    )
    client.sendmail(person.email, [person.email], letter)
    Reader(system, person).wait_for(message_id)


def test_a_wrong_password_does_not(client: smtplib.SMTP, person: TestPerson) -> None:
    assert refusal(client, person.email, "wrong") == 535


def test_an_unknown_person_hears_the_same(client: smtplib.SMTP) -> None:
    assert refusal(client, "nobody@inbound.go.test", "wrong") == 535


def test_nobody_sends_as_another(system: System, client: smtplib.SMTP, person: TestPerson) -> None:
    other = open_account(system)
    assert client.docmd("AUTH", "PLAIN " + _base64(f"\0{person.email}\0{PASSWORD}"))[0] == 235
    client.mail(other.email)
    assert client.rcpt(person.email)[0] == 553


def test_nobody_sends_without_signing_in(client: smtplib.SMTP, person: TestPerson) -> None:
    client.mail(person.email)
    assert client.rcpt(person.email)[0] >= 500


def test_while_the_database_is_away_no_password_is_called_wrong(
    system: System, client: smtplib.SMTP, person: TestPerson
) -> None:
    system.stop("postgres")
    try:
        assert client.docmd("AUTH", "PLAIN " + _base64(f"\0{person.email}\0{PASSWORD}"))[0] == 454
    finally:
        system.start("postgres")
    assert client.docmd("AUTH", "PLAIN " + _base64(f"\0{person.email}\0{PASSWORD}"))[0] == 235


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
