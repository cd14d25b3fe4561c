"""The brake on guessed passwords: a wait that doubles with each failure, for one origin and one login.

An attempt is claimed before the password is checked, in one statement, so attempts made at the same moment
all count. The first few are free: people mistype. One network that tries many logins (password spraying) has a brake
of its own, gentle enough that the people who share its address only have to try again; known devices do not feel it.
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import timedelta
from typing import Final

import msgspec

from pirab.core import clock, db
from pirab.signin import device
from pirab.signin.errors import TooManyAttempts
from pirab.signin.types import Origin

FREE_ATTEMPTS: Final = 8
LONGEST_WAIT_SECONDS: Final = 15 * 60
FORGET_AFTER: Final = timedelta(days=1)


class Brake(msgspec.Struct, frozen=True):
    """How many attempts are free, and the longest wait between later ones, in seconds."""

    free: int
    longest: int


GUESSING: Final = Brake(FREE_ATTEMPTS, LONGEST_WAIT_SECONDS)
"""One login from one origin."""
SPRAYING: Final = Brake(200, 4)
"""All logins from one network, successes taken back: a ministry behind one address mistypes less than this."""
CODES: Final = Brake(50, LONGEST_WAIT_SECONDS)
"""The second factor of one person from every device that is not known to be theirs."""


def subject_of(login: str, origin: Origin) -> bytes:
    """What the brake is applied to: a device that signed in as `login` before, or else address and login."""
    known = device.number(origin.device, login)
    name = f"device\0{known}" if known else f"address\0{_network(origin.address)}"
    return hashlib.sha256(f"{name}\0{login}".encode("utf-8", "surrogatepass")).digest()


def network_of(login: str, origin: Origin) -> bytes | None:
    """The subject of the brake on spraying; None for a device that signed in as `login` before."""
    if device.number(origin.device, login):
        return None
    return hashlib.sha256(f"network\0{_network(origin.address)}".encode("utf-8", "surrogatepass")).digest()


def second_factor_of(login: str, origin: Origin) -> bytes:
    """The subject of the brake on guessed codes from one origin."""
    return hashlib.sha256(b"second factor\0" + subject_of(login, origin)).digest()


def second_factors_everywhere(login: str, origin: Origin) -> bytes | None:
    """The subject of the brake on guessed codes from all unknown devices; None for a known one."""
    if device.number(origin.device, login):
        return None
    return hashlib.sha256(f"second factors\0{login}".encode("utf-8", "surrogatepass")).digest()


def claim(subject: bytes, brake: Brake = GUESSING) -> None:
    """Count an attempt; raises `TooManyAttempts` while the subject has to wait, and then counts nothing."""
    now = clock.now()
    counted = db.scalar(
        """
        insert into signin_attempt as a (subject, failures, blocked_until, last_at)
        values (%(subject)s, 1, %(now)s, %(now)s)
        on conflict (subject) do update set
            failures = case when a.last_at < %(forgotten)s then 1 else a.failures + 1 end,
            blocked_until = case
                when a.last_at < %(forgotten)s or a.failures < %(free)s then %(now)s
                else %(now)s + least(power(2, least(a.failures - %(free)s + 1, 20)), %(longest)s)
                     * interval '1 second'
            end,
            last_at = %(now)s
        where a.blocked_until <= %(now)s
        returning failures
        """,
        {
            "subject": subject,
            "now": now,
            "forgotten": now - FORGET_AFTER,
            "free": brake.free,
            "longest": brake.longest,
        },
    )
    if counted is None:
        until = db.scalar("select blocked_until from signin_attempt where subject = %s", (subject,))
        raise TooManyAttempts(max(1, round((until - now).total_seconds())) if until else 1)


def clear(subject: bytes) -> None:
    """The password was right: the subject starts afresh."""
    db.execute("delete from signin_attempt where subject = %s", (subject,))


def take_back(subject: bytes) -> None:
    """The attempt claimed last was no failure after all."""
    db.execute(
        "update signin_attempt set failures = failures - 1 where subject = %s and failures > 0", (subject,)
    )


def forget() -> int:
    """Remove what no longer matters; the number of rows removed."""
    return db.execute("delete from signin_attempt where last_at < %s", (clock.now() - FORGET_AFTER,))


def _network(address: str) -> str:
    """An IPv4 address, or the /64 an IPv6 client may move in freely; anything else as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)
