"""Where mail lives, who may use it, and under which addresses it is reached."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pirab.directory.models.agencies import Agency
from pirab.directory.models.groups import Group
from pirab.directory.models.people import Person
from pirab.directory.types import AccountKind, Role, Sending


class Account(models.Model):
    """Whose mail it is (rfc8620#1.6.2)."""

    kind = models.TextField(choices=[(kind, kind) for kind in AccountKind], default=AccountKind.PERSONAL)
    name = models.TextField()
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="accounts")
    quota_bytes = models.BigIntegerField(null=True)  # null: as its agency
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an account, for good or (a secretary's delegation) between two days.

    `sending` says how a member may write in the account's name: as it, or on its behalf with their own address in
    Sender (rfc5322#3.6.2), or not at all.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.TextField(choices=[(role, role) for role in Role], default=Role.OWNER)
    sending = models.TextField(
        choices=[(way, way) for way in Sending], default=Sending.AS, db_default=Sending.AS.value
    )
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "account"], name="directory_membership_once"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lt=models.F("until")),
                name="directory_membership_in_order",
            ),
        ]


class Address(models.Model):
    """An address in normal form `local@domain`; it reaches an account or a group, the first is the main one."""

    address = models.TextField(unique=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="addresses")
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="addresses")
    is_primary = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "addresses"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(is_primary=True),
                name="directory_address_one_primary",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=models.Q(is_primary=True),
                name="directory_address_one_primary_of_group",
            ),
            models.CheckConstraint(
                condition=Q(account=None) ^ Q(group=None), name="directory_address_reaches_one"
            ),
        ]

    def __str__(self) -> str:
        return self.address
