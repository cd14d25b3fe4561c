"""The one table of approvals. Only `actions` writes it and only `queries` reads it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from pirab.approvals.types import State


class Proposal(models.Model):
    """A proposed act; it outlives the agency's and the people's own rows only by their names in `subject`."""

    act = models.TextField()
    agency = models.ForeignKey("directory.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.TextField()
    details = models.JSONField()
    state = models.TextField(choices=[(state, state) for state in State], default=State.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], condition=models.Q(state="open"), name="approvals_proposal_open"
            ),
            models.Index(fields=["agency", "-id"], name="approvals_proposal_of_agency"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(decided_by=models.F("proposed_by")),
                name="approvals_proposal_four_eyes",
            )
        ]
