"""The short memory of right passwords."""

from __future__ import annotations

import threading
import time

import pytest

from pirab.signin.errors import SignInRefused
from pirab.signin.http import client_address
from pirab.signin.verified import REMEMBER_SECONDS, VerifiedPasswords


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_right_password_is_remembered_for_a_while() -> None:
    clock = Clock()
    memory = VerifiedPasswords(clock)
    asked: list[int] = []

    def verify() -> int:
        asked.append(1)
        return 7

    assert [memory.person("a", "p", verify) for _ in range(3)] == [7, 7, 7]
    assert len(asked) == 1
    clock.now += REMEMBER_SECONDS
    memory.person("a", "p", verify)
    memory.person("a", "P", verify)
    memory.person("A", "p", verify)
    assert len(asked) == 4


def test_a_wrong_password_is_never_remembered() -> None:
    memory = VerifiedPasswords()

    def refuse() -> int:
        raise SignInRefused()

    for _ in range(3):
        with pytest.raises(SignInRefused):
            memory.person("a", "p", refuse)
    assert memory._in_progress == {}


def test_requests_at_the_same_moment_verify_once() -> None:
    memory = VerifiedPasswords()
    asked: list[int] = []

    def verify() -> int:
        asked.append(1)
        time.sleep(0.05)
        return 7

    threads = [threading.Thread(target=memory.person, args=("a", "p", verify)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 1


def test_neither_password_nor_login_is_kept() -> None:
    memory = VerifiedPasswords()
    memory.person("somchai@moi.go.test", "correct-horse", lambda: 7)
    assert "correct" not in repr(vars(memory))
    assert "somchai" not in repr(vars(memory))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "192.0.2.5", "192.0.2.5"),
        ("127.0.0.1", "203.0.113.9, 192.0.2.5", "192.0.2.5"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("", "192.0.2.5", "192.0.2.5"),
        ("unix:", "192.0.2.5", "unix:"),
    ],
)
def test_only_our_own_proxy_is_believed(peer: str, forwarded: str | None, client: str) -> None:
    assert client_address(peer, forwarded) == client
