"""Rows of sign-in. Written by the actions of this room and read by its queries alone."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
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


class Session(models.Model):
    """A browser that is signed in, or on its way there (`stage`); `digest` is the SHA-256 of its cookie."""

    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(unique=True)
    stage = models.TextField()
    method = models.TextField()
    address = models.TextField()
    agent = models.TextField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    strong_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], name="signin_session_expires")  # sessions.forget_expired
        ]


class Token(models.Model):
    """An app password or API token; `digest` is the SHA-256 of the secret, which nobody can read back."""

    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.TextField()
    digest = models.BinaryField(unique=True)
    label = models.TextField()
    scopes = ArrayField(models.TextField())
    networks = ArrayField(models.TextField(), default=list)  # empty: from anywhere
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.TextField(default="")


class SignIn(models.Model):
    """One line of the history that people see; failures of one hour from one place share a line (`hour`)."""

    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    door = models.TextField()
    method = models.TextField()
    result = models.TextField()
    address = models.TextField()
    agent = models.TextField()
    times = models.IntegerField(default=1)
    hour = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at"], name="signin_signin_at"),  # history.forget
            models.Index(fields=["person", "-id"], name="signin_signin_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "hour", "address", "door", "method", "result"],
                condition=models.Q(hour__isnull=False),
                name="signin_signin_hourly",
            )
        ]


class Totp(models.Model):
    """The secret a person shares with their authenticator app, wrapped by the key ring (rfc6238).

    `last_step` is the newest time step whose code was used; not `is_active` until a first code was right.
    """

    person = models.OneToOneField(
        "directory.Person", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    key_id = models.TextField()
    wrapped = models.BinaryField()
    is_active = models.BooleanField(default=False)
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class Passkey(models.Model):
    """A WebAuthn credential; `public_key` is its COSE key, `user_handle` is the same for all of one person."""

    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="+")
    credential_id = models.BinaryField(unique=True)
    user_handle = models.BinaryField()
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    name = models.TextField()
    is_synced = models.BooleanField()  # the maker's cloud keeps a copy (backup state)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """One of the codes a person keeps on paper; the digest is of 80 random bits."""

    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "digest"], name="signin_recovery_code_once")
        ]


class SpentChallenge(models.Model):
    """The digest of a challenge or state that has been answered: it is good for one answer."""

    digest = models.BinaryField(primary_key=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="signin_spent_expires")]


class Provider(models.Model):
    """Another identity provider (OpenID Connect) whose word signs people in; its secret is wrapped by the key ring.

    `domains` are the mail domains it may speak for; `pid_claim` names the claim with the national id number.
    """

    slug = models.TextField(unique=True)
    name_th = models.TextField()
    name_en = models.TextField()
    issuer = models.TextField()
    client_id = models.TextField()
    key_id = models.TextField(default="")
    wrapped_secret = models.BinaryField(null=True)
    scopes = ArrayField(models.TextField())
    matching = models.TextField()
    domains = ArrayField(models.TextField(), default=list)
    pid_claim = models.TextField(default="")
    is_strong = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)


class OutsideIdentity(models.Model):
    """Somebody at a provider who is a person here."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="+")
    subject = models.TextField()
    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "subject"], name="signin_outside_identity_once")
        ]


class NationalId(models.Model):
    """The keyed digest of a person's national id number; the number itself is kept nowhere."""

    person = models.OneToOneField(
        "directory.Person", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    digest = models.BinaryField(unique=True)


class AgencyDirectory(models.Model):
    """An agency's own directory (LDAP, Active Directory) that keeps the passwords of its people."""

    agency = models.OneToOneField(
        "directory.Agency", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    url = models.TextField()
    base_dn = models.TextField()
    user_filter = models.TextField()  # {login} and {local} stand for the address and its local part
    bind_dn = models.TextField(default="")
    key_id = models.TextField(default="")
    wrapped_secret = models.BinaryField(null=True)
    ca_file = models.TextField(default="")
    is_active = models.BooleanField(default=True)
