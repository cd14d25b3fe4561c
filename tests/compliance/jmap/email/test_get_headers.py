"""header:… properties in every form (rfc8621#4.1.2, #4.1.3)."""

from __future__ import annotations

import pytest

from tests.compliance.jmap.email.session import JmapSession

MESSAGE = (
    b"Subject: =?utf-8?Q?caf=C3=A9?=\r\n folded\r\n"
    b'From: "  James Smythe" <james@example.test>, Friends:\r\n'
    b" jane@example.test, =?UTF-8?Q?John_Sm=C3=AEth?= <john@example.test>;\r\n"
    b"Resent-To: a@example.test\r\n"
    b"Resent-To: b@example.test\r\n"
    b"X-Thing: first\r\n"
    b"x-thing: second\r\n"
    b"X-Eight: \xe0\xb9\x81\xff\x00end\r\n"
    b"Date: Tue, 10 Jul 2018 11:03:11 +1000\r\n"
    b"Resent-Date: not a date\r\n"
    b"Message-ID: <a@b>\r\n"
    b"List-Unsubscribe: <https://example.test/u>, (comment) <mailto:u@example.test>\r\n"
    b"List-Id: the list <l.example.test>\r\n"
    b"\r\nbody\r\n"
)


@pytest.fixture
def email_id(jmap: JmapSession) -> str:
    created: str = jmap.import_(MESSAGE)["id"]
    return created


def _value(jmap: JmapSession, email_id: str, name: str) -> object:
    return jmap.get(email_id, name)[name]


def test_raw_is_the_octets_after_the_colon(jmap: JmapSession, email_id: str) -> None:
    assert _value(jmap, email_id, "header:Subject") == " =?utf-8?Q?caf=C3=A9?=\r\n folded"
    assert _value(jmap, email_id, "header:subject") == " =?utf-8?Q?caf=C3=A9?=\r\n folded"
    # Octets that are no UTF-8 become U+FFFD, NUL is dropped.
    assert _value(jmap, email_id, "header:X-Eight") == " แ\ufffdend"


def test_the_spelling_asked_for_is_the_spelling_answered(jmap: JmapSession, email_id: str) -> None:
    names = ["header:SUBJECT:asText", "header:subject:asText", "header:Subject:asText:all"]
    email = jmap.get(email_id, *names)
    assert set(email) == {"id", *names}
    assert email["header:SUBJECT:asText"] == email["header:subject:asText"] == "café folded"
    assert email["header:Subject:asText:all"] == ["café folded"]


def test_the_last_field_is_the_value_and_all_gives_every_one(jmap: JmapSession, email_id: str) -> None:
    assert _value(jmap, email_id, "header:X-Thing") == " second"
    assert _value(jmap, email_id, "header:X-Thing:all") == [" first", " second"]
    assert _value(jmap, email_id, "header:Resent-To:asAddresses:all") == [
        [{"name": None, "email": "a@example.test"}],
        [{"name": None, "email": "b@example.test"}],
    ]


def test_a_field_that_is_absent_is_null_or_an_empty_list(jmap: JmapSession, email_id: str) -> None:
    assert _value(jmap, email_id, "header:X-None") is None
    assert _value(jmap, email_id, "header:X-None:asAddresses") is None
    assert _value(jmap, email_id, "header:X-None:asAddresses:all") == []
    assert _value(jmap, email_id, "header:Cc:asAddresses") is None


def test_addresses_with_and_without_their_groups(jmap: JmapSession, email_id: str) -> None:
    james = {"name": "James Smythe", "email": "james@example.test"}
    jane = {"name": None, "email": "jane@example.test"}
    john = {"name": "John Smîth", "email": "john@example.test"}
    assert _value(jmap, email_id, "header:From:asAddresses") == [james, jane, john]
    assert _value(jmap, email_id, "header:From:asGroupedAddresses") == [
        {"name": None, "addresses": [james]},
        {"name": "Friends", "addresses": [jane, john]},
    ]


def test_dates_ids_and_urls(jmap: JmapSession, email_id: str) -> None:
    assert _value(jmap, email_id, "header:Date:asDate") == "2018-07-10T11:03:11+10:00"
    assert _value(jmap, email_id, "header:Resent-Date:asDate") is None
    assert _value(jmap, email_id, "header:Message-ID:asMessageIds") == ["a@b"]
    assert _value(jmap, email_id, "header:List-Unsubscribe:asURLs") == [
        "https://example.test/u",
        "mailto:u@example.test",
    ]
    assert _value(jmap, email_id, "header:List-Id:asText") == "the list <l.example.test>"


def test_headers_lists_every_field_in_order(jmap: JmapSession, email_id: str) -> None:
    headers = jmap.get(email_id, "headers")["headers"]
    assert [each["name"] for each in headers[:4]] == ["Subject", "From", "Resent-To", "Resent-To"]
    assert headers[2]["value"] == " a@example.test"


def test_a_list_of_forms_each_field_may_not_take(jmap: JmapSession, email_id: str) -> None:
    for name in ("From:asText", "To:asMessageIds", "Subject:asAddresses", "Date:asText", "Message-ID:asDate",
                 "List-Post:asText", "Received:asText", "Return-Path:asAddresses", "References:asURLs"):  # fmt: skip
        error = jmap.error("Email/get", ids=[email_id], properties=[f"header:{name}"])
        assert error["type"] == "invalidArguments", name
    for name in ("X-Any:asDate", "X-Any:asURLs", "X-Any:asMessageIds", "X-Any:asText", "X-Any:asGroupedAddresses",
                 "Comments:asText", "Keywords:asText", "List-Id:asAddresses", "Resent-Sender:asAddresses"):  # fmt: skip
        jmap.get(email_id, f"header:{name}")
