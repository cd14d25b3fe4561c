"""Finds the rows whose words an older tokenizer took; `store.tasks.renew_words` catches up with them."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0009_viewers")]
    operations = [
        migrations.RunSQL(
            """
            create index store_email_search_old on store_email_search (account_id, email_id) where version < 2;
            create index store_message_search_old on store_message_search (message_id) where version < 2;
            """,
            reverse_sql="drop index store_email_search_old, store_message_search_old",
        )
    ]
