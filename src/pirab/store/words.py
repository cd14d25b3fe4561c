"""The words of a stored message, from wherever they are at hand."""

from __future__ import annotations

from pirab.core import db
from pirab.store.indexing import body_vector, search_vector
from pirab.store.queries.attachment_text import attachment_text
from pirab.store.queries.messages import message_bytes
from pirab.store.tokens import TOKENIZER_VERSION
from pirab.store.types import MessageRef
from pirab.wire.mime import parse_message
from pirab.wire.types import ParsedMessage


def message_tokens(message: MessageRef) -> str:
    """The tsvector literal: from this process, from somebody who holds the message, or read again."""
    if message.tokens is not None:
        return message.tokens
    found = _kept(message.id)
    return words_of_message(message.id, message.digest) if found is None else found


def words_of_message(message_id: int, digest: bytes) -> str:
    """The tsvector literal read anew from the message's bytes and from what its attachments say."""
    return words_of_parsed(message_id, parse_message(message_bytes(digest)))


def words_of_parsed(message_id: int, parsed: ParsedMessage) -> str:
    """The same for a message whose bytes have just been read."""
    return f"{search_vector(parsed.search_text)} {body_vector(attachment_text(message_id))}"


def _kept(message_id: int) -> str | None:
    found: str | None = db.scalar(
        """
        select coalesce(
            (select tokens::text from store_message_search
              where message_id = %(message)s and version = %(version)s),
            (select s.tokens::text
               from store_email e join store_email_search s on s.account_id = e.account_id and s.email_id = e.id
              where e.message_id = %(message)s and s.version = %(version)s limit 1))
        """,
        {"message": message_id, "version": TOKENIZER_VERSION},
    )
    return found
