"""Who may be answered by a machine (rfc3834#2)."""

from __future__ import annotations

import pytest

from pirab.filtering.etiquette import may_answer

OWN = {"somchai@moi.go.test", "saraban@moi.go.test"}
PLAIN = {"to": [b"Somchai <Somchai@MOI.go.test>"]}


def test_a_person_who_wrote_to_a_person_is_answered() -> None:
    assert may_answer(PLAIN, "malee@opm.go.test", OWN)


@pytest.mark.parametrize(
    "reverse_path",
    [
        *(
            "",
            "malee",
            "@",
            "somchai@moi.go.test",
            "SOMCHAI@moi.go.test",
            "MAILER-DAEMON@x.test",
            "postmaster@x.test",
        ),
        *(
            "owner-list@x.test",
            "list-owner@x.test",
            "list-request@x.test",
            "no-reply@x.test",
            "noreply@x.test",
        ),
        *("no_reply.th@x.test", "do-not-reply@x.test", "bounce+abc=d@x.test", "list-bounces@x.test"),
        *("SRS0=ab=cd=x.test=me@y.test", "prvs=1234=me@x.test", "listserv@x.test"),
    ],
)
def test_robots_and_oneself_are_not(reverse_path: str) -> None:
    assert not may_answer(PLAIN, reverse_path, OWN)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("auto-submitted", b"auto-generated"),
            ("auto-submitted", b" Auto-Replied; x=y"),
            ("list-id", b"<a.b>"),
        ),
        *(
            ("list-unsubscribe", b""),
            ("precedence", b"Bulk"),
            ("precedence", b"list"),
            ("precedence", b"junk"),
        ),
        *(
            ("x-auto-response-suppress", b"DR, OOF, AutoReply"),
            ("x-autoreply", b"yes"),
            ("feedback-id", b"1:2"),
        ),
        ("auto-submitted", b"\xff\xfe garbage"),
    ],
)
def test_mail_of_machines_is_not(name: str, value: bytes) -> None:
    assert not may_answer(PLAIN | {name: [value]}, "malee@opm.go.test", OWN)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("to", b"undisclosed-recipients:;", False),
        ("to", b"all@moi.go.test", False),
        ("cc", b"a@b.test, \"S\" <saraban@moi.go.test>", True),
        ("resent-to", b"somchai@moi.go.test", True),
        ("to", b"group: somchai@moi.go.test;", True),
        ("to", b"\xff<<<,,,", False),
        ("subject", b"somchai@moi.go.test", False),
    ],
)  # fmt: skip
def test_the_own_address_has_to_be_named(field: str, value: bytes, expected: bool) -> None:
    assert may_answer({field: [value]}, "malee@opm.go.test", OWN) is expected


def test_auto_submitted_no_is_a_person() -> None:
    assert may_answer(PLAIN | {"auto-submitted": [b" no "]}, "malee@opm.go.test", OWN)
