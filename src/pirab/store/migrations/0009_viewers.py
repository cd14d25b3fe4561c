"""What people have read and starred in shared accounts. Older code keeps to the common flags and leaves these tables alone:
run `store.check_counters` after the last old process has gone."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations, models

SCHEMA = Path(__file__).with_suffix(".sql")


def _key(*columns: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*columns, blank=True, editable=False, primary_key=True, serialize=False)


def _table(
    name: str, table: str, key: models.CompositePrimaryKey, **columns: models.Field
) -> migrations.CreateModel:
    fields = [("pk", key), *columns.items()]
    return migrations.CreateModel(name=name, fields=fields, options={"db_table": table, "managed": False})


class Migration(migrations.Migration):
    dependencies = [("store", "0008_letters_to_many")]
    operations = [
        migrations.RunSQL(
            SCHEMA.read_text(encoding="utf-8"),
            reverse_sql="""
                drop table store_viewer, store_viewer_email, store_viewer_mailbox;
                alter table store_account drop column has_viewers;
            """,
            state_operations=[
                migrations.AddField("storeaccount", "has_viewers", models.BooleanField(default=False)),
                _table(
                    "Viewer",
                    "store_viewer",
                    _key("account_id", "person_id"),
                    account_id=models.BigIntegerField(),
                    person_id=models.BigIntegerField(),
                    since=models.BigIntegerField(),
                ),
                _table(
                    "ViewerEmail",
                    "store_viewer_email",
                    _key("account_id", "email_id", "person_id"),
                    account_id=models.BigIntegerField(),
                    email_id=models.BigIntegerField(),
                    person_id=models.BigIntegerField(),
                    flags=models.SmallIntegerField(),
                ),
                _table(
                    "ViewerMailbox",
                    "store_viewer_mailbox",
                    _key("account_id", "person_id", "mailbox_id"),
                    account_id=models.BigIntegerField(),
                    person_id=models.BigIntegerField(),
                    mailbox_id=models.BigIntegerField(),
                    unread_emails=models.IntegerField(),
                    unread_threads=models.IntegerField(),
                    is_subscribed=models.BooleanField(null=True),
                ),
            ],
        )
    ]
