"""Text found inside attachments, once a message. Older code does not know the table and leaves it alone."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0003_reading_order")]
    operations = [
        migrations.RunSQL(
            """
            create table store_message_text (
                message_id bigint primary key,
                reading    text not null,               -- how it went, see extraction.types.Reading
                text       text compression lz4 not null
            )
            """,
            reverse_sql="drop table store_message_text",
            state_operations=[
                migrations.CreateModel(
                    name="MessageText",
                    fields=[
                        ("message_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("reading", models.TextField()),
                        ("text", models.TextField()),
                    ],
                    options={"db_table": "store_message_text", "managed": False},
                )
            ],
        )
    ]
