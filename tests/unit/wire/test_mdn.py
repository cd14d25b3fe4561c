"""Disposition notifications from anywhere (rfc8098#3)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pirab.wire.mdn import notification_addresses, parse_mdn

WHOLE = b"""Subject: Read\r
Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r
\r
--b\r
\r
It was read.\r
--b\r
Content-Type: message/disposition-notification\r
\r
Reporting-UA: joes-pc; Foomail 97.1\r
Final-Recipient: rfc822;joe@example.test\r
Disposition: Manual-Action/MDN-sent-manually;\r
 displayed/warning\r
Error: first\r
Error: second\r
X-Other: yes\r
\r
--b--\r
"""


def test_a_notification_is_read() -> None:
    found = parse_mdn(WHOLE)
    assert found is not None
    assert (found.subject, (found.text or "").strip(), found.errors) == (
        "Read",
        "It was read.",
        ("first", "second"),
    )
    assert (found.disposition.action_mode, found.disposition.type) == ("manual-action", "displayed")
    assert (found.extensions, found.holds_original) == ({"X-Other": "yes"}, False)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        WHOLE[:200],
        WHOLE.replace(b"Final-Recipient", b"Final"),
        WHOLE.replace(b"displayed", b"eaten"),
        WHOLE.replace(b"Disposition:", b"Disposition"),
        WHOLE.replace(b"message/disposition-notification", b"text/plain"),
    ],
)
def test_what_is_none(raw: bytes) -> None:
    assert parse_mdn(raw) is None


@settings(max_examples=60, deadline=None)
@given(some.lists(some.sampled_from([WHOLE[i : i + 40] for i in range(0, len(WHOLE), 40)]), max_size=20))
def test_pieces_in_any_order_do_no_harm(pieces: list[bytes]) -> None:
    parse_mdn(b"".join(pieces))
    notification_addresses(b"".join(pieces))


def test_only_the_first_request_counts_and_each_address_once() -> None:
    raw = (
        b"Disposition-Notification-To: A <a@example.test>, a@example.test,\r\n b@example.test, nobody\r\n"
        b"Disposition-Notification-To: evil@example.test\r\n\r\nbody"
    )
    assert notification_addresses(raw) == ("a@example.test", "b@example.test")
    assert notification_addresses(b"\r\nDisposition-Notification-To: x@y.test\r\n") == ()


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: multipart/report;\r\n report-type=Disposition-Notification; boundary=b\r\n",
        b"Disposition-Notification-Options: signed-receipt-protocol=required,pkcs7\r\n",
        b"disposition-notification-options: a=optional,x;\r\n b = Required , y\r\n",
    ],
)
def test_what_must_not_be_told_about(header: bytes) -> None:
    """rfc8098#2.1: no notification about a notification; rfc8098#2.2: none where we do not know what is required."""
    asking = b"Disposition-Notification-To: a@example.test\r\n"
    assert notification_addresses(asking + header + b"\r\nbody") == ()
    harmless = b"Content-Type: multipart/report; report-type=delivery-status\r\n"
    harmless += b"Disposition-Notification-Options: a=optional,required\r\n"
    assert notification_addresses(asking + harmless + b"\r\nbody") == ("a@example.test",)
