"""Tables of groups."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from pirab.groups.types import State


class WaitingLetter(models.Model):
    """A letter to a moderated group. `hold_id` keeps its message in the store while it waits."""

    group = models.ForeignKey("directory.Group", on_delete=models.CASCADE, related_name="+")
    hold_id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    fingerprint = models.BinaryField()
    reverse_path = models.TextField()
    subject = models.TextField()
    preview = models.TextField()
    size = models.BigIntegerField()
    received_at = models.DateTimeField()
    state = models.TextField(choices=[(state, state) for state in State], default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "fingerprint"], name="groups_waitingletter_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"], condition=models.Q(state="waiting"), name="groups_waitingletter_open"
            )
        ]


class Passed(models.Model):
    """A letter that went through a group: handed over again, it is not spread again."""

    group = models.ForeignKey("directory.Group", on_delete=models.CASCADE, related_name="+")
    fingerprint = models.BinaryField()
    passed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "fingerprint"], name="groups_passed_once")
        ]
        indexes: ClassVar = [models.Index(fields=["passed_at"], name="groups_passed_at")]
