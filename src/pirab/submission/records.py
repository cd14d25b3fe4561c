"""What the pipeline and the report intake write. One statement or one short transaction each; all may be repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import msgspec

from pirab.core import db
from pirab.store import actions as store
from pirab.store.types import ChangeKind, ObjectType
from pirab.submission.states import Event, next_state
from pirab.submission.types import Phase, RecipientRow, ReportKind, UndoStatus


class OutboundRow(msgspec.Struct, frozen=True):
    """A submission as the pipeline sees it; `mail_from` is the reverse-path as written by the client."""

    account_id: int
    id: int
    email_id: int
    message_key: str
    source_digest: bytes | None
    outbound_digest: bytes | None
    mail_from: str
    secret: str
    created_at: datetime
    send_at: datetime
    undo_status: UndoStatus
    phase: Phase
    is_junk: bool
    attempts: int
    person_id: int | None


class Note(msgspec.Struct, frozen=True):
    """Something learnt about one recipient; `smtp_reply` is the reply line that says so."""

    recipient: RecipientRow
    event: Event
    smtp_reply: str


@contextmanager
def exclusive(submission_id: int) -> Iterator[bool]:
    """Whether this process alone may work on the submission now.

    An advisory lock of the database session: it ends with the connection, so a worker that was killed holds nothing
    back, and one that is only thought dead cannot send at the same time as its replacement.
    """
    is_ours = bool(db.scalar("select pg_try_advisory_lock(%s)", (submission_id,)))
    try:
        yield is_ours
    finally:
        if is_ours:
            db.execute("select pg_advisory_unlock(%s)", (submission_id,))


def load(account_id: int, submission_id: int) -> OutboundRow | None:
    """The submission, destroyed by its owner or not; None when there is none."""
    found = db.row(
        """
        select account_id, id, email_id, message_key, source_digest, outbound_digest, mail_from, secret, created_at,
               send_at, undo_status, phase, is_junk, attempts, person_id
          from submission_submission where account_id = %s and id = %s
        """,
        (account_id, submission_id),
    )
    if found is None:
        return None
    named = zip(OutboundRow.__struct_fields__, found, strict=True)  # columns stand in the order of the fields
    return msgspec.convert(dict(named), OutboundRow)


def begin_sending(row: OutboundRow, outbound_digest: bytes, is_junk: bool) -> bool:
    """The point of no return: from here on the submission is final. False when it was canceled first."""
    with db.transaction():
        log_updated(row.account_id, row.id)
        changed = db.execute(
            """
            update submission_submission
               set undo_status = %s, phase = %s, outbound_digest = %s, is_junk = %s, attempts = 0
             where account_id = %s and id = %s and undo_status = %s
            """,
            (
                UndoStatus.FINAL,
                Phase.SENDING,
                outbound_digest,
                is_junk,
                row.account_id,
                row.id,
                UndoStatus.PENDING,
            ),
        )
    return changed == 1


def refuse_all(row: OutboundRow, notes: Sequence[Note], at: datetime) -> bool:
    """End a submission that may not leave: final, every recipient as noted. False when it was canceled first."""
    with db.transaction():
        log_updated(row.account_id, row.id)
        changed = db.execute(
            """
            update submission_submission set undo_status = %s, phase = %s
             where account_id = %s and id = %s and undo_status = %s
            """,
            (UndoStatus.FINAL, Phase.SENDING, row.account_id, row.id, UndoStatus.PENDING),
        )
        if changed:
            write_notes(row.account_id, row.id, notes, at)
    return changed == 1


def write_notes(account_id: int, submission_id: int, notes: Sequence[Note], at: datetime) -> None:
    """Write what was learnt, unless another writer learnt something about the same recipient meanwhile."""
    known = [(note, next_state(note.recipient.state, note.event)) for note in notes]
    changes = [(note, state) for note, state in known if state is not None]
    db.execute(
        """
        update submission_recipient r set state = n.state, smtp_reply = n.reply, last_event_at = %s
          from unnest(%s::int[], %s::text[], %s::text[], %s::text[]) as n(position, before, state, reply)
         where r.account_id = %s and r.submission_id = %s and r.position = n.position and r.state = n.before
        """,
        (
            at,
            [note.recipient.position for note, _ in changes],
            [note.recipient.state for note, _ in changes],
            [state for _, state in changes],
            [note.smtp_reply for note, _ in changes],
            account_id,
            submission_id,
        ),
    )


def postpone(row: OutboundRow, next_attempt_at: datetime) -> None:
    """Count an attempt that did not finish the work and say when the next one is due."""
    db.execute(
        """
        update submission_submission set attempts = attempts + 1, next_attempt_at = %s
         where account_id = %s and id = %s and phase <> %s
        """,
        (next_attempt_at, row.account_id, row.id, Phase.DONE),
    )


def finish(row: OutboundRow) -> None:
    """Nothing is left to do: the blobs are let go and the submission is no longer due."""
    db.execute(
        """
        update submission_submission
           set phase = %s, next_attempt_at = null, source_digest = null, outbound_digest = null
         where account_id = %s and id = %s
        """,
        (Phase.DONE, row.account_id, row.id),
    )


def unreported_failures(row: OutboundRow) -> list[int]:
    """Positions of failed recipients of whom the sender was not told yet."""
    found = db.rows(
        """
        select position from submission_recipient
         where account_id = %s and submission_id = %s and state = 'failed' and not is_bounced order by position
        """,
        (row.account_id, row.id),
    )
    return [position for (position,) in found]


def mark_bounced(account_id: int, submission_id: int, positions: Sequence[int]) -> None:
    """The sender has been told of these failures."""
    db.execute(
        """
        update submission_recipient set is_bounced = true
         where account_id = %s and submission_id = %s and position = any(%s)
        """,
        (account_id, submission_id, list(positions)),
    )


def mark_displayed(account_id: int, submission_id: int, positions: Sequence[int], at: datetime) -> None:
    """These recipients say that the letter was displayed; the first time counts."""
    db.execute(
        """
        update submission_recipient set displayed_at = %s
         where account_id = %s and submission_id = %s and position = any(%s) and displayed_at is null
        """,
        (at, account_id, submission_id, list(positions)),
    )


def add_report(
    account_id: int, submission_id: int, digest: bytes, at: datetime, kind: ReportKind = ReportKind.DSN
) -> bool:
    """Remember a notification; False when the same bytes came before."""
    return bool(
        db.execute(
            """
            insert into submission_report (account_id, submission_id, digest, received_at, kind)
            values (%s, %s, %s, %s, %s)
                on conflict do nothing
            """,
            (account_id, submission_id, digest, at, kind),
        )
    )


def count_reports(
    account_id: int, submission_id: int, except_digest: bytes, kind: ReportKind = ReportKind.DSN
) -> int:
    """How many notifications were accepted, not counting the one that is named."""
    counted: int = db.scalar(
        """
        select count(*) from submission_report
         where account_id = %s and submission_id = %s and digest <> %s and kind = %s
        """,
        (account_id, submission_id, except_digest, kind),
    )
    return counted


def overdue(before: datetime, limit: int) -> list[tuple[int, int]]:
    """(account, submission) whose next attempt was due before `before`, the longest waiting first."""
    found = db.rows(
        """
        select account_id, id from submission_submission
         where next_attempt_at < %s order by next_attempt_at limit %s
        """,
        (before, limit),
    )
    return [(account_id, submission_id) for account_id, submission_id in found]


def settle_silent(handed_over: datetime, delayed: datetime, at: datetime, limit: int) -> int:
    """Turn to `relayed` whom nothing was heard of since `handed_over` (since `delayed` for those delayed).

    At most `limit` submissions; returns how many recipients.
    """
    found = db.rows(
        """
        select distinct account_id, submission_id from submission_recipient
         where (state = 'handed_over' and last_event_at < %s) or (state = 'delayed' and last_event_at < %s)
         limit %s
        """,
        (handed_over, delayed, limit),
    )
    settled = 0
    for account_id, submission_id in found:
        with db.transaction():
            log_updated(account_id, submission_id)
            settled += db.execute(
                """
                update submission_recipient set state = 'relayed', last_event_at = %s
                 where account_id = %s and submission_id = %s
                   and ((state = 'handed_over' and last_event_at < %s)
                     or (state = 'delayed' and last_event_at < %s))
                """,
                (at, account_id, submission_id, handed_over, delayed),
            )
    return settled


def log_updated(account_id: int, submission_id: int) -> None:
    """Tell the owner's clients that the submission changed, unless they were told that it is gone.

    Comes first in a transaction: it takes the account's lock, and every writer takes that one before a row's.
    """
    # Asked with the account held: told of after its end, it would seem to have come back.
    store.log_change_where(
        account_id,
        ObjectType.SUBMISSION,
        submission_id,
        ChangeKind.UPDATED,
        lambda: bool(
            db.scalar(
                "select destroyed_at is null from submission_submission where account_id = %s and id = %s",
                (account_id, submission_id),
            )
        ),
    )
