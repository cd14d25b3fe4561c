"""Messages whose attachments nobody has opened yet.

A row a message, written with it, instead of a job a message: the worker takes ten at a time, and what a hundred letters
ask for in one second is one job.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from pirab.core import db, jobs
from pirab.wire.mime.documents import documents
from pirab.wire.types import ParsedMessage

READ_WAITING_TASK: Final = "extraction.read_waiting"
"""The job that opens the files; it runs on a higher floor and comes back with `set_attachment_text`."""
MOST_ATTEMPTS: Final = 6
SETTLING: Final = timedelta(minutes=2)
"""Longer than any delivery takes from reading a message's words to writing them."""


class Unread(msgspec.Struct, frozen=True):
    """A message whose attachments are to be opened; or, `is_read`, whose kept text is to be indexed once more."""

    message_id: int
    is_read: bool


def has_documents(parsed: ParsedMessage) -> bool:
    """Whether a message has files to open: most letters have none."""
    return next(documents(parsed.root, {*parsed.text_body, *parsed.html_body}), None) is not None


def ask_to_read_attachments(message_id: int) -> None:
    """Have the files of a message opened soon after this transaction commits."""
    db.execute(
        "insert into store_unread_attachment (message_id) values (%s) on conflict do nothing", (message_id,)
    )
    read_waiting_soon()


def read_waiting_soon() -> None:
    """Have the worker look once this transaction commits."""
    jobs.defer_soon(READ_WAITING_TASK)


def claim_unread(limit: int) -> list[Unread]:
    """At most `limit` messages that wait, for nobody else during the next two minutes.

    Whoever claims and dies leaves them to others then; each further attempt waits four times as long, and after
    `MOST_ATTEMPTS` the message is left to the nightly sweep.
    """
    db.execute(
        "delete from store_unread_attachment where next_at <= clock_timestamp() and attempts >= %s",
        (MOST_ATTEMPTS,),
    )
    return [Unread(*row) for row in db.rows(_CLAIM, (limit,))]


def forget_unread(message_id: int) -> None:
    """Nothing is left to do for the attachments of this message."""
    db.execute("delete from store_unread_attachment where message_id = %s", (message_id,))


def let_settle(message_id: int) -> None:
    """The attachments have been read: index their words once more when no delivery can be under way any more."""
    db.execute(
        """
        insert into store_unread_attachment (message_id, is_read, next_at)
        values (%(message)s, true, clock_timestamp() + %(settling)s)
        on conflict (message_id) do update set is_read = true, attempts = 0, next_at = excluded.next_at
        """,
        {"message": message_id, "settling": SETTLING},
    )


# Times are spread, so that a document that brings its reader down does not meet the same neighbours again.
_CLAIM: Final = """
    update store_unread_attachment
       set attempts = attempts + 1,
           next_at = clock_timestamp() + (1 + random()) * interval '2 minutes' * power(4, attempts)
     where message_id = any(array(select message_id from store_unread_attachment where next_at <= clock_timestamp()
                                   order by next_at limit %s for update skip locked))
    returning message_id, is_read
"""
