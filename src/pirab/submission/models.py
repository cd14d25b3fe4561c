"""Tables of submission. Only `actions`, `identity_actions` and the pipeline write them; only `queries` reads them.

All three are hash-partitioned by account (`migrations/0001_schema.sql`), so every key begins with the account.
`managed = False`: partitioned tables are beyond what Django can create.
"""

from __future__ import annotations

from django.db import models


class Identity(models.Model):
    """Who an account may write as (rfc8621#6). `address_key` is the address in normal form."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    is_default = models.BooleanField()
    address_key = models.TextField()
    email = models.TextField()
    name = models.TextField()
    reply_to = models.JSONField(null=True)
    bcc = models.JSONField(null=True)
    text_signature = models.TextField()
    html_signature = models.TextField()

    class Meta:
        managed = False
        db_table = "submission_identity"
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return self.email


class Submission(models.Model):
    """One mail handed in for sending (rfc8621#7).

    `source_digest` names the stored mail and `outbound_digest` the bytes as they leave; both are null when nothing
    is left to do, so that they hold no blob any longer; `secret` is the unguessable half of the envelope id;
    `person_id` is who handed the mail in; `destroyed_at` hides the row from clients while its delivery goes on
    (rfc8621#7.5).
    """

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    identity_id = models.BigIntegerField()
    email_id = models.BigIntegerField()
    thread_id = models.BigIntegerField()
    message_key = models.TextField()
    source_digest = models.BinaryField(null=True)
    outbound_digest = models.BinaryField(null=True)
    mail_from = models.TextField()
    mail_parameters = models.JSONField(null=True)
    secret = models.TextField()
    person_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    send_at = models.DateTimeField()
    undo_status = models.TextField()
    phase = models.TextField()
    is_junk = models.BooleanField()
    attempts = models.IntegerField()
    next_attempt_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "submission_submission"

    def __str__(self) -> str:
        return f"submission {self.id}"


class SubmissionRecipient(models.Model):
    """One recipient of a submission. `is_bounced` is true once the sender was told of the failure; `displayed_at` is
    when a notification came that says the letter was displayed, or null."""

    pk = models.CompositePrimaryKey("account_id", "submission_id", "position")
    account_id = models.BigIntegerField()
    submission_id = models.BigIntegerField()
    position = models.IntegerField()
    address = models.TextField()
    address_key = models.TextField()
    parameters = models.JSONField(null=True)
    state = models.TextField()
    smtp_reply = models.TextField()
    last_event_at = models.DateTimeField()
    is_bounced = models.BooleanField()
    displayed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "submission_recipient"

    def __str__(self) -> str:
        return self.address


class SubmissionReport(models.Model):
    """A notification that belongs to a submission; `digest` names its bytes (rfc8621#7: dsnBlobIds, mdnBlobIds).

    `kind` is a `ReportKind`: a delivery report that was accepted as true, or what a recipient says was done.
    """

    pk = models.CompositePrimaryKey("account_id", "submission_id", "digest")
    account_id = models.BigIntegerField()
    submission_id = models.BigIntegerField()
    digest = models.BinaryField()
    kind = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "submission_report"
