"""The vacation response: what it says, whom it answers, and sending it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from pirab.core import clock, db, jobs
from pirab.core.log import get_logger
from pirab.directory import queries as directory
from pirab.directory.queries import normal_form
from pirab.filtering.etiquette import Header, may_answer
from pirab.filtering.reply import compose_reply
from pirab.filtering.types import VacationResponse
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.arrivals import Arrival
from pirab.store.types import ChangeKind, MailboxRole, ObjectType
from pirab.submission.automatic import Fate, send_automatic
from pirab.wire.mime import header_fields, parse_message

REPLY_TASK: Final = "filtering.reply"
PERIOD: Final = timedelta(days=7)
"""A correspondent who goes on writing is told again after so long (rfc3834#2)."""
SINGLETON: Final = 1
"""The key of the one vacation response in the change log."""

_log = get_logger(__name__)
_COLUMNS: Final = "is_enabled, from_date, to_date, subject, text_body, html_body"


def vacation_of(account_id: int) -> VacationResponse:
    """What the account answers, whether or not it does so now."""
    found = db.row(f"select {_COLUMNS} from filtering_vacation where account_id = %s", (account_id,))  # noqa: S608
    return VacationResponse() if found is None else VacationResponse(*found)


def set_vacation(account_id: int, response: VacationResponse) -> None:
    """Say what the account answers from now on. Whoever was answered before is answered anew once it is switched on.

    Raises `AccountUnknown`.
    """
    with db.transaction():
        store.log_change(account_id, ObjectType.VACATION, SINGLETON, ChangeKind.UPDATED)
        was_enabled = vacation_of(account_id).is_enabled
        db.execute(
            _SAVE,
            (
                account_id,
                response.is_enabled,
                response.from_date,
                response.to_date,
                response.subject,
                response.text_body,
                response.html_body,
            ),
        )
        if response.is_enabled and not was_enabled:
            db.execute("delete from filtering_answered where account_id = %s", (account_id,))


_SAVE: Final = f"""
    insert into filtering_vacation (account_id, {_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s)
    on conflict (account_id) do update
       set ({_COLUMNS}) = (excluded.is_enabled, excluded.from_date, excluded.to_date, excluded.subject,
                           excluded.text_body, excluded.html_body)
"""  # noqa: S608 - names of our own


def consider(arrival: Arrival) -> None:
    """Have the mail answered for those of its recipients who are away. Part of the delivering transaction."""
    if arrival.role is MailboxRole.JUNK or not arrival.reverse_path:
        return
    away = list(_away(arrival.emails, arrival.received_at))
    if not away:
        return
    header = _header(arrival.content)
    for account_id in away:
        own = {address.address.lower() for address in directory.addresses_of(account_id)}
        if not may_answer(header, arrival.reverse_path, own):
            continue
        if _remember(account_id, arrival.reverse_path, arrival.received_at):
            jobs.defer(
                REPLY_TASK,
                account_id=account_id,
                email_id=arrival.emails[account_id],
                reverse_path=arrival.reverse_path,
            )


def reply(account_id: int, email_id: int, reverse_path: str) -> Fate | None:
    """Write and send one reply; None when there is nothing to answer any more. Raises `ScannerUnavailable`."""
    now = clock.now()
    response = vacation_of(account_id)
    views = stored.email_views(account_id, [email_id])
    addresses = directory.addresses_of(account_id)
    if not response.is_active(now) or not views or not addresses:
        return None
    parsed = parse_message(stored.message_bytes(views[0].digest))
    mail = compose_reply(response, parsed, addresses[0], reverse_path, email_id, now)
    if not _claim(account_id, reverse_path):
        return None  # a run that was cut off may have sent it: once more would be once too often
    try:
        fate = send_automatic(mail, addresses[0].address, reverse_path, now)
    except Exception:
        _release(account_id, reverse_path)
        raise
    if fate is Fate.LATER:
        _release(account_id, reverse_path)
    _log.info("vacation reply", account=account_id, fate=fate.value)
    return fate


def forget_answered(before: datetime) -> int:
    """Forget whom nobody needs to remember any more; returns how many."""
    return db.execute("delete from filtering_answered where answered_at < %s", (before,))


def _away(account_ids: Collection[int], now: datetime) -> Iterator[int]:
    found = db.rows(
        f"select account_id, {_COLUMNS} from filtering_vacation"  # noqa: S608 - names of our own
        " where account_id = any(%s::bigint[]) and is_enabled order by account_id",
        (list(account_ids),),
    )
    return (row[0] for row in found if VacationResponse(*row[1:]).is_active(now))


def _header(content: bytes) -> Header:
    header: dict[str, list[bytes]] = {}
    for field in header_fields(content, parse_message(content).root):
        header.setdefault(field.name.lower(), []).append(field.value)
    return header


def _remember(account_id: int, reverse_path: str, now: datetime) -> bool:
    """Note that the correspondent is being answered; False when they were, not long ago."""
    return bool(
        db.execute(
            """
            insert into filtering_answered as a (account_id, correspondent, answered_at, is_sent)
            values (%s, %s, %s, false)
            on conflict (account_id, correspondent) do update set answered_at = excluded.answered_at, is_sent = false
             where a.answered_at <= %s
            """,
            (account_id, _correspondent(reverse_path), now, now - PERIOD),
        )
    )


def _claim(account_id: int, reverse_path: str) -> bool:
    """Be the only one to send this reply."""
    return _mark(account_id, reverse_path, is_sent=True)


def _release(account_id: int, reverse_path: str) -> None:
    """It has gone nowhere: the next run may try."""
    _mark(account_id, reverse_path, is_sent=False)


def _mark(account_id: int, reverse_path: str, *, is_sent: bool) -> bool:
    return bool(
        db.execute(
            """
            update filtering_answered set is_sent = %s
             where account_id = %s and correspondent = %s and is_sent <> %s
            """,
            (is_sent, account_id, _correspondent(reverse_path), is_sent),
        )
    )


def _correspondent(reverse_path: str) -> bytes:
    """Whom we answered, without keeping a list of who writes to whom."""
    name = normal_form(reverse_path) or reverse_path.lower()
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
