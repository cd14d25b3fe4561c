"""Blobs that a person brought into an account and that no mail uses yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pirab.core import clock, db
from pirab.store.errors import UploadsFull

UPLOAD_ROOM: Final = 1_000_000_000
"""Octets of uploads a person may have lying about in an account, beside its quota (rfc8620#6.1)."""

SAFE_FOR: Final = timedelta(hours=1)
"""No upload makes room for another one sooner (rfc8620#6.1)."""


def record_upload(account_id: int, digest: bytes, size: int, media_type: str, *, person: int) -> None:
    """Let `person` use this stored blob (SHA-256 `digest`, `size` octets) in the account for a day, or until they need
    its room for others (never within the hour). Colleagues do not see it (rfc8620#6.1).

    Raises `UploadsFull` when more than `UPLOAD_ROOM` would lie about.
    """
    with db.transaction():
        # Uploads of one account go one after the other, or two could take the last room.
        db.scalar("select pg_advisory_xact_lock(%s, hashint8(%s))", (_LOCK_CLASS, account_id))
        _make_room(account_id, digest, size, person)
        db.execute(_RECORD, (account_id, digest, size, media_type[:255], clock.now(), [person]))


_LOCK_CLASS: Final = 7_301

_RECORD: Final = """
    insert into store_upload as u (account_id, digest, size, media_type, created_at, person_ids)
    values (%s, %s, %s, %s, %s, %s::bigint[])
    on conflict (account_id, digest) do update
       set created_at = excluded.created_at,
           person_ids = case when u.person_ids @> excluded.person_ids then u.person_ids
                             else u.person_ids || excluded.person_ids end
"""

_OTHERS: Final = """
    select digest, size, created_at from store_upload
     where account_id = %s and digest <> %s and %s = any(person_ids) order by created_at
"""


def _make_room(account_id: int, digest: bytes, size: int, person: int) -> None:
    others = db.rows(_OTHERS, (account_id, digest, person))
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
        _give_up(account_id, going, person)


def _give_up(account_id: int, digests: list[bytes], person: int) -> None:
    """What a colleague has brought in as well stays theirs."""
    db.execute(
        """
        update store_upload set person_ids = array_remove(person_ids, %s)
         where account_id = %s and digest = any(%s::bytea[])
        """,
        (person, account_id, digests),
    )
    db.execute("delete from store_upload where account_id = %s and person_ids = '{}'", (account_id,))
