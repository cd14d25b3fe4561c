"""The mail of the demo government: written for this purpose, about nothing real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from pirab.console.demo.content import CONVERSATIONS, NOTICES, DemoLetter
from pirab.console.demo.people import OFFICES, PEOPLE
from pirab.store.types import MailboxRole
from pirab.wire.compose import Draft, compose
from pirab.wire.types import Address


class FiledLetter(msgspec.Struct, frozen=True):
    """A message and where it lies in its reader's account."""

    raw: bytes
    role: MailboxRole
    keywords: frozenset[str]
    received_at: datetime


_NAMES = {each.email: each.name_th for each in (*PEOPLE, *OFFICES)}


def letters_for(reader: str, now: datetime) -> Iterator[FiledLetter]:
    """The letters this address has got and sent, spread over the weeks before `now`."""
    for notice in NOTICES:
        if reader != notice.sender:
            yield _filed(reader, notice, now, (), to=(reader,))
    yield from conversations_of(reader, now)


def conversations_of(reader: str, now: datetime) -> Iterator[FiledLetter]:
    """The letters this address has exchanged with others."""
    for conversation in CONVERSATIONS:
        earlier: list[str] = []
        for letter in conversation:
            if reader in (letter.sender, *letter.to, *letter.cc):
                yield _filed(reader, letter, now, tuple(earlier), to=letter.to)
            earlier.append(letter.message_id)


def _filed(
    reader: str, letter: DemoLetter, now: datetime, earlier: tuple[str, ...], *, to: tuple[str, ...]
) -> FiledLetter:
    moment = (now - timedelta(hours=letter.hours_ago)).replace(microsecond=0)
    is_mine = letter.sender == reader
    keywords = set(letter.keywords)
    if is_mine or letter.hours_ago > 60:
        keywords.add("$seen")
    role = MailboxRole.SENT if is_mine else letter.role
    return FiledLetter(compose(_draft(letter, moment, earlier, to)), role, frozenset(keywords), moment)


def _draft(letter: DemoLetter, moment: datetime, earlier: tuple[str, ...], to: tuple[str, ...]) -> Draft:
    return Draft(
        from_=(_address(letter.sender),),
        to=tuple(_address(address) for address in to),
        cc=tuple(_address(address) for address in letter.cc),
        subject=letter.subject,
        message_id=letter.message_id,
        in_reply_to=earlier[-1:],
        references=earlier,
        date=moment,
        text=letter.text,
        html=letter.html,
        attachments=letter.attachments,
    )


def _address(email: str) -> Address:
    return Address(_NAMES.get(email), email)
