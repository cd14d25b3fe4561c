"""Remember which letters their recipients say they have displayed, and by which notification (rfc8621#7)."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("submission", "0003_author")]
    operations = [
        migrations.RunSQL(
            # Yesterday's code writes neither column: what it writes are delivery reports.
            "alter table submission_report add column kind text not null default 'dsn' check (kind in ('dsn', 'mdn'));"
            "alter table submission_recipient add column displayed_at timestamptz;"
            # A Message-ID may be longer than an index entry can be (returned_receipts).
            "create index submission_submission_message on submission_submission (account_id, md5(message_key));",
            reverse_sql=(
                "drop index submission_submission_message;"
                "alter table submission_recipient drop column displayed_at;"
                "alter table submission_report drop column kind;"
            ),
            state_operations=[
                migrations.AddField("submissionreport", "kind", models.TextField()),
                migrations.AddField("submissionrecipient", "displayed_at", models.DateTimeField(null=True)),
            ],
        )
    ]
