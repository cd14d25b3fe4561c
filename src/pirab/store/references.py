"""Message-ids as the threading index keeps them (rfc8621#3)."""

from __future__ import annotations

import hashlib
from typing import Final

from pirab.store.types import Envelope

MOST_REFERENCES: Final = 100
"""Message-ids of one message that take part in threading: the newest ones of a References field made to hurt."""


def reference_hash(text: str) -> int:
    """A message-id or a base subject as 63 bits."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def thread_references(envelope: Envelope) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Hashes of the message-id that the message carries, and of those it mentions."""
    own = {reference_hash(message_id) for message_id in (envelope.message_id or ())[:1]}
    mentioned = [*(envelope.references or ()), *(envelope.in_reply_to or ())][-MOST_REFERENCES:]
    return tuple(own), tuple({reference_hash(message_id) for message_id in mentioned} - own)
