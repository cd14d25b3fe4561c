"""Message content: bytes first, then one row a distinct content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from pirab.blob import actions as blobs
from pirab.blob.errors import BlobCorrupt, BlobMissing
from pirab.blob.types import BlobRef
from pirab.core import db
from pirab.store.actions.unread_attachments import has_documents, read_waiting_soon
from pirab.store.header_text import header_text
from pirab.store.indexing import search_vector
from pirab.store.queries.messages import message_bytes, message_ref
from pirab.store.references import reference_hash, thread_references
from pirab.store.types import NULL, Envelope, MessageRef, decode_structure
from pirab.wire.mime import parse_message
from pirab.wire.threading import base_subject
from pirab.wire.types import Address, ParsedMessage

SORT_KEY_LENGTH: Final = 64
"""Characters of subject and names kept for sorting; more would cost every message to order very few."""


def ensure_message(raw: bytes, parsed: ParsedMessage | None = None) -> MessageRef:
    """Store `raw` unless it is stored already; returns its row.

    The bytes are durable before the row exists. `parsed` saves parsing when the caller has done it. Raises
    `BlobStoreFull` and database errors; nothing half-done stays.
    """
    return _ensured(raw, parsed, blobs.put_and_tell)


def ensure_unseen_message(raw: bytes) -> MessageRef:
    """The same, one question cheaper, for bytes that are hardly stored already."""
    return _ensured(raw, None, blobs.put_unseen)


def _ensured(
    raw: bytes, parsed: ParsedMessage | None, put: Callable[[bytes], tuple[BlobRef, bool]]
) -> MessageRef:
    blob, is_new = put(raw)
    known = None if is_new else message_ref(blob.digest)
    return known or _insert(blob.digest, raw, parsed or parse_message(raw))


def read_headers(limit: int) -> int:
    """Fill in the searchable header of messages that older code stored; returns how many, at most `limit`."""
    found = db.rows("select id, digest, structure from store_message where fields is null limit %s", (limit,))
    for message_id, digest, structure in found:
        try:
            fields = header_text(message_bytes(bytes(digest)), decode_structure(structure))
        except (BlobMissing, BlobCorrupt):
            fields = ""  # its bytes are gone; `blob verify` tells of that
        db.execute("update store_message set fields = %s where id = %s", (fields, message_id))
    return len(found)


def refresh_message(message_id: int) -> None:
    """Read a stored message again and keep what its bytes say. A message that is gone is no error.

    Raises `BlobMissing`, `BlobCorrupt`.
    """
    found = db.row("select digest from store_message where id = %s", (message_id,))
    if found is None:
        return
    raw = message_bytes(bytes(found[0]))
    parsed = parse_message(raw)
    db.execute(
        "update store_message set envelope = %s, structure = %s, fields = %s, has_attachment = %s where id = %s",
        (*kept_columns(raw, parsed, envelope_of(parsed)), parsed.has_attachment, message_id),
    )


def kept_columns(raw: bytes, parsed: ParsedMessage, envelope: Envelope) -> tuple[str, str, str]:
    """`envelope`, `structure` and `fields` of a message as the columns of `store_message` hold them."""
    return (
        msgspec.json.encode(envelope).decode(),
        msgspec.json.encode(parsed.root).decode(),
        header_text(raw, parsed.root),
    )


def envelope_of(parsed: ParsedMessage) -> Envelope:
    """What a list of mail needs to know of a message."""
    return Envelope(
        subject=parsed.subject,
        from_=_address_json(parsed.from_),
        to=_address_json(parsed.to),
        cc=_address_json(parsed.cc),
        bcc=_address_json(parsed.bcc),
        reply_to=_address_json(parsed.reply_to),
        sender=_address_json(parsed.sender),
        message_id=parsed.message_id,
        in_reply_to=parsed.in_reply_to,
        references=parsed.references,
        sent_at=parsed.sent_at,
        preview=parsed.preview,
        has_attachment=parsed.has_attachment,
        text_body=parsed.text_body,
        html_body=parsed.html_body,
        attachments=parsed.attachments,
    )


def _thread_key(parsed: ParsedMessage) -> int | None:
    # A delivery report has a subject of its own and still belongs to the letter it reports on.
    if parsed.root.type == "multipart/report":
        return None
    return reference_hash(base_subject(parsed.subject or ""))


_INSERT: Final = """
    with made as (
        insert into store_message (digest, size, sent_at, has_attachment, thread_key, subject_key, from_key, to_key,
                                   envelope, structure, fields)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (digest) do nothing returning id
    ), referred as (
        insert into store_message_ref (ref, is_own, message_id)
        select r.ref, r.is_own, made.id from made, unnest(%s::bigint[], %s::boolean[]) as r(ref, is_own)
        on conflict do nothing
    ), waiting as (
        insert into store_unread_attachment (message_id) select id from made where %s
    )
    select id from made
"""


def _insert(digest: bytes, raw: bytes, parsed: ParsedMessage) -> MessageRef:
    envelope = envelope_of(parsed)
    own, mentioned = thread_references(envelope)
    thread_key = _thread_key(parsed)
    is_to_be_opened = has_documents(parsed)
    made = db.scalar(
        _INSERT,
        (
            digest,
            len(raw),
            parsed.sent_at,
            parsed.has_attachment,
            thread_key,
            _sort_key(base_subject(parsed.subject or "")),
            _sort_key(_first_name(parsed.from_)),
            _sort_key(_first_name(parsed.to)),
            *kept_columns(raw, parsed, envelope),
            db.array([*own, *mentioned]),
            db.array([1] * len(own) + [0] * len(mentioned)),
            is_to_be_opened,
        ),
    )
    if made is None:
        # Somebody stored the same content at the same time; their row is visible now that the conflict has resolved.
        made = db.scalar("select id from store_message where digest = %s", (digest,))
    elif is_to_be_opened:
        read_waiting_soon()
    tokens = search_vector(parsed.search_text)
    return MessageRef(made, digest, len(raw), parsed.has_attachment, thread_key, own, mentioned, tokens)


def _address_json(addresses: tuple[Address, ...] | None) -> msgspec.Raw:
    return NULL if addresses is None else msgspec.Raw(msgspec.json.encode(addresses))


def _first_name(addresses: tuple[Address, ...] | None) -> str:
    if not addresses:
        return ""
    return addresses[0].name or addresses[0].email


def _sort_key(text: str) -> str:
    return text.casefold()[:SORT_KEY_LENGTH]
