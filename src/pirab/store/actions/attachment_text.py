"""Words from inside attachments: they arrive after the letter, when somebody has opened the files."""

from __future__ import annotations

from typing import Final

from pirab.core import db, jobs
from pirab.store.indexing import body_vector
from pirab.store.queries.attachment_text import attachment_text
from pirab.wire.mime.documents import documents
from pirab.wire.types import ParsedMessage

READ_ATTACHMENTS_TASK: Final = "extraction.read"
"""The job that opens the files; it runs on a higher floor and comes back with `set_attachment_text`."""


def ask_to_read_attachments(message_id: int) -> None:
    """Have the files of a message opened once this transaction commits."""
    # Two lanes: however many letters wait, two files are open at a time.
    jobs.defer(READ_ATTACHMENTS_TASK, lock=f"extraction-{message_id % 2}", message_id=message_id)


def ask_if_there_are_documents(message_id: int, parsed: ParsedMessage) -> None:
    """The same, for a message that has just been parsed: most letters have nothing to open."""
    bodies = {*parsed.text_body, *parsed.html_body}
    if next(documents(parsed.root, bodies), None) is not None:
        ask_to_read_attachments(message_id)


def set_attachment_text(message_id: int, text: str, reading: str) -> None:
    """Keep `text` as what the attachments of a message say, and have every holder find the letter by it.

    `reading` says how it went (`extraction.types.Reading`). A message that is gone is no error. Repeating it changes
    nothing; another text replaces the kept one, and words once indexed stay.
    """
    with db.transaction():
        if db.row("select id from store_message where id = %s for no key update", (message_id,)) is None:
            return
        db.execute(_KEEP, (message_id, reading, text))
        _index(message_id, text)


def index_attachment_text(message_id: int) -> None:
    """Index the kept text of the attachments once more.

    A delivery that has read the message's words before `set_attachment_text` and writes them after it would leave its
    holder without those of the attachments: this, called when no such delivery can be under way any more, mends it.
    """
    with db.transaction():
        _index(message_id, attachment_text(message_id))


def _index(message_id: int, text: str) -> None:
    words = body_vector(text)
    if words:
        db.execute(_INDEX, {"message": message_id, "words": words})
        db.execute(_INDEX_SHARED, {"message": message_id, "words": words})


_KEEP: Final = """
    insert into store_message_text (message_id, reading, text) values (%s, %s, %s)
    on conflict (message_id) do update set reading = excluded.reading, text = excluded.text
     where (store_message_text.reading, store_message_text.text) is distinct from (excluded.reading, excluded.text)
"""

# Rows that have the words already are left alone.
_INDEX: Final = """
    update store_email_search s set tokens = s.tokens || %(words)s::tsvector
      from store_email e
     where e.message_id = %(message)s and s.account_id = e.account_id and s.email_id = e.id
       and tsvector_to_array(s.tokens) is distinct from tsvector_to_array(s.tokens || %(words)s::tsvector)
"""

_INDEX_SHARED: Final = """
    update store_message_search s set tokens = s.tokens || %(words)s::tsvector
     where s.message_id = %(message)s
       and tsvector_to_array(s.tokens) is distinct from tsvector_to_array(s.tokens || %(words)s::tsvector)
"""
