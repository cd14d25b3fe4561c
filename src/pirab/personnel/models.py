"""Tables of joining. Only the modules of this room touch them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from pirab.personnel.types import Door, State, Way


class Enrolment(models.Model):
    """A way in for one person: an invitation, or a request that may become one. Only the link's digest is kept."""

    agency = models.ForeignKey("directory.Agency", on_delete=models.PROTECT, related_name="+")
    way = models.TextField(choices=[(way, way) for way in Way])
    state = models.TextField(choices=[(state, state) for state in State], default=State.OPEN)
    title = models.TextField(blank=True)
    given_th = models.TextField()
    family_th = models.TextField(blank=True)
    given_en = models.TextField(blank=True)
    family_en = models.TextField(blank=True)
    language = models.TextField(default="th")
    post = models.ForeignKey("directory.Post", null=True, on_delete=models.SET_NULL, related_name="+")
    local_part = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    evidence = models.TextField(blank=True)  # what was proved, for the administrator to read
    reason = models.TextField(blank=True)  # why it was refused
    digest = models.BinaryField(unique=True)
    letter_digest = models.BinaryField(unique=True, null=True)  # of a second link, sent by letter
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    roster_entry = models.ForeignKey(
        "personnel.RosterEntry", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agency", "-id"], name="personnel_enrolment_of_agency"),
            models.Index(
                fields=["agency", "-id"],
                condition=models.Q(state="waiting"),
                name="personnel_enrolment_waiting",
            ),
        ]


class JoiningRule(models.Model):
    """Who may join an agency, and all below it, by themselves; no row: nobody."""

    agency = models.OneToOneField(
        "directory.Agency", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    by_mail = models.TextField(choices=[(door, door) for door in Door], default=Door.CLOSED)
    by_list = models.TextField(choices=[(door, door) for door in Door], default=Door.CLOSED)
    by_provider = models.TextField(choices=[(door, door) for door in Door], default=Door.CLOSED)
    proof_domains = ArrayField(models.TextField(), default=list)
    version = models.IntegerField(default=1)


class RosterEntry(models.Model):
    """A line of an agency's personnel list. `key` is a keyed digest of the last digits of the citizen number with name
    and year of birth, `citizen` one of the whole number; neither number can be read back."""

    agency = models.ForeignKey("directory.Agency", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("directory.Agency", on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField()
    citizen = models.BinaryField()
    title = models.TextField(blank=True)
    given_th = models.TextField()
    family_th = models.TextField(blank=True)
    given_en = models.TextField(blank=True)
    family_en = models.TextField(blank=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "citizen"], name="personnel_roster_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["key"], name="personnel_roster_key"),
            models.Index(fields=["citizen"], name="personnel_roster_citizen"),
        ]


class MailProof(models.Model):
    """A code that was asked for. There is one for every question, also where no letter was sent: nobody can tell.

    The code is made from the row's key and `nonce` (`secrecy.code_of`), and stands nowhere."""

    digest = models.BinaryField(unique=True)
    nonce = models.BinaryField()
    address = models.TextField(db_index=True)
    agency = models.ForeignKey("directory.Agency", null=True, on_delete=models.CASCADE, related_name="+")
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    proved_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
