"""Tables of filtering. Only `vacation` writes them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Vacation(models.Model):
    """The vacation response of an account (rfc8621#8). No row: disabled, everything empty."""

    account_id = models.BigIntegerField(primary_key=True)
    is_enabled = models.BooleanField(default=False)
    from_date = models.DateTimeField(null=True)
    to_date = models.DateTimeField(null=True)
    subject = models.TextField(null=True)
    text_body = models.TextField(null=True)
    html_body = models.TextField(null=True)


class Answered(models.Model):
    """Somebody who was answered, or is about to be: `correspondent` is SHA-256 of their address in normal form."""

    pk = models.CompositePrimaryKey("account_id", "correspondent")
    account_id = models.BigIntegerField()
    correspondent = models.BinaryField()
    answered_at = models.DateTimeField()
    is_sent = models.BooleanField(default=False)
    """Whether the reply is being handed over, or was: from here on nobody tries again."""


class Script(models.Model):
    """A Sieve script of an account (rfc9661#2). `content` repeats the blob, for deliveries read it every time."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    name = models.TextField()
    digest = models.BinaryField(db_index=True)
    content = models.TextField()
    is_active = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account_id", "name"], name="filtering_script_name"),
            models.UniqueConstraint(
                fields=["account_id"], condition=models.Q(is_active=True), name="filtering_script_active"
            ),
        )


class RuleSet(models.Model):
    """The rules a person made in a form, and the Sieve script they mean. No row: none."""

    account_id = models.BigIntegerField(primary_key=True)
    rules = models.JSONField()
    content = models.TextField()


class Trouble(models.Model):
    """The latest thing a person's filters could not do."""

    account_id = models.BigIntegerField(primary_key=True)
    happened_at = models.DateTimeField()
    description = models.TextField()


class Redirected(models.Model):
    """How many letters an account has sent on, on one day (UTC)."""

    pk = models.CompositePrimaryKey("account_id", "day")
    account_id = models.BigIntegerField()
    day = models.DateField()
    letters = models.IntegerField()


class Run(models.Model):
    """The rules being applied to mail that is there already: the latest run of an account.

    `email_ids` are what it looks at, `done` how many of them it has seen; `content` is the script as it was.
    `person_id` is whose own marks it sets, in a shared account.
    """

    account_id = models.BigIntegerField(primary_key=True)
    id = models.BigIntegerField()
    mailbox_id = models.BigIntegerField()
    state = models.TextField()
    content = models.TextField()
    email_ids = ArrayField(models.BigIntegerField())
    done = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)


class RunChange(models.Model):
    """What a run did to one email, for undoing it. Hash-partitioned by account."""

    pk = models.CompositePrimaryKey("account_id", "email_id")
    account_id = models.BigIntegerField()
    email_id = models.BigIntegerField()
    before = ArrayField(models.BigIntegerField())
    after = ArrayField(models.BigIntegerField())
    keywords = ArrayField(models.TextField())
