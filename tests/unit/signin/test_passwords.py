"""What makes a good password, and finding one in a file of a million without reading it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from pirab.signin import passwords
from pirab.signin.errors import PasswordRefused

ABOUT = ["somchai.jaidee@moi.go.test", "สมชาย ใจดี", "Somchai Jaidee"]


@pytest.fixture
def breached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str], str], None]:
    """Have the operator's file hold these passwords, each line ending like this."""

    def write(known: list[str], ending: str) -> None:
        digests = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in known)
        path = tmp_path / "known.txt"
        path.write_bytes("".join(digest + ending for digest in digests).encode())
        monkeypatch.setattr(
            settings, "ENVIRONMENT", dataclasses.replace(settings.ENVIRONMENT, breach_list=path)
        )

    return write


@pytest.mark.parametrize("ending", ["\n", "\r\n", ":3\n", ":12345678\r\n"])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 64, 257])
def test_every_line_of_the_file_is_found_and_nothing_else(
    breached: Callable[[list[str], str], None], ending: str, size: int
) -> None:
    known = [f"known password {number}" for number in range(size)]
    breached(known, ending)
    assert [word for word in known if not passwords.is_known(word)] == []
    assert [n for n in range(200) if passwords.is_known(f"unheard of {n}")] == []


def test_a_file_without_a_last_line_end(breached: Callable[[list[str], str], None]) -> None:
    breached(["one of them"], "")
    assert passwords.is_known("one of them")
    assert not passwords.is_known("another one")


@pytest.mark.parametrize(
    "good", ["correct horse battery", "ม้าถูกต้องแบตเตอรี่", "nine lives of a cat", "a b c d e f g h i"]
)
def test_a_long_unknown_password_is_good(good: str) -> None:
    passwords.require_good(good, ABOUT)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("", "too_short"),
        ("elevenchars", "too_short"),
        ("abababababab", "too_short"),
        ("ก" * 40, "too_short"),
        ("x1y2z3w4" * 200, "too_long"),
        ("somchai.jaidee", "personal"),
        ("eediaj.iahcmos!", "personal"),
        ("qwerty123456", "known"),
        ("!!123456qwerty!!", "known"),
        ("STARTFINDING99", "known"),
    ],
)
def test_a_bad_password_is_refused_and_says_why(bad: str, why: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        passwords.require_good(bad, ABOUT)
    assert refused.value.detail == why
