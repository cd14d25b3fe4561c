"""One letter to many people: its words kept once, and who gets it. Older code neither writes nor reads either."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0007_more_states")]
    operations = [
        migrations.RunSQL(
            """
            create table store_message_search (
                message_id bigint primary key,
                version    smallint not null,   -- of the tokenizer
                tokens     tsvector not null    -- classes as in store_email_search
            );
            create index store_message_search_tokens on store_message_search using gin (tokens)
                with (fastupdate = off);

            create table store_fanout (
                id          bigint primary key default store_new_id(),
                message_id  bigint not null,
                role        text not null,
                keywords    text[] not null,
                received_at timestamptz not null,
                total       integer not null,
                state       text not null default 'open',   -- see types.FanoutState
                created_at  timestamptz not null,
                finished_at timestamptz
            );
            create index store_fanout_open on store_fanout (message_id) where state = 'open';

            -- Some of its accounts, done in one transaction or not at all.
            create table store_fanout_chunk (
                fanout_id  bigint not null references store_fanout on delete cascade,
                number     integer not null,
                accounts   bigint[] compression lz4 not null,   -- ascending
                stored     integer,                             -- null: to be done
                duplicates integer,
                over_quota bigint[],
                unknown    bigint[],
                primary key (fanout_id, number)
            );
            """,
            reverse_sql="drop table store_fanout_chunk, store_fanout, store_message_search",
            state_operations=[
                migrations.CreateModel(
                    name="MessageSearch",
                    fields=[
                        ("message_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("version", models.SmallIntegerField()),
                        ("tokens", SearchVectorField()),
                    ],
                    options={"db_table": "store_message_search", "managed": False},
                ),
                migrations.CreateModel(
                    name="Fanout",
                    fields=[
                        ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("message_id", models.BigIntegerField()),
                        ("role", models.TextField()),
                        ("keywords", ArrayField(models.TextField())),
                        ("received_at", models.DateTimeField()),
                        ("total", models.IntegerField()),
                        ("state", models.TextField()),
                        ("created_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                    ],
                    options={"db_table": "store_fanout", "managed": False},
                ),
                migrations.CreateModel(
                    name="FanoutChunk",
                    fields=[
                        ("pk", models.CompositePrimaryKey("fanout_id", "number", primary_key=True)),
                        ("fanout_id", models.BigIntegerField()),
                        ("number", models.IntegerField()),
                        ("accounts", ArrayField(models.BigIntegerField())),
                        ("stored", models.IntegerField(null=True)),
                        ("duplicates", models.IntegerField(null=True)),
                        ("over_quota", ArrayField(models.BigIntegerField(), null=True)),
                        ("unknown", ArrayField(models.BigIntegerField(), null=True)),
                    ],
                    options={"db_table": "store_fanout_chunk", "managed": False},
                ),
            ],
        )
    ]
