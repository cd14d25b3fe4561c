"""Mailboxes may have a colour. Older code neither reads nor writes it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0004_attachment_text")]
    operations = [
        migrations.RunSQL(
            "alter table store_mailbox add column color text",
            reverse_sql="alter table store_mailbox drop column color",
            state_operations=[
                migrations.AddField(
                    model_name="mailbox",
                    name="color",
                    field=models.TextField(null=True),
                    preserve_default=True,
                )
            ],
        )
    ]
