"""Remember who brought a blob into an account: until mail uses it, it is theirs alone (rfc8620#6.1)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0013_removed_mail")]
    operations = [
        migrations.RunSQL(
            # Null for what yesterday's code writes; such rows last a day.
            "alter table store_upload add column person_ids bigint[];",
            reverse_sql="alter table store_upload drop column person_ids;",
            state_operations=[
                migrations.AddField("upload", "person_ids", ArrayField(models.BigIntegerField(), null=True)),
            ],
        )
    ]
