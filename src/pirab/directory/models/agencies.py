"""Bodies of the state, their mail domains, and who administers them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from pirab.directory.types import AgencyKind, DutyKind


class Agency(models.Model):
    """A body of the state: ministry, department, division, section … one tree.

    `ancestry` is the way from the root down to the agency itself, so that the subtree of X is `ancestry @> {X}`; the
    database fills it for a new row and `actions.move_agency` is the only one to change it.
    """

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.TextField(
        choices=[(kind, kind) for kind in AgencyKind],
        default=AgencyKind.OTHER,
        db_default=AgencyKind.OTHER.value,
    )
    name_th = models.TextField()
    name_en = models.TextField()
    abbreviation = models.TextField(blank=True)
    abbreviation_en = models.TextField(blank=True, db_default="")
    document_code = models.TextField(
        blank=True
    )  # the letters before the number of an official letter: นร, กค
    quota_bytes = models.BigIntegerField(null=True)  # of each account; null: as the agency above
    ancestry = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    most_people = models.IntegerField(null=True)  # in its whole subtree; null: only what those above it say
    most_storage_bytes = models.BigIntegerField(null=True)  # promised to the accounts of its subtree together
    most_domains = models.IntegerField(null=True)  # of its subtree
    is_active = models.BooleanField(default=True, db_default=True)
    position = models.IntegerField(default=0, db_default=0)  # among its sisters, lowest first
    version = models.IntegerField(default=1, db_default=1)  # counts edits, so that a lost race is seen

    class Meta:
        verbose_name_plural = "agencies"
        indexes: ClassVar = [GinIndex(fields=["ancestry"], name="directory_agency_ancestry")]

    def __str__(self) -> str:
        return self.name_en


class Domain(models.Model):
    """A mail domain (ADMD) of an agency; `name` is the A-label in lower case.

    Mail to any local part of an alias is mail to the same local part of the domain it stands for.
    """

    name = models.TextField(unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="domains")
    alias_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="aliases")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """An office of administration a person holds over an agency and all below it; agency null: the whole service."""

    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="duties")
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="duties")
    kind = models.TextField(choices=[(kind, kind) for kind in DutyKind])
    appointed_by = models.ForeignKey(
        "directory.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    appointed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "duties"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "agency", "kind"], name="directory_duty_once", nulls_distinct=False
            )
        ]
