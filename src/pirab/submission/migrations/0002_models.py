"""Tells Django of the tables that 0001 made; touches nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("submission", "0001_schema"),
    ]

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("id", models.BigIntegerField()),
                ("is_default", models.BooleanField()),
                ("address_key", models.TextField()),
                ("email", models.TextField()),
                ("name", models.TextField()),
                ("reply_to", models.JSONField(null=True)),
                ("bcc", models.JSONField(null=True)),
                ("text_signature", models.TextField()),
                ("html_signature", models.TextField()),
            ],
            options={
                "verbose_name_plural": "identities",
                "db_table": "submission_identity",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("id", models.BigIntegerField()),
                ("identity_id", models.BigIntegerField()),
                ("email_id", models.BigIntegerField()),
                ("thread_id", models.BigIntegerField()),
                ("message_key", models.TextField()),
                ("source_digest", models.BinaryField(null=True)),
                ("outbound_digest", models.BinaryField(null=True)),
                ("mail_from", models.TextField()),
                ("mail_parameters", models.JSONField(null=True)),
                ("secret", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("send_at", models.DateTimeField()),
                ("undo_status", models.TextField()),
                ("phase", models.TextField()),
                ("is_junk", models.BooleanField()),
                ("attempts", models.IntegerField()),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "submission_submission",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="SubmissionRecipient",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "submission_id",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("submission_id", models.BigIntegerField()),
                ("position", models.IntegerField()),
                ("address", models.TextField()),
                ("address_key", models.TextField()),
                ("parameters", models.JSONField(null=True)),
                ("state", models.TextField()),
                ("smtp_reply", models.TextField()),
                ("last_event_at", models.DateTimeField()),
                ("is_bounced", models.BooleanField()),
            ],
            options={
                "db_table": "submission_recipient",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="SubmissionReport",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "submission_id",
                        "digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("submission_id", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "db_table": "submission_report",
                "managed": False,
            },
        ),
    ]
