"""Runs of the rules over mail that is there already, and what they did."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

PARTITIONS = 16
CREATE = """
    create table filtering_runchange (
        account_id bigint not null,
        email_id bigint not null,
        before bigint[] not null,
        after bigint[] not null,
        keywords text[] not null,
        primary key (account_id, email_id)
    ) partition by hash (account_id);
""" + "".join(
    f"create table filtering_runchange_{number:02} partition of filtering_runchange"
    f" for values with (modulus {PARTITIONS}, remainder {number});\n"
    for number in range(PARTITIONS)
)


class Migration(migrations.Migration):
    dependencies = [("filtering", "0002_scripts")]
    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("account_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                ("mailbox_id", models.BigIntegerField()),
                ("state", models.TextField()),
                ("content", models.TextField()),
                ("email_ids", ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("done", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("started_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            CREATE,
            reverse_sql="drop table filtering_runchange",
            state_operations=[
                migrations.CreateModel(
                    name="RunChange",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account_id",
                                "email_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("account_id", models.BigIntegerField()),
                        ("email_id", models.BigIntegerField()),
                        ("before", ArrayField(base_field=models.BigIntegerField(), size=None)),
                        ("after", ArrayField(base_field=models.BigIntegerField(), size=None)),
                        ("keywords", ArrayField(base_field=models.TextField(), size=None)),
                    ],
                )
            ],
        ),
    ]
