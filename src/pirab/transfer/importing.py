"""The worker's part of an import: each letter is scanned, filed and ticked off in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from pirab.core import clock, db
from pirab.scanning.client import scan
from pirab.scanning.errors import ScannerUnavailable
from pirab.scanning.types import Action, ScanEnvelope
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.errors import AlreadyExists, OverQuota, StoreError
from pirab.store.types import MailboxDraft, MailboxRole
from pirab.transfer import imports
from pirab.transfer.incoming import Letter, SourceBroken, letters
from pirab.transfer.parts import PartsFile
from pirab.transfer.types import Import, ImportState
from pirab.wire.headers import as_date
from pirab.wire.mime import ParseLimits, header_fields, parse_message

_SHALLOW = ParseLimits(max_depth=1, max_parts=1, max_search_chars=0)


def import_some(account_id: int, import_id: int, is_time_up: Callable[[], bool]) -> ImportState:
    """Go on with an import until all is done or the time is up; returns where it is now.

    Exactly once: a letter and the place behind it are written together, and an account holds a message only once.
    Raises `ImportNotFound`, and `ScannerUnavailable`: nothing unscanned is filed, so it goes on later.
    """
    found = imports.import_of(account_id, import_id)
    if found.state is not ImportState.RUNNING:
        return found.state
    try:
        largest = settings.ENVIRONMENT.message_size_limit
        source = PartsFile(account_id, import_id)
        for letter in letters(found.format, source, found.place, largest):
            if _take(found, letter) >= imports.TOO_MANY_PROBLEMS:
                raise SourceBroken("tooManyProblems")
            if is_time_up():
                return ImportState.RUNNING
    except SourceBroken as error:
        _end(found, ImportState.FAILED, str(error))
        return ImportState.FAILED
    _end(found, ImportState.DONE, None)
    return ImportState.DONE


def _take(found: Import, letter: Letter) -> int:
    """File one letter or note why not; returns how many were not."""
    code = letter.problem or _scanned(letter)
    with db.transaction():
        now = imports.locked_import(found.account_id, found.id)
        if now.place >= letter.place:
            return now.problems  # another worker was here
        is_new = is_known = False
        if not code:
            try:
                _file(found.account_id, letter)
                is_new = True
            except AlreadyExists:
                is_known = True
            except OverQuota:
                code = "overQuota"
            except StoreError:
                code = "broken"
        if code:
            _report(now, letter.name, code)
        db.execute(
            """
            update transfer_import set place = %s, total = %s, imported = imported + %s, duplicates = duplicates + %s
             where account_id = %s and id = %s
            """,
            (letter.place, letter.total, int(is_new), int(is_known), found.account_id, found.id),
        )
        return now.problems + int(bool(code))


def _scanned(letter: Letter) -> str:
    """The problem code of a letter that must not come in, or ""; raises `ScannerUnavailable`."""
    raw = letter.raw or b""
    if not header_fields(raw, parse_message(raw, _SHALLOW).root):
        return "notMail"
    match scan(_crlf(raw), ScanEnvelope("", ())).action:
        case Action.REJECT:
            return "infected"
        case Action.DEFER:
            raise ScannerUnavailable("deferred")
    return ""


def _crlf(raw: bytes) -> bytes:
    """Line ends as mail has them; what has them already is not touched."""
    return raw if b"\r\n" in raw else raw.replace(b"\n", b"\r\n")


def _file(account_id: int, letter: Letter) -> None:
    raw = _crlf(letter.raw or b"")
    message = store.ensure_message(raw)
    boxes = {_mailbox(account_id, path) for path in letter.mailboxes or ((),)}
    keywords = frozenset(keyword.lower() for keyword in letter.keywords)
    received = letter.received_at or _received(raw) or clock.now()
    with db.transaction():
        store.create_email(account_id, message, boxes, keywords, received)


def _mailbox(account_id: int, path: tuple[str, ...]) -> int:
    """The mailbox at the path, made where it is missing; the archive for what lay in none."""
    present = stored.mailboxes(account_id)
    if not path:
        roles = {box.role: box.id for box in present}
        return roles.get(MailboxRole.ARCHIVE) or roles[MailboxRole.INBOX]
    parent: int | None = None
    for name in path:
        known = [box.id for box in present if box.parent_id == parent and box.name == name]
        if not known and parent is None and name.casefold() == "inbox":
            known = [box.id for box in present if box.role is MailboxRole.INBOX]
        parent = known[0] if known else store.create_mailbox(account_id, MailboxDraft(name, parent))
    assert parent is not None
    return parent


def _received(raw: bytes) -> datetime | None:
    """When the letter came in: by its newest Received field (rfc5321#4.4), else its Date."""
    for name in ("received", "date"):
        for field in header_fields(raw, parse_message(raw, _SHALLOW).root):
            if field.name.lower() == name:
                moment = as_date(field.value.rpartition(b";")[2])
                if moment is not None and 1970 <= moment.year < 9999:
                    return moment
    return None


def _report(found: Import, name: str, code: str) -> None:
    if found.problems < imports.MOST_PROBLEMS:
        db.execute(
            """
            insert into transfer_problem (account_id, import_id, number, name, code) values (%s, %s, %s, %s, %s)
            """,
            (found.account_id, found.id, found.problems, name.replace("\0", "")[:500], code),
        )
    db.execute(
        "update transfer_import set problems = problems + 1 where account_id = %s and id = %s",
        (found.account_id, found.id),
    )


def _end(found: Import, state: ImportState, code: str | None) -> None:
    with db.transaction():
        now = imports.locked_import(found.account_id, found.id)
        if now.state is not ImportState.RUNNING:
            return
        if code is not None:
            _report(now, "", code)
        db.execute(
            "update transfer_import set state = %s where account_id = %s and id = %s",
            (state, found.account_id, found.id),
        )
