"""Checks of messages, which belong to nobody alone: each takes a chunk of message ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pirab.blob.errors import BlobCorrupt, BlobMissing
from pirab.core import db
from pirab.core.keyring import KeyMissing
from pirab.store.actions.messages import envelope_of, kept_columns
from pirab.store.queries.messages import message_bytes
from pirab.store.tokens import TOKENIZER_VERSION
from pirab.store.verification.types import Code, Finding
from pirab.store.words import words_of_parsed
from pirab.wire.mime import parse_message
from pirab.wire.types import ParsedMessage

Check = Callable[[Sequence[int]], Iterator[Finding]]


def held(ids: Sequence[int]) -> Iterator[Finding]:
    """Who holds no message is known to the collector, or its bytes stay for ever."""
    found = db.rows(
        """
        select g.id from store_message g where g.id = any(%s::bigint[])
           and not exists (select from store_email e where e.message_id = g.id)
           and not exists (select from store_removed_email r where r.message_id = g.id)
           and not exists (select from store_message_hold h where h.message_id = g.id)
           and not exists (select from store_orphan o where o.message_id = g.id)
           and g.id < (((extract(epoch from now()) * 1000)::bigint - 1735689600000 - 3600000) << 22)
        """,  # the id tells the time: a message of the last hour may be on its way to its holder
        (list(ids),),
    )
    for (message_id,) in found:
        yield Finding(Code.MESSAGE_UNHELD, None, message_id)


def bytes_of(ids: Sequence[int]) -> Iterator[Finding]:
    """What is kept of a message is what reading its bytes gives, and its holders are found by its words."""
    for message_id, digest, envelope, structure, fields in db.rows(
        "select id, digest, envelope, structure, fields from store_message where id = any(%s::bigint[])",
        (list(ids),),
    ):
        try:
            raw = message_bytes(bytes(digest))
        except (BlobMissing, BlobCorrupt, KeyMissing) as error:
            yield Finding(Code.BYTES_MISSING, None, message_id, type(error).__name__)
            continue
        parsed = parse_message(raw)
        if kept_columns(raw, parsed, envelope_of(parsed)) != (envelope, structure, fields):
            yield Finding(Code.MESSAGE_DIFFERS, None, message_id)
        yield from _words(message_id, parsed)


def _words(message_id: int, parsed: ParsedMessage) -> Iterator[Finding]:
    fresh = words_of_parsed(message_id, parsed)
    found = db.rows(
        """
        select s.account_id, s.email_id
          from store_email e join store_email_search s on s.account_id = e.account_id and s.email_id = e.id
         where e.message_id = %(message)s and s.version = %(version)s
           and tsvector_to_array(s.tokens) is distinct from tsvector_to_array(%(fresh)s::tsvector)
        union all
        select null, h.message_id from store_message_search h
         where h.message_id = %(message)s and h.version = %(version)s
           and tsvector_to_array(h.tokens) is distinct from tsvector_to_array(%(fresh)s::tsvector)
        """,
        {"message": message_id, "fresh": fresh, "version": TOKENIZER_VERSION},
    )
    for account_id, object_id in found:
        yield Finding(Code.WORDS_DIFFER, account_id, object_id, f"message {message_id}")


ROW_CHECKS: Final[tuple[Check, ...]] = (held,)
BYTE_CHECKS: Final[tuple[Check, ...]] = (bytes_of,)


def stray_texts() -> Iterator[Finding]:
    """Attachments are read, and what they say is kept, of messages that exist."""
    for (message_id,) in db.rows(
        """
        select message_id from (select message_id from store_message_text
                                union select message_id from store_unread_attachment) t
         where not exists (select from store_message g where g.id = t.message_id)
        """
    ):
        yield Finding(Code.TEXT_STRAY, None, message_id)


def stray_references() -> Iterator[Finding]:
    """Message-ids are remembered of messages that exist."""
    for (message_id,) in db.rows(
        """
        select distinct r.message_id from store_message_ref r
         where not exists (select from store_message g where g.id = r.message_id)
        """
    ):
        yield Finding(Code.REFERENCE_STRAY, None, message_id)
