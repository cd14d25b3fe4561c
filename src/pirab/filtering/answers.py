"""Answers that a filter asks for: the `vacation` action (RFC 5230) and "reply" of the rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import msgspec

from pirab.core import clock, jobs
from pirab.directory import queries as directory
from pirab.filtering import correspondents, vacation
from pirab.filtering.engine import Letter, Reply
from pirab.filtering.etiquette import may_answer
from pirab.filtering.reply import compose_reply
from pirab.filtering.types import VacationResponse
from pirab.store import queries as stored
from pirab.store.arrivals import Incoming
from pirab.submission.automatic import Fate
from pirab.wire.mime import parse_message, part_text

ANSWER_TASK: Final = "filtering.answer"
LONGEST_SUBJECT: Final = 500
LONGEST_REASON: Final = 40_000


def ask_for(incoming: Incoming, letter: Letter, account_id: int, email_id: int, wanted: Reply) -> None:
    """Have the letter answered, if a machine may answer it and its sender was not answered lately. Part of the
    delivering transaction."""
    own = {address.address.lower() for address in directory.addresses_of(account_id)}
    own |= {address.lower() for address in wanted.own_addresses}
    if not incoming.reverse_path or not may_answer(letter.header, incoming.reverse_path, own):
        return
    correspondent = correspondents.name_of(incoming.reverse_path, wanted.handle)
    period = timedelta(seconds=wanted.period)
    if correspondents.remember(account_id, correspondent, incoming.received_at, period):
        jobs.defer(
            ANSWER_TASK,
            account_id=account_id,
            email_id=email_id,
            reverse_path=incoming.reverse_path,
            content=msgspec.to_builtins(wanted),
        )


def answer(account_id: int, email_id: int, reverse_path: str, content: dict[str, Any]) -> Fate | None:
    """Write and send one answer; None when there is nothing to answer any more. Raises `ScannerUnavailable`."""
    wanted = msgspec.convert(content, Reply)
    views = stored.email_views(account_id, [email_id])
    addresses = directory.addresses_of(account_id)
    if not views or not addresses:
        return None
    author = next((each for each in addresses if each.address == (wanted.from_ or "").lower()), addresses[0])
    parsed = parse_message(stored.message_bytes(views[0].digest))
    mail = compose_reply(_words(wanted), parsed, author, reverse_path, email_id, clock.now())
    return vacation.send_once(
        account_id, correspondents.name_of(reverse_path, wanted.handle), mail, reverse_path
    )


def _words(wanted: Reply) -> VacationResponse:
    subject = " ".join((wanted.subject or "").split())[:LONGEST_SUBJECT] or None
    reason = wanted.reason[:LONGEST_REASON]
    if not wanted.is_mime:
        return VacationResponse(is_enabled=True, subject=subject, text_body=reason)
    raw = reason.encode("utf-8", "replace")
    parsed = parse_message(raw)
    leaf = next(
        (part for part in (parsed.root, *parsed.root.sub_parts) if part.part_id in parsed.text_body), None
    )
    text = parsed.search_text.body if leaf is None or leaf.type != "text/plain" else part_text(raw, leaf).text
    html = part_text(raw, parsed.root).text if parsed.root.type == "text/html" else None
    return VacationResponse(is_enabled=True, subject=subject, text_body=text, html_body=html)
