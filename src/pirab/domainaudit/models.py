"""Tables of the care of domains. Only the actions of this room write them, and only `queries` reads them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pirab.domainaudit.types import Algorithm, KeyState, PolicyMode, RecordState


class Claim(models.Model):
    """An agency's claim on a domain (`name` is the A-label). Several agencies may claim a name; one can prove it."""

    agency = models.ForeignKey("directory.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    token = models.TextField()
    is_vouched = models.BooleanField(default=False)  # an operator said so: no record is asked for
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    claimed_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    proof_missing_since = models.DateTimeField(null=True)
    domain = models.OneToOneField(
        "directory.Domain", null=True, on_delete=models.PROTECT, related_name="+"
    )  # of the directory, once mail is taken
    mta_sts = models.TextField(choices=[(mode, mode) for mode in PolicyMode], default=PolicyMode.TESTING)
    is_complete = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)  # of its old keys

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "name"], name="domainaudit_claim_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(proven_at__isnull=False), name="domainaudit_claim_proven_once"
            ),
            models.CheckConstraint(
                condition=Q(domain=None) | Q(proven_at__isnull=False), name="domainaudit_claim_proven_first"
            ),
        ]


class Finding(models.Model):
    """How a record of a domain was last seen; `since` is when that state began."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="findings")
    key = models.TextField()
    state = models.TextField(choices=[(state, state) for state in RecordState])
    reason = models.TextField(blank=True)
    seen = ArrayField(models.TextField(), default=list)
    since = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "key"], name="domainaudit_finding_once")
        ]


class SigningKey(models.Model):
    """The public half of a signing key and where it is in its life."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="keys")
    selector = models.TextField()
    generation = models.IntegerField()
    algorithm = models.TextField(choices=[(one, one) for one in Algorithm])
    public = models.TextField()
    state = models.TextField(choices=[(state, state) for state in KeyState], default=KeyState.WAITING)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    signing_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "selector"], name="domainaudit_signingkey_selector"),
            models.UniqueConstraint(
                fields=["claim", "algorithm"],
                condition=Q(state=KeyState.SIGNING),
                name="domainaudit_signingkey_one_signs",
            ),
        ]


class Change(models.Model):
    """A line of a domain's history; never changed."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="changes")
    key = models.TextField()
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["claim", "-id"], name="domainaudit_change_newest")]
