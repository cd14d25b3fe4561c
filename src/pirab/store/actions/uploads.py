"""Blobs that an account brought in itself."""

from __future__ import annotations

from pirab.core import clock, db


def record_upload(account_id: int, digest: bytes, size: int, media_type: str) -> None:
    """Let the account use this stored blob (SHA-256 `digest`, `size` octets) for at least 24 hours (rfc8620#6.1)."""
    db.execute(
        """
        insert into store_upload (account_id, digest, size, media_type, created_at) values (%s, %s, %s, %s, %s)
        on conflict (account_id, digest) do update set created_at = excluded.created_at
        """,
        (account_id, digest, size, media_type[:255], clock.now()),
    )
