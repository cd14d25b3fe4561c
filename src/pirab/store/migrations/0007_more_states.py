"""States of more types: deliveries (push only), vacation responses, Sieve scripts. Older code leaves them as they are."""

from __future__ import annotations

from django.db import migrations, models

COLUMNS = ("delivery_state", "vacation_state", "sieve_state")


class Migration(migrations.Migration):
    dependencies = [("store", "0006_header_fields")]
    operations = [
        migrations.RunSQL(
            "alter table store_account "
            + ", ".join(f"add column {name} bigint not null default 0" for name in COLUMNS),
            reverse_sql="alter table store_account " + ", ".join(f"drop column {name}" for name in COLUMNS),
            state_operations=[
                migrations.AddField(
                    model_name="storeaccount", name=name, field=models.BigIntegerField(default=0)
                )
                for name in COLUMNS
            ],
        )
    ]
