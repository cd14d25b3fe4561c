"""Letters sent on to another address (rfc5228#4.2): which may be, and sending them.

A letter goes round no circle: every account that sends one on leaves its address in Delivered-To, and neither sends it
on again nor to an address that stands there; a letter that has passed too many hands stays. Reports of what becomes of
it come to the account that sent it on; a letter with a null path keeps that, so that reports are never reported on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from pirab.core import clock, db, jobs
from pirab.core.ids import IdKind, encode_id
from pirab.directory import queries as directory
from pirab.directory.queries import normal_form
from pirab.filtering import troubles
from pirab.filtering.engine import Letter
from pirab.store import queries as stored
from pirab.submission.automatic import Fate, send_on
from pirab.wire.compose import remove_fields
from pirab.wire.headers import as_text

REDIRECT_TASK: Final = "filtering.redirect"
MOST_A_DAY: Final = 500
"""Letters one account sends on in a day."""
MOST_HOPS: Final = 25
"""Received fields of a letter that is still sent on."""

Policy = Callable[[int, str], bool]
"""Whether an account may send letters on to an address outside."""
_policies: list[Policy] = []


def register_policy(policy: Policy) -> None:
    """Have `policy` asked before a letter is sent on to the outside; one no is enough."""
    if policy not in _policies:
        _policies.append(policy)


def permitted(account_id: int, letter: Letter, addresses: tuple[str, ...], now: datetime) -> list[str]:
    """Those of `addresses` the letter may be sent on to; notes why not, where its owner ought to know.

    Counts them against the day's limit, in the caller's transaction.
    """
    own = {address.address for address in directory.addresses_of(account_id)}
    passed = {normal_form(as_text(value)) for value in letter.header.get("delivered-to", ())}
    if not own or own & passed or len(letter.header.get("received", ())) > MOST_HOPS:
        return []
    allowed: list[str] = []
    for address in addresses:
        found = directory.resolve_recipient(address)
        if normal_form(address) in passed or (found is not None and found.account_id == account_id):
            continue
        if found is None and not all(policy(account_id, address) for policy in _policies):
            troubles.note(account_id, f"letters may not be sent on to {address}", now)
        elif not _count(account_id, now):
            troubles.note(account_id, f"more than {MOST_A_DAY} letters to be sent on in a day", now)
        else:
            allowed.append(address)
    return allowed


def ask_for(account_id: int, email_id: int, reverse_path: str, addresses: list[str]) -> None:
    """Have the letter sent on. Part of the delivering transaction."""
    for address in addresses:
        jobs.defer(
            REDIRECT_TASK,
            account_id=account_id,
            email_id=email_id,
            reverse_path=reverse_path,
            address=address,
        )


def send(account_id: int, email_id: int, reverse_path: str, address: str) -> Fate | None:
    """Send one letter on; None when it is gone. Raises `ScannerUnavailable`."""
    views = stored.email_views(account_id, [email_id])
    addresses = directory.addresses_of(account_id)
    if not views or not addresses:
        return None
    now = clock.now()
    author = addresses[0].address
    original = remove_fields(stored.message_bytes(views[0].digest), ("return-path", "bcc"))
    mail = _resent(author, address, email_id, now) + original
    fate = send_on(mail, author, author if reverse_path else "", address, now)
    if fate is Fate.REFUSED:
        troubles.note(account_id, f"a letter could not be sent on to {address}", now)
    return fate


def _resent(author: str, address: str, email_id: int, now: datetime) -> bytes:
    """rfc5322#3.6.6. The id names the email: whoever gets it twice, after a lost answer of ours, can tell."""
    domain = author.rpartition("@")[2]
    return (
        f"Delivered-To: {author}\r\n"
        f"Resent-Date: {format_datetime(now)}\r\n"
        f"Resent-From: <{author}>\r\n"
        f"Resent-To: <{address}>\r\n"
        f"Resent-Message-ID: <redirect.{encode_id(IdKind.EMAIL, email_id)}@{domain}>\r\n"
        "X-Auto-Response-Suppress: OOF\r\n"
    ).encode()


def forget_counts(before: datetime) -> int:
    """Forget how much was sent on before that day; returns how many rows went."""
    return db.execute("delete from filtering_redirected where day < %s", (before.date(),))


def _count(account_id: int, now: datetime) -> bool:
    return bool(
        db.execute(
            """
            insert into filtering_redirected as r (account_id, day, letters) values (%s, %s, 1)
            on conflict (account_id, day) do update set letters = r.letters + 1 where r.letters < %s
            """,
            (account_id, now.date(), MOST_A_DAY),
        )
    )
