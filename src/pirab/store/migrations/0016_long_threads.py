"""The counts kept of long threads. Older code does not move them: run `store.check_counters` after the last old process has
gone. A thread that is long already is counted when it is next touched."""

from __future__ import annotations

from django.db import migrations, models

PARTITIONS = 16
CREATE = """
    create table store_thread_count (
        account_id bigint not null,
        thread_id  bigint not null,
        person_id  bigint not null,   -- 0: the account's own; else a person's difference from that
        mailbox_id bigint not null,
        emails     integer not null,
        unread     integer not null,
        primary key (account_id, thread_id, person_id, mailbox_id)
    ) partition by hash (account_id);
""" + "".join(
    f"create table store_thread_count_p{number} partition of store_thread_count"
    f" for values with (modulus {PARTITIONS}, remainder {number}) with (fillfactor = 50);\n"
    for number in range(PARTITIONS)
)


class Migration(migrations.Migration):
    dependencies = [("store", "0015_unread_attachments")]
    operations = [
        migrations.RunSQL(
            CREATE,
            reverse_sql="drop table store_thread_count",
            state_operations=[
                migrations.CreateModel(
                    name="ThreadCount",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account_id",
                                "thread_id",
                                "person_id",
                                "mailbox_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("account_id", models.BigIntegerField()),
                        ("thread_id", models.BigIntegerField()),
                        ("person_id", models.BigIntegerField()),
                        ("mailbox_id", models.BigIntegerField()),
                        ("emails", models.IntegerField()),
                        ("unread", models.IntegerField()),
                    ],
                    options={"db_table": "store_thread_count", "managed": False},
                )
            ],
        )
    ]
