"""The store's first schema: SQL, because partitions are beyond Django's migration language."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).with_suffix(".sql")


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            reverse_sql="""
                drop table store_account, store_message, store_message_ref, store_mailbox, store_email,
                           store_email_mailbox, store_email_search, store_change, store_upload, store_orphan;
                drop function store_new_id(); drop sequence store_id_seq;
            """,
        )
    ]
