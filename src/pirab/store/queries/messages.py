"""Reading message content: whose it is, and its bytes."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from pirab.blob import queries as blobs
from pirab.core import db
from pirab.store.errors import BlobNotFound, EmailNotFound
from pirab.store.references import thread_references
from pirab.store.types import BlobHolder, Envelope, MessageRef

BlobGate = Callable[[int, bytes], bool]
"""Whether an account may read a blob (SHA-256 digest) that an app above the store keeps for it."""

_gates: list[BlobGate] = []

_ENVELOPE = msgspec.json.Decoder(Envelope)


def decode_envelope(encoded: str) -> Envelope:
    """The envelope column as a value."""
    return _ENVELOPE.decode(encoded)


def message_ref(digest: bytes) -> MessageRef | None:
    """The message with these bytes (SHA-256 `digest`), or None."""
    found = db.row(
        "select id, digest, size, has_attachment, thread_key, envelope from store_message where digest = %s",
        (digest,),
    )
    return None if found is None else _message_ref(found)


def message_with_id(message_id: int) -> MessageRef | None:
    """The message with this key, or None."""
    found = db.row(
        "select id, digest, size, has_attachment, thread_key, envelope from store_message where id = %s",
        (message_id,),
    )
    return None if found is None else _message_ref(found)


def message_of_email(account_id: int, email_id: int) -> MessageRef:
    """The message of an email; raises `EmailNotFound`, also for somebody else's."""
    found = db.row(
        """
        select g.id, g.digest, g.size, g.has_attachment, g.thread_key, g.envelope
          from store_email e join store_message g on g.id = e.message_id
         where e.account_id = %s and e.id = %s
        """,
        (account_id, email_id),
    )
    if found is None:
        raise EmailNotFound(str(email_id))
    return _message_ref(found)


def _message_ref(found: tuple[int, bytes, int, bool, int | None, str]) -> MessageRef:
    own, mentioned = thread_references(decode_envelope(found[5]))
    return MessageRef(found[0], bytes(found[1]), found[2], found[3], found[4], own, mentioned)


def access_blob(account_id: int, digest: bytes, *, person: int) -> None:
    """Return when this blob may be read by `person`, who may read the account: it holds the message, they brought the
    bytes in themselves (rfc8620#6.1: nobody else sees those), or an app above that keeps blobs of its own says so.

    Raises `BlobNotFound` otherwise; absent and somebody else's look the same.
    """
    allowed = db.scalar(
        """
        select exists (select from store_message g join store_email e on e.message_id = g.id
                        where g.digest = %(digest)s and e.account_id = %(account)s)
            or exists (select from store_upload u where u.account_id = %(account)s and u.digest = %(digest)s
                          -- null: brought in by code that did not ask who it was for
                          and coalesce(%(person)s = any(u.person_ids), true))
        """,
        {"account": account_id, "digest": digest, "person": person},
    )
    if not allowed and not any(gate(account_id, digest) for gate in _gates):
        raise BlobNotFound()


def blob_holders(account_id: int, digests: Collection[bytes]) -> dict[bytes, list[BlobHolder]]:
    """The emails of an account with these messages (SHA-256 digests), by digest; those without any are left out."""
    found: dict[bytes, list[BlobHolder]] = {}
    rows = db.rows(_HOLDERS, {"account": account_id, "digests": list(digests)}) if digests else []
    for digest, email_id, thread_id, mailbox_ids in rows:
        found.setdefault(bytes(digest), []).append(BlobHolder(email_id, thread_id, tuple(mailbox_ids)))
    return found


_HOLDERS = """
    select g.digest, e.id, e.thread_id,
           array(select m.mailbox_id from store_email_mailbox m
                  where m.account_id = e.account_id and m.email_id = e.id order by m.mailbox_id)
      from store_message g join store_email e on e.message_id = g.id and e.account_id = %(account)s
     where g.digest = any(%(digests)s::bytea[])
     order by e.id
"""


def register_blob_gate(gate: BlobGate) -> None:
    """Have `gate` asked where the store itself would refuse. Called from the owning app's `ready()`."""
    if gate not in _gates:
        _gates.append(gate)


def message_bytes(digest: bytes) -> bytes:
    """The bytes of a message, exactly as they came in. Ask `access_blob` first."""
    return blobs.get(digest)


def email_with_message(account_id: int, message_id: int) -> int | None:
    """The account's email that holds this message row, or None."""
    found: int | None = db.scalar(
        "select id from store_email where message_id = %s and account_id = %s", (message_id, account_id)
    )
    return found
