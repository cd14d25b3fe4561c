"""The words of a stored message, from wherever they are at hand."""

from __future__ import annotations

from pirab.core import db
from pirab.store.indexing import body_vector, search_vector
from pirab.store.queries.attachment_text import attachment_text
from pirab.store.queries.messages import message_bytes
from pirab.store.types import MessageRef
from pirab.wire.mime import parse_message


def message_tokens(message: MessageRef) -> str:
    """The tsvector literal: from this process, from somebody who holds the message, or read again."""
    if message.tokens is not None:
        return message.tokens
    found: str | None = db.scalar(
        """
        select coalesce(
            (select tokens::text from store_message_search where message_id = %(message)s),
            (select s.tokens::text
               from store_email e join store_email_search s on s.account_id = e.account_id and s.email_id = e.id
              where e.message_id = %(message)s limit 1))
        """,
        {"message": message.id},
    )
    if found is not None:
        return found
    return fresh_tokens(message)


def fresh_tokens(message: MessageRef) -> str:
    """The tsvector literal made from the bytes of the message and what is known of its attachments."""
    words = search_vector(parse_message(message_bytes(message.digest)).search_text)
    return f"{words} {body_vector(attachment_text(message.id))}"
