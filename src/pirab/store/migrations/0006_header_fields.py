"""The header of a message as it is searched. Older code does not fill it: `store.tasks.read_headers` catches up."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0005_label_colour")]
    operations = [
        migrations.RunSQL(
            """
            alter table store_message add column fields text compression lz4;
            create index store_message_no_fields on store_message (id) where fields is null;
            """,
            reverse_sql="alter table store_message drop column fields",
            state_operations=[
                migrations.AddField(model_name="message", name="fields", field=models.TextField(null=True))
            ],
        )
    ]
