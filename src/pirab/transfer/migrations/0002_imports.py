"""Imports. Older code does not know them."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).with_suffix(".sql")


class Migration(migrations.Migration):
    dependencies = [("transfer", "0001_exports")]
    operations = [
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            reverse_sql="drop table transfer_problem, transfer_part, transfer_import",
        )
    ]
