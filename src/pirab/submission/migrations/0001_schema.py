"""The first schema of submission: SQL, because partitions are beyond Django's migration language."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).with_suffix(".sql")


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = [("store", "0001_schema")]  # store_new_id()
    operations = [
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            reverse_sql="drop table submission_report, submission_recipient, submission_submission, submission_identity;",
        )
    ]
