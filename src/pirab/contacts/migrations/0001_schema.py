"""The first schema of contacts: SQL, because partitions are beyond Django's migration language."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).with_suffix(".sql")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("store", "0019_contact_states")]
    operations = [
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            reverse_sql="""
                drop table contacts_book, contacts_card, contacts_media, contacts_correspondent, contacts_setting,
                           contacts_notice, contacts_import
            """,
        )
    ]
