"""Trace fields, and the kernel by which a repetition is recognised."""

import pytest

from pirab.delivery.trace import is_delivery_report, with_return_path
from pirab.delivery.trace import kernel as kernel_at

SAID = b"From: a@b.test\r\nMessage-ID: <1@b.test>\r\nSubject: x\r\n\r\nhello\r\n"
RECEIVED = b"Received: from x (x [192.0.2.1])\r\n\tby mail.test (Postfix) with ESMTP id %s\r\n\tfor <c@d.test>; %s\r\n"
FIRST = RECEIVED % (b"4abc", b"Tue, 24 Nov 2026 09:00:00 +0000")
SECOND = RECEIVED % (b"4xyz", b"Tue, 24 Nov 2026 09:05:00 +0000")


def kernel(content: bytes, reverse_path: str) -> bytes | None:
    """The kernel as the host mail.test makes it."""
    return kernel_at(content, reverse_path, "mail.test")


def test_return_path_comes_first_and_the_rest_is_untouched() -> None:
    assert with_return_path(SAID, "a@b.test") == b"Return-Path: <a@b.test>\r\n" + SAID
    assert with_return_path(b"\x00", "") == b"Return-Path: <>\r\n\x00"
    assert with_return_path(b"", "สมชาย@กระทรวง.ไทย").decode() == "Return-Path: <สมชาย@กระทรวง.ไทย>\r\n"


def test_a_message_sent_again_has_the_same_kernel() -> None:
    assert kernel(FIRST + SAID, "a@b.test") == kernel(SECOND + SAID, "a@b.test") is not None
    results = b"Authentication-Results: mail.test; spf=pass\r\n\tsmtp.mailfrom=b.test\r\n"
    assert kernel(results + FIRST + SAID, "a@b.test") == kernel(SECOND + SAID, "a@b.test")


def test_results_of_our_own_host_do_not_count_and_those_of_others_do() -> None:
    ours = b"Authentication-Results: mail.test;\r\n\tspf=%s smtp.mailfrom=b.test\r\n"
    first = kernel(FIRST + ours % b"pass" + SAID, "a@b.test")
    assert first == kernel(SECOND + ours % b"temperror" + SAID, "a@b.test")
    theirs = b"Authentication-Results: mx.other.test; spf=%s\r\n"
    assert kernel(FIRST + theirs % b"pass" + SAID, "") != kernel(FIRST + theirs % b"fail" + SAID, "")
    similar = b"Authentication-Results: mailxtest; spf=%s\r\n"
    assert kernel(FIRST + similar % b"pass" + SAID, "") != kernel(FIRST + similar % b"fail" + SAID, "")


@pytest.mark.parametrize(
    ("content", "reverse_path"),
    [
        (FIRST + SAID + b"more", "a@b.test"),
        (FIRST + SAID.replace(b"Subject: x", b"Subject: y"), "a@b.test"),
        (FIRST + FIRST + SAID, "a@b.test"),
        (FIRST + SAID, "other@b.test"),
        (FIRST + SAID, ""),
        (b"X-Own: 1\r\n" + FIRST + SAID, "a@b.test"),
    ],
)
def test_anything_the_sender_said_differently_is_another_message(content: bytes, reverse_path: str) -> None:
    assert kernel(content, reverse_path) != kernel(FIRST + SAID, "a@b.test")


@pytest.mark.parametrize(
    "said",
    [
        b"From: a@b.test\r\n\r\nMessage-ID: <in.the@body>\r\n",
        b"Message-ID:\r\n\r\n",
        b"Message-ID: none\r\nSubject: x\r\n\r\n",
        b"",
        b"\x00" * 50,
    ],
)
def test_a_message_without_a_name_is_never_taken_for_a_repetition(said: bytes) -> None:
    assert kernel(FIRST + said, "a@b.test") is None


def test_a_header_of_a_hundred_thousand_fields_is_no_trap() -> None:
    many = b"Received: x\r\n" * 50_000 + b"X-Spam: y\r\n" * 50_000
    assert kernel(many + SAID, "") is not None
    assert kernel(b"Authentication-Results: x\r\n" * 100_000 + SAID, "") is not None


def test_a_delivery_report_is_recognised_by_its_type() -> None:
    assert is_delivery_report(b"content-type: MULTIPART/Report; boundary=x\r\n\r\n")
    assert is_delivery_report(b"A: b\r\nContent-Type:\r\n multipart/report;\r\n\r\n")
    assert not is_delivery_report(b"Content-Type: multipart/mixed\r\n\r\nContent-Type: multipart/report\r\n")
    assert not is_delivery_report(b"Content-Type: multipart/reporter\r\n\r\n")
