"""The one table of the brake; sessions live in Django's own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Attempt(models.Model):
    """Password attempts since the last success, for one subject: a digest, no address is kept."""

    subject = models.BinaryField(primary_key=True)
    failures = models.IntegerField()
    blocked_until = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["last_at"], name="signin_attempt_last_at")
        ]  # throttle.forget
