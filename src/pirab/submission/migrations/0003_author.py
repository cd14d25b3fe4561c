"""Remember who handed a mail in: their right to send is asked for again when its hour comes."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("submission", "0002_models")]
    operations = [
        migrations.RunSQL(
            # Null for what was handed in before: yesterday's code writes without it.
            "alter table submission_submission add column person_id bigint;",
            reverse_sql="alter table submission_submission drop column person_id;",
            state_operations=[
                migrations.AddField("submission", "person_id", models.BigIntegerField(null=True)),
            ],
        )
    ]
