"""One row of the change log for an email that comes, and a mark on emails whose words are shared.

Older code answers Foo/changes with an error where it meets such a row, rather than with half the truth; a client then
asks again.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0011_quota_warnings")]
    operations = [
        migrations.RunSQL(
            """
            alter table store_change add column thread_id bigint, add column mailbox_id bigint;
            alter table store_email add column has_shared_words boolean not null default false;
            update store_email e set has_shared_words = true
              from store_message_search s where e.message_id = s.message_id;
            -- A search in letters to many begins with those of the account: others' letters cost it nothing.
            create index store_email_shared on store_email (account_id, message_id) where has_shared_words;
            """,
            reverse_sql="""
                alter table store_email drop column has_shared_words;
                alter table store_change drop column thread_id, drop column mailbox_id;
            """,
            state_operations=[
                migrations.AddField("change", "thread_id", models.BigIntegerField(null=True)),
                migrations.AddField("change", "mailbox_id", models.BigIntegerField(null=True)),
                migrations.AddField("email", "has_shared_words", models.BooleanField(default=False)),
            ],
        )
    ]
