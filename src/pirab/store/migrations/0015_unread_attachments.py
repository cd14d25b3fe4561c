"""Messages whose attachments nobody has opened yet: a row each, worked off in batches.

Older code asks for a job a message instead, which newer code still runs; and older code leaves these rows alone.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0014_uploaders")]
    operations = [
        migrations.RunSQL(
            """
            create table store_unread_attachment (
                message_id bigint primary key,
                attempts   smallint not null default 0,
                is_read    boolean not null default false,   -- only its words are to be indexed once more
                next_at    timestamptz not null default now()
            );
            create index store_unread_attachment_next on store_unread_attachment (next_at);
            """,
            reverse_sql="drop table store_unread_attachment",
            state_operations=[
                migrations.CreateModel(
                    name="UnreadAttachment",
                    fields=[
                        ("message_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("attempts", models.SmallIntegerField(default=0)),
                        ("is_read", models.BooleanField(default=False)),
                        ("next_at", models.DateTimeField()),
                    ],
                    options={"db_table": "store_unread_attachment", "managed": False},
                )
            ],
        )
    ]
