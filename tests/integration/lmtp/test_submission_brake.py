"""Guessing passwords on the submission port meets the same brake as on every other door."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from pirab.lmtp.lookup_service import authenticating
from pirab.signin import throttle
from tests.conftest import Member


@pytest.mark.django_db(transaction=True)
def test_a_guesser_is_slowed_down_and_nobody_else(member: Member) -> None:
    async def session() -> None:
        with ThreadPoolExecutor(1) as threads:
            authenticate = authenticating(threads)
            for number in range(throttle.FREE_ATTEMPTS + 1):
                assert await authenticate(member.email, f"guess {number}", "203.0.113.5") is None
            assert await authenticate(member.email, member.password, "203.0.113.5") is None
            assert await authenticate(member.email, member.password, "198.51.100.7") == member.email

    asyncio.run(session())
