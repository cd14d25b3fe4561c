"""Reports changed at random: without the secret nothing moves, and nothing makes the intake fall over."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pirab.core import clock
from pirab.submission import reports
from pirab.submission.types import EnvelopeAddress
from tests.integration.submission.conftest import Desk, FakeScanner
from tests.integration.submission.fake_postfix import FakePostfix
from tests.integration.submission.test_reports import Mailroom, dsn

pytestmark = pytest.mark.django_db

SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
edits = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 40), st.binary(max_size=30)), max_size=6)


@pytest.fixture
def mailroom(desk: Desk, scanner: FakeScanner, postfix: FakePostfix) -> Mailroom:
    return Mailroom(desk, [EnvelopeAddress("a@example.test")])


def edited(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for start, length, replacement in changes:
        content = content[:start] + replacement + content[start + length :]
    return content


@settings(max_examples=60, deadline=None, suppress_health_check=SUPPRESSED)
@given(changes=edits)
def test_without_the_secret_nothing_moves(mailroom: Mailroom, changes: list[tuple[int, int, bytes]]) -> None:
    content = edited(dsn("guess", ("a@example.test", "failed", "5.1.1", "550 no")), changes)
    before = mailroom.submission
    account = mailroom.desk.member.account_id
    reports.take_report(content, hashlib.sha256(content).digest(), (account,), clock.now())
    assert mailroom.submission == before


@settings(max_examples=60, deadline=None, suppress_health_check=SUPPRESSED)
@given(changes=edits)
def test_with_the_secret_anything_is_survived(
    mailroom: Mailroom, changes: list[tuple[int, int, bytes]]
) -> None:
    content = edited(dsn(mailroom.token, ("a@example.test", "failed", "5.1.1", "550 no")), changes)
    account = mailroom.desk.member.account_id
    for _ in range(2):
        reports.take_report(content, hashlib.sha256(content).digest(), (account,), clock.now())
    for status in mailroom.submission.delivery_status.values():
        assert "\n" not in status.smtp_reply
        assert len(status.smtp_reply) <= 1100
