"""Tables of the directory. Only `actions` writes them and only `queries` reads them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from pirab.directory.types import AccountKind, Role


class Agency(models.Model):
    """A body of the state: ministry, department, division … one tree."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name_th = models.TextField()
    name_en = models.TextField()
    abbreviation = models.TextField(blank=True)
    document_code = models.TextField(
        blank=True
    )  # the letters before the number of an official letter: นร, กค
    quota_bytes = models.BigIntegerField(null=True)  # of each account; null: as the agency above

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name_en


class Domain(models.Model):
    """A mail domain (ADMD) of an agency; `name` is the A-label in lower case."""

    name = models.TextField(unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="domains")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Person(AbstractBaseUser):
    """Somebody who signs in; `login` is their main address in normal form."""

    login = models.TextField(unique=True)
    name_th = models.TextField()
    name_en = models.TextField(blank=True)
    language = models.TextField(default="th")
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="people")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name_th"]

    def __str__(self) -> str:
        return self.login


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
    """A person's role in an account."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.TextField(choices=[(role, role) for role in Role], default=Role.OWNER)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "account"], name="directory_membership_once")
        ]


class Address(models.Model):
    """An address of an account in normal form `local@domain`; the first one made is the main one."""

    address = models.TextField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="addresses")
    is_primary = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "addresses"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(is_primary=True),
                name="directory_address_one_primary",
            )
        ]

    def __str__(self) -> str:
        return self.address


class AccessToken(models.Model):
    """A bearer token or app password; `digest` is the SHA-256 of the secret, which nobody can read back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField(unique=True)
    label = models.TextField()
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
