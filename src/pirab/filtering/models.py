"""Tables of filtering. Only `vacation` writes them."""

from __future__ import annotations

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
