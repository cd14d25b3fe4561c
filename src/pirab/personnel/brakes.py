"""The brakes of joining. Each belongs to a network or to what is guessed at; no account and no sign-in feels them."""

from __future__ import annotations

import hashlib
from typing import Final

from pirab.signin import throttle
from pirab.signin.throttle import Brake
from pirab.signin.types import Origin

ASKING: Final = Brake(60, 60)
"""Codes and looks at personnel lists from one network: an office behind one address joins in a morning."""
NAMING: Final = Brake(8, 6 * 3600)
"""Guesses about one named person from everywhere: five digits and a year do not fall to eight tries a day."""


def slow_network(purpose: str, origin: Origin) -> None:
    """Count a question from this network; raises `TooManyAttempts`."""
    network = throttle.network_of("", origin) or b""
    throttle.claim(hashlib.sha256(f"joining {purpose}\0".encode() + network).digest(), ASKING)


def slow_name(folded: str) -> bytes:
    """Count a guess about this name; returns the brake's subject, to be cleared where it was right.

    Raises `TooManyAttempts`.
    """
    subject = hashlib.sha256(f"joining name\0{folded}".encode("utf-8", "surrogatepass")).digest()
    throttle.claim(subject, NAMING)
    return subject
