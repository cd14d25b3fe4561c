"""Messages kept for a purpose although they stand in no mailbox. An old collector does not look here: it cannot meet
such a message, for only new code makes them and an orphan is a day old before it is collected."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0017_indexes_that_append")]
    operations = [
        migrations.RunSQL(
            """
            create table store_message_hold (
                id         bigint generated always as identity primary key,
                message_id bigint not null,
                held_at    timestamptz not null
            );
            create index store_message_hold_of on store_message_hold (message_id);
            """,
            reverse_sql="drop table store_message_hold",
            state_operations=[
                migrations.CreateModel(
                    name="MessageHold",
                    fields=[
                        ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("message_id", models.BigIntegerField()),
                        ("held_at", models.DateTimeField()),
                    ],
                    options={"db_table": "store_message_hold", "managed": False},
                )
            ],
        )
    ]
