"""Exports and what is in them. Older code does not know them; its blob collector would not spare their blobs, which the
letters themselves hold for the days that matter."""

from __future__ import annotations

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

SCHEMA = Path(__file__).with_suffix(".sql")


def _key(*columns: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*columns, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = [("store", "0001_schema")]  # store_new_id()
    operations = [
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"), reverse_sql="drop table transfer_item, transfer_export"
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("pk", _key("account_id", "id")),
                ("account_id", models.BigIntegerField()),
                ("id", models.BigIntegerField()),
                ("format", models.TextField()),
                ("mailbox_ids", ArrayField(models.BigIntegerField(), null=True)),
                ("state", models.TextField()),
                ("done", models.IntegerField()),
                ("last_email_id", models.BigIntegerField()),
                ("octets", models.BigIntegerField()),
                ("manifest_octets", models.BigIntegerField()),
                ("manifest_crc", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "transfer_export", "managed": False},
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("pk", _key("account_id", "export_id", "number")),
                ("account_id", models.BigIntegerField()),
                ("export_id", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("start", models.BigIntegerField()),
                ("length", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("crc", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("path", models.TextField()),
                ("mailboxes", ArrayField(models.TextField())),
                ("keywords", ArrayField(models.TextField())),
                ("received_at", models.DateTimeField()),
            ],
            options={"db_table": "transfer_item", "managed": False},
        ),
    ]
