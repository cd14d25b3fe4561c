"""The waiting room of moderated groups."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pirab.core import clock, db, jobs
from pirab.directory import queries as directory
from pirab.directory.types import GroupInfo
from pirab.groups.errors import LetterDecided, LetterNotFound
from pirab.groups.models import WaitingLetter
from pirab.groups.spreading import spread
from pirab.groups.types import Letter, State
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import MailboxRole, MessageRef
from pirab.wire.mime import parse_message

ASK_TASK: Final = "groups.ask_managers"
TELL_TASK: Final = "groups.tell_writer"
WAITS_FOR: Final = timedelta(days=14)
"""How long a letter waits for a manager before it is over."""
MEMORY: Final = timedelta(days=90)
"""How long decisions, and what passed a group, are remembered."""


def keep_waiting(letter: Letter, group: GroupInfo, message: MessageRef) -> None:
    """Keep the letter for the managers and tell them. Part of a transaction; repeating it changes nothing."""
    parsed = parse_message(letter.content)
    with db.transaction():
        if WaitingLetter.objects.filter(group_id=group.id, fingerprint=letter.fingerprint).exists():
            return
        row = WaitingLetter.objects.create(
            group_id=group.id,
            hold_id=store.hold_message(message.id),
            message_id=message.id,
            fingerprint=letter.fingerprint,
            reverse_path=letter.reverse_path,
            subject=_plain(parsed.subject or ""),
            preview=parsed.preview,
            size=len(letter.content),
            received_at=letter.received_at,
        )
        jobs.defer(ASK_TASK, letter_id=row.pk)


def release(letter_id: int, group_id: int, person_id: int) -> None:
    """Let the letter through to whoever is in the group now. Raises `LetterNotFound`, `LetterDecided`."""
    with db.transaction():
        row = _decide(letter_id, group_id, State.RELEASED, person_id)
        message = stored.message_with_id(row.message_id)
        if message is None:
            raise LetterNotFound()
        content = stored.message_bytes(message.digest)
        letter = Letter(
            content,
            row.reverse_path,
            MailboxRole.INBOX,
            clock.now(),
            is_vouched_for=True,
            fingerprint=bytes(row.fingerprint),
        )
        spread(letter, directory.group(group_id), message)
        store.let_go(row.hold_id)


def refuse(letter_id: int, group_id: int, person_id: int) -> None:
    """The letter goes no further; its writer is told. Errors as `release`."""
    with db.transaction():
        row = _decide(letter_id, group_id, State.REFUSED, person_id)
        jobs.defer(TELL_TASK, letter_id=row.pk)
        store.let_go(row.hold_id)


def expire() -> int:
    """Close letters nobody decided on in time, whose writers are told; returns how many."""
    late = WaitingLetter.objects.filter(state=State.WAITING, received_at__lte=clock.now() - WAITS_FOR)
    done = 0
    for letter_id, group_id in list(late.values_list("pk", "group_id")[:1000]):
        with db.transaction():
            row = _decide(letter_id, group_id, State.EXPIRED, None)
            jobs.defer(TELL_TASK, letter_id=row.pk)
            store.let_go(row.hold_id)
            done += 1
    return done


def forget(before: datetime) -> None:
    """Forget what was decided, and what passed, before then."""
    WaitingLetter.objects.exclude(state=State.WAITING).filter(decided_at__lt=before).delete()
    db.execute("delete from groups_passed where passed_at < %s", (before,))


def _decide(letter_id: int, group_id: int, state: State, person_id: int | None) -> WaitingLetter:
    row = WaitingLetter.objects.select_for_update().filter(pk=letter_id, group_id=group_id).first()
    if row is None:
        raise LetterNotFound()
    if row.state != State.WAITING:
        raise LetterDecided()
    WaitingLetter.objects.filter(pk=letter_id).update(
        state=state, decided_by_id=person_id, decided_at=clock.now()
    )
    return row


def _plain(text: str) -> str:
    return text.replace("\0", "")[:1000]
