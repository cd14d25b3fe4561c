"""Destroyed mail that its owner can have back. Older code keeps nothing here, and its collector would let go of the
messages a day later: let no old worker run past the migration for a night."""

from __future__ import annotations

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

SCHEMA = Path(__file__).with_suffix(".sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0012_arrivals")]
    operations = [
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            reverse_sql="drop table store_removed_email",
            state_operations=[
                migrations.CreateModel(
                    name="RemovedEmail",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account_id",
                                "id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("account_id", models.BigIntegerField()),
                        ("id", models.BigIntegerField()),
                        ("message_id", models.BigIntegerField()),
                        ("size", models.IntegerField()),
                        ("flags", models.SmallIntegerField()),
                        ("keywords", ArrayField(models.TextField(), null=True)),
                        ("mailboxes", ArrayField(models.BigIntegerField())),
                        ("received_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField()),
                    ],
                    options={"db_table": "store_removed_email", "managed": False},
                )
            ],
        )
    ]
