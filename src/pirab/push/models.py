"""Rows of push."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Subscription(models.Model):
    """One address that wants to be told. Read and written by `actions` and `queries` alone."""

    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="+")
    credential_kind = models.TextField()
    credential_mark = models.BinaryField()
    device_client_id = models.TextField()
    url = models.TextField()
    p256dh = models.BinaryField(null=True)
    auth = models.BinaryField(null=True)
    types = models.JSONField(null=True)
    code = models.TextField()
    is_verified = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    seen = models.JSONField(default=dict)
    failures = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], name="push_subscription_expires")  # actions.forget_expired
        ]


class Allowance(models.Model):
    """How many subscriptions a person has made in the hour that began at `since` (rfc8620#8.6)."""

    person = models.OneToOneField(
        "directory.Person", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    since = models.DateTimeField()
    made = models.IntegerField()
