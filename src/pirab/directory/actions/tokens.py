"""Access tokens and app passwords."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from pirab.core import clock, db
from pirab.directory.models import AccessToken


def issue_token(person_id: int, label: str, expires_at: datetime | None = None) -> str:
    """A new bearer token; the return value is the only time the secret can be seen."""
    token = secrets.token_urlsafe(32)
    record_token(person_id, token, label, expires_at)
    return token


def record_token(person_id: int, token: str, label: str, expires_at: datetime | None = None) -> None:
    """Accept `token` for the person; a label is used once a person, so a new token replaces the old one."""
    digest = hashlib.sha256(token.encode()).digest()
    with db.transaction():
        AccessToken.objects.filter(person_id=person_id, label=label).exclude(digest=digest).delete()
        AccessToken.objects.update_or_create(
            digest=digest,
            defaults={
                "person_id": person_id,
                "label": label,
                "created_at": clock.now(),
                "expires_at": expires_at,
                "scopes": ["mail"],
            },
        )
