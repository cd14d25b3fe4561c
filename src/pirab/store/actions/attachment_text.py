"""Words from inside attachments: they arrive after the letter, when somebody has opened the files."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.store.actions.unread_attachments import forget_unread, let_settle
from pirab.store.indexing import body_vector
from pirab.store.queries.attachment_text import attachment_text


def set_attachment_text(message_id: int, text: str, reading: str) -> None:
    """Keep `text` as what the attachments of a message say, and have every holder find the letter by it.

    `reading` says how it went (`extraction.types.Reading`). A message that is gone is no error. Repeating it changes
    nothing; another text replaces the kept one, and words once indexed stay.
    """
    with db.transaction():
        if db.row("select id from store_message where id = %s for no key update", (message_id,)) is None:
            forget_unread(message_id)
            return
        db.execute(_KEEP, (message_id, reading, text))
        if _index(message_id, text):
            let_settle(message_id)
        else:
            forget_unread(message_id)


def index_attachment_text(message_id: int) -> None:
    """Index the kept text of the attachments once more.

    A delivery that has read the message's words before `set_attachment_text` and writes them after it would leave its
    holder without those of the attachments: this, called when no such delivery can be under way any more, mends it.
    """
    with db.transaction():
        _index(message_id, attachment_text(message_id))
        forget_unread(message_id)


def _index(message_id: int, text: str) -> bool:
    """Whether there were words to index."""
    words = body_vector(text)
    if not words:
        return False
    db.execute(_INDEX, {"message": message_id, "words": words})
    db.execute(_INDEX_SHARED, {"message": message_id, "words": words})
    return True


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
