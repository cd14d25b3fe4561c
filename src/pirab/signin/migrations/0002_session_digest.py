"""Find a session by the digest of its key: what is tied to one keeps the digest only (credentials.is_alive)."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("signin", "0001_initial"), ("sessions", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "create index signin_session_digest on django_session (sha256(session_key::text::bytea));",
            reverse_sql="drop index signin_session_digest;",
        )
    ]
