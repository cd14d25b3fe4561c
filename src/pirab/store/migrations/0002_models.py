"""Tells Django of the tables that 0001 made; touches nothing."""

import django.contrib.postgres.fields
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("store", "0001_schema"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "object_type",
                        "modseq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("modseq", models.BigIntegerField()),
                ("object_type", models.SmallIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("object_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_change",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Email",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("id", models.BigIntegerField()),
                ("message_id", models.BigIntegerField()),
                ("thread_id", models.BigIntegerField()),
                ("received_at", models.DateTimeField()),
                ("modseq", models.BigIntegerField()),
                ("size", models.IntegerField()),
                ("flags", models.SmallIntegerField()),
                ("has_attachment", models.BooleanField()),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), null=True, size=None
                    ),
                ),
            ],
            options={
                "db_table": "store_email",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="EmailMailbox",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "email_id",
                        "mailbox_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("mailbox_id", models.BigIntegerField()),
                ("email_id", models.BigIntegerField()),
                ("thread_id", models.BigIntegerField()),
                ("received_at", models.DateTimeField()),
                ("uid", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_email_mailbox",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="EmailSearch",
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
                ("version", models.SmallIntegerField()),
                ("tokens", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "db_table": "store_email_search",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("id", models.BigIntegerField()),
                ("parent_id", models.BigIntegerField(null=True)),
                ("name", models.TextField()),
                ("role", models.TextField(null=True)),
                ("sort_order", models.BigIntegerField()),
                ("is_subscribed", models.BooleanField()),
                ("total_emails", models.IntegerField()),
                ("unread_emails", models.IntegerField()),
                ("total_threads", models.IntegerField()),
                ("unread_threads", models.IntegerField()),
                ("uid_next", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_mailbox",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(unique=True)),
                ("size", models.BigIntegerField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("has_attachment", models.BooleanField()),
                ("thread_key", models.BigIntegerField(null=True)),
                ("subject_key", models.TextField()),
                ("from_key", models.TextField()),
                ("to_key", models.TextField()),
                ("envelope", models.TextField()),
                ("structure", models.TextField()),
            ],
            options={
                "db_table": "store_message",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="MessageRef",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "ref",
                        "is_own",
                        "message_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("ref", models.BigIntegerField()),
                ("is_own", models.BooleanField()),
                ("message_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_message_ref",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Orphan",
            fields=[
                ("message_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
            ],
            options={
                "db_table": "store_orphan",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="StoreAccount",
            fields=[
                ("account_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("modseq", models.BigIntegerField()),
                ("email_state", models.BigIntegerField()),
                ("mailbox_state", models.BigIntegerField()),
                ("thread_state", models.BigIntegerField()),
                ("submission_state", models.BigIntegerField()),
                ("identity_state", models.BigIntegerField()),
                ("oldest_modseq", models.BigIntegerField()),
                ("used_bytes", models.BigIntegerField()),
                ("email_count", models.BigIntegerField()),
                ("quota_bytes", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_account",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "digest", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("size", models.BigIntegerField()),
                ("media_type", models.TextField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "store_upload",
                "managed": False,
            },
        ),
    ]
