"""The rows people are found by, and the record of bulk reads. Nothing older writes or reads them.

`pg_trgm` is one of PostgreSQL's trusted extensions: the owner of the database may create it, in production too.
"""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).with_suffix(".sql")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("directory", "0003_agencies_people_groups")]
    operations = [
        migrations.RunSQL("create extension if not exists pg_trgm", reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            reverse_sql="drop table finding_entry, finding_word, finding_reading, finding_bulk_read",
        ),
    ]
