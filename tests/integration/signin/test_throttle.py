"""The brake on guessed passwords: it slows down the guesser and nobody else."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from pirab.core import clock
from pirab.signin import device, throttle
from pirab.signin.errors import TooManyAttempts
from pirab.signin.types import Origin

LOGIN = "somchai@moi.go.test"
HERE, THERE = Origin("192.0.2.1"), Origin("192.0.2.2")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """Append a timedelta and the clock stands that much later."""
    moved: list[timedelta] = []
    real = clock.now

    def now() -> datetime:
        return real() + sum(moved, timedelta())

    monkeypatch.setattr(clock, "now", now)
    return moved


def guess(login: str = LOGIN, origin: Origin = HERE) -> None:
    throttle.claim(throttle.subject_of(login, origin))


def exhaust(origin: Origin = HERE) -> int:
    """Guess until made to wait; returns the seconds."""
    for _ in range(throttle.FREE_ATTEMPTS + 1):
        guess(origin=origin)
    with pytest.raises(TooManyAttempts) as caught:
        guess(origin=origin)
    return caught.value.retry_after


def test_the_first_mistakes_are_free(db: None) -> None:
    assert exhaust() == 2


def test_waiting_does_not_count_and_then_one_guess_is_free(db: None, later: list[timedelta]) -> None:
    exhaust()
    for _ in range(50):
        with pytest.raises(TooManyAttempts):
            guess()
    later.append(timedelta(seconds=3))
    guess()
    with pytest.raises(TooManyAttempts) as caught:
        guess()
    assert caught.value.retry_after == 4


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(db: None, later: list[timedelta]) -> None:
    waits = [exhaust()]
    for _ in range(12):
        later.append(timedelta(seconds=waits[-1] + 1))
        guess()
        with pytest.raises(TooManyAttempts) as caught:
            guess()
        waits.append(caught.value.retry_after)
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert waits[-1] == throttle.LONGEST_WAIT_SECONDS == max(waits)


def test_nobody_else_has_to_wait(db: None) -> None:
    exhaust()
    guess(origin=THERE)
    guess(login="somsri@moi.go.test")


def test_a_known_device_has_a_brake_of_its_own(db: None) -> None:
    exhaust()
    guess(origin=Origin(HERE.address, device.issue(LOGIN)))


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c:d:e", "x" * 10_000, "another's", "\udce0", "\0"])
def test_a_forged_device_is_no_device(db: None, cookie: str) -> None:
    forged = device.issue("other@moi.go.test") if cookie == "another's" else cookie
    exhaust(Origin(HERE.address, forged))
    with pytest.raises(TooManyAttempts):
        guess()


def test_success_starts_afresh(db: None) -> None:
    exhaust()
    throttle.clear(throttle.subject_of(LOGIN, HERE))
    assert exhaust() == 2


def test_a_day_later_all_is_forgotten(db: None, later: list[timedelta]) -> None:
    exhaust()
    later.append(timedelta(days=1, seconds=1))
    assert exhaust() == 2
    later.append(timedelta(days=2))
    assert throttle.forget() == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_addresses_one_client_can_choose_among_count_as_one(one: str, other: str) -> None:
    assert throttle.subject_of(LOGIN, Origin(one)) == throttle.subject_of(LOGIN, Origin(other))


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_all_count(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed: list[int] = []
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)

    def attempt() -> None:
        try:
            guess()
            allowed.append(1)
        except TooManyAttempts:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == throttle.FREE_ATTEMPTS + 1
