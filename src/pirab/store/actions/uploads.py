"""Blobs that an account brought in itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pirab.core import clock, db
from pirab.store.errors import UploadsFull

UPLOAD_ROOM: Final = 1_000_000_000
"""Octets of uploads an account may have lying about, beside its quota (rfc8620#6.1)."""

SAFE_FOR: Final = timedelta(hours=1)
"""No upload makes room for another one sooner (rfc8620#6.1)."""


def record_upload(account_id: int, digest: bytes, size: int, media_type: str) -> None:
    """Let the account use this stored blob (SHA-256 `digest`, `size` octets) for a day, or until others need its room
    (never within the hour).

    Raises `UploadsFull` when more than `UPLOAD_ROOM` would lie about.
    """
    with db.transaction():
        # Uploads of one account go one after the other, or two could take the last room.
        db.scalar("select pg_advisory_xact_lock(%s, hashint8(%s))", (_LOCK_CLASS, account_id))
        _make_room(account_id, digest, size)
        db.execute(
            """
            insert into store_upload (account_id, digest, size, media_type, created_at) values (%s, %s, %s, %s, %s)
            on conflict (account_id, digest) do update set created_at = excluded.created_at
            """,
            (account_id, digest, size, media_type[:255], clock.now()),
        )


_LOCK_CLASS: Final = 7_301

_OTHERS: Final = """
    select digest, size, created_at from store_upload
     where account_id = %s and digest <> %s order by created_at
"""


def _make_room(account_id: int, digest: bytes, size: int) -> None:
    others = db.rows(_OTHERS, (account_id, digest))
    excess = sum(row[1] for row in others) + size - UPLOAD_ROOM
    going: list[bytes] = []
    for old_digest, old_size, created_at in others:
        if excess <= 0:
            break
        if created_at > clock.now() - SAFE_FOR:
            raise UploadsFull()
        going.append(bytes(old_digest))
        excess -= old_size
    if excess > 0:
        raise UploadsFull()
    if going:
        db.execute(
            "delete from store_upload where account_id = %s and digest = any(%s::bytea[])",
            (account_id, going),
        )
