"""What is known of the text inside attachments."""

from __future__ import annotations

import msgspec

from pirab.core import db
from pirab.store.queries.messages import decode_envelope
from pirab.store.types import decode_structure
from pirab.wire.types import Part


class MessageSource(msgspec.Struct, frozen=True):
    """Where the bytes of a message are (SHA-256 `digest`), its MIME tree, and which parts are its own text."""

    digest: bytes
    root: Part
    bodies: frozenset[str]


def message_source(message_id: int) -> MessageSource | None:
    """What is needed to open the attachments of a message, or None when it is gone."""
    found = db.row("select digest, structure, envelope from store_message where id = %s", (message_id,))
    if found is None:
        return None
    envelope = decode_envelope(found[2])
    return MessageSource(
        bytes(found[0]), decode_structure(found[1]), frozenset((*envelope.text_body, *envelope.html_body))
    )


def attachment_text(message_id: int) -> str:
    """What the attachments of a message say, as far as they have been read; empty when there is nothing."""
    found: str | None = db.scalar("select text from store_message_text where message_id = %s", (message_id,))
    return found or ""


def messages_unread_inside(limit: int) -> list[int]:
    """Messages with attachments nobody has opened yet, newest first, at most `limit`."""
    found = db.rows(
        """
        select g.id from store_message g
         where g.has_attachment and not exists (select from store_message_text t where t.message_id = g.id)
         order by g.id desc limit %s
        """,
        (limit,),
    )
    return [message_id for (message_id,) in found]
