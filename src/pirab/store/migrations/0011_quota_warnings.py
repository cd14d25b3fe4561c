"""Which warning of a full account is in force. Older code neither reads nor writes it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0010_words_to_renew")]
    operations = [
        migrations.RunSQL(
            "alter table store_account add column quota_warned smallint not null default 0",
            reverse_sql="alter table store_account drop column quota_warned",
            state_operations=[
                migrations.AddField("storeaccount", "quota_warned", models.SmallIntegerField(default=0))
            ],
        )
    ]
