"""The vacation response: what it says, whom it answers, and sending it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from pirab.core import clock, db, jobs
from pirab.core.log import get_logger
from pirab.directory import queries as directory
from pirab.filtering import correspondents
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
    if arrival.role in (MailboxRole.JUNK, MailboxRole.TRASH) or not arrival.reverse_path:
        return
    away = list(_away(arrival.emails, arrival.received_at))
    if not away:
        return
    header = _header(arrival.content)
    for account_id in away:
        own = {address.address.lower() for address in directory.addresses_of(account_id)}
        if not may_answer(header, arrival.reverse_path, own):
            continue
        correspondent = correspondents.name_of(arrival.reverse_path)
        if correspondents.remember(account_id, correspondent, arrival.received_at, PERIOD):
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
    return send_once(account_id, correspondents.name_of(reverse_path), mail, reverse_path)


def send_once(account_id: int, correspondent: bytes, mail: bytes, forward_path: str) -> Fate | None:
    """Send an answer that was `remember`ed, unless a run that was cut off may have sent it (then None): once more would
    be once too often. Raises `ScannerUnavailable`."""
    if not correspondents.claim(account_id, correspondent):
        return None
    try:
        author = directory.addresses_of(account_id)[0].address
        fate = send_automatic(mail, author, forward_path, clock.now())
    except Exception:
        correspondents.release(account_id, correspondent)
        raise
    if fate is Fate.LATER:
        correspondents.release(account_id, correspondent)
    _log.info("automatic reply", account=account_id, fate=fate.value)
    return fate


def forget_answered(before: datetime) -> int:
    """Forget whom nobody needs to remember any more; returns how many."""
    return db.execute("delete from filtering_answered where answered_at < %s", (before,))


def _away(account_ids: Collection[int], now: datetime) -> Iterator[int]:
    found = db.rows(
        f"select account_id, {_COLUMNS} from filtering_vacation"  # noqa: S608 - names of our own
        " where account_id = any(%s::bigint[]) and is_enabled order by account_id",
        (db.array(account_ids),),
    )
    return (row[0] for row in found if VacationResponse(*row[1:]).is_active(now))


def _header(content: bytes) -> Header:
    header: dict[str, list[bytes]] = {}
    for field in header_fields(content, parse_message(content).root):
        header.setdefault(field.name.lower(), []).append(field.value)
    return header
