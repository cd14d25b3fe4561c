"""What makes a good password (NIST SP 800-63B-4, 3.1.1.2): long enough, not known from a breach, not about its owner.

No rules about kinds of letters, no change by the calendar. Known ones are found without asking anybody: twenty thousand
come with Django, and an operator may add a file of SHA-1 digests in ascending order, as breach collections offer them.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from pirab.core import db
from pirab.directory import actions as directory
from pirab.signin import sessions
from pirab.signin.errors import PasswordRefused, SignInRefused

SHORTEST: Final = 12
"""Characters."""
LONGEST: Final = 1024
_SAME_FEW: Final = 5
"""A password made of fewer different characters than this is no better than a short one."""
_DIGEST_CHARS: Final = 40

_known: Final = CommonPasswordValidator()


def normal(password: str) -> str:
    """The spelling that is hashed: keyboards disagree on how to compose accented letters."""
    return unicodedata.normalize("NFC", password)


def require_good(password: str, about: list[str]) -> None:
    """Return when `password` may be used by somebody whom `about` describes (address, names).

    Raises `PasswordRefused` with `too_short`, `too_long`, `personal` or `known`.
    """
    password = normal(password)
    if len(password) < SHORTEST or len(set(password)) < _SAME_FEW:
        raise PasswordRefused("too_short")
    if len(password) > LONGEST:
        raise PasswordRefused("too_long")
    if _is_about(password, about):
        raise PasswordRefused("personal")
    if is_known(password):
        raise PasswordRefused("known")


def is_known(password: str) -> bool:
    """Whether the password is in one of the lists of known ones, also with digits or marks hung on at its ends."""
    lowered = password.casefold().strip()
    bare = lowered.strip("0123456789!@#$%^&*()-_=+.,?/ ")
    if lowered in _known.passwords or (bare != lowered and bare in _known.passwords):
        return True
    path: Path | None = settings.ENVIRONMENT.breach_list
    return path is not None and _is_listed(path, hashlib.sha1(password.encode(), usedforsecurity=False))


def change(person_id: int, current: str | None, new: str, kept_session: int | None) -> None:
    """Replace the person's password and end their other sessions.

    `current` is None only where something else has proved who is there. Raises `SignInRefused` when it is wrong,
    `PasswordRefused` as `require_good` does and with `same`.
    """
    login, stored, name_th, name_en = db.rows(_PERSON, (person_id,))[0]
    if current is not None and not check_password(normal(current), stored):
        raise SignInRefused()
    if check_password(normal(new), stored):
        raise PasswordRefused("same")
    require_good(new, [login, name_th, name_en])
    with db.transaction():
        directory.set_password(person_id, normal(new))
        sessions.close_others(person_id, kept_session)


_PERSON: Final = "select login, password, name_th, name_en from directory_person where id = %s"


def _is_about(password: str, about: list[str]) -> bool:
    """Whether the password is little more than a word about its owner, forwards or backwards."""
    lowered = password.casefold()
    words = {word for text in about for word in _words(text)}
    return any(
        word in candidate and len(word) * 2 >= len(password)
        for word in words
        for candidate in (lowered, lowered[::-1])
    )


def _words(text: str) -> list[str]:
    folded = text.casefold()
    wholes = folded.replace("@", " ").split()
    parts = folded.replace("@", " ").replace(".", " ").split()
    return [part for part in [folded, *wholes, *parts] if len(part) >= 4]


def _is_listed(path: Path, digest: hashlib._Hash) -> bool:
    """Whether a file of lines that begin with an upper-case SHA-1, in ascending order, has this one."""
    wanted = digest.hexdigest().upper().encode("ascii")
    with path.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            if middle:
                file.seek(middle - 1)
                file.readline()  # to the beginning of a line: this one's where `middle` is it
            else:
                file.seek(0)
            start = file.tell()
            line = file.readline()
            found = line[:_DIGEST_CHARS].upper()
            if not line or found > wanted:
                high = middle
            elif found < wanted:
                low = start + len(line)
            else:
                return True
    return False
