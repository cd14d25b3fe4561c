"""States of address books and contact cards. Older code leaves them as they are."""

from __future__ import annotations

from django.db import migrations, models

COLUMNS = ("book_state", "card_state")


class Migration(migrations.Migration):
    dependencies = [("store", "0018_message_holds")]
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
