"""Sessions and tokens of sign-in's own, second factors and the history. Who is signed in stays so."""

from __future__ import annotations

import hashlib

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_TOKENS = """
    insert into signin_token (person_id, kind, digest, label, scopes, networks, created_at, expires_at, last_used_from)
    select person_id, 'api', digest, label, array['directory', 'mail', 'submit'], array[]::text[], created_at,
           expires_at, ''
      from directory_accesstoken
"""


def _keep_sessions(apps, schema_editor):
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    now = timezone.now()
    sessions = apps.get_model("signin", "Session").objects
    people = set(apps.get_model("directory", "Person").objects.values_list("pk", flat=True))
    for old in apps.get_model("sessions", "Session").objects.filter(expire_date__gt=now).iterator():
        person_id = SessionStore().decode(old.session_data).get("person")
        if person_id in people:
            sessions.create(
                person_id=person_id,
                digest=hashlib.sha256(old.session_key.encode()).digest(),
                stage="open",
                method="password",
                address="",
                agent="",
                created_at=now,
                seen_at=now,
                confirmed_at=now,
                expires_at=old.expire_date,
            )


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_quota_of_agencies"),
        ("signin", "0002_session_digest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Totp",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key_id", models.TextField()),
                ("wrapped", models.BinaryField()),
                ("is_active", models.BooleanField(default=False)),
                ("last_step", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("credential_id", models.BinaryField(unique=True)),
                ("user_handle", models.BinaryField()),
                ("public_key", models.BinaryField()),
                ("sign_count", models.BigIntegerField()),
                ("name", models.TextField()),
                ("is_synced", models.BooleanField()),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SpentChallenge",
            fields=[
                ("digest", models.BinaryField(primary_key=True, serialize=False)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="signin_spent_expires")],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.TextField()),
                ("digest", models.BinaryField(unique=True)),
                ("label", models.TextField()),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("last_used_from", models.TextField(default="")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "digest"), name="signin_recovery_code_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("stage", models.TextField()),
                ("method", models.TextField()),
                ("address", models.TextField()),
                ("agent", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField()),
                ("strong_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="signin_session_expires")],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("door", models.TextField()),
                ("method", models.TextField()),
                ("result", models.TextField()),
                ("address", models.TextField()),
                ("agent", models.TextField()),
                ("times", models.IntegerField(default=1)),
                ("hour", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["at"], name="signin_signin_at"),
                    models.Index(fields=["person", "-id"], name="signin_signin_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("hour__isnull", False)),
                        fields=("person", "hour", "address", "door", "method", "result"),
                        name="signin_signin_hourly",
                    )
                ],
            },
        ),
        migrations.RunSQL(_TOKENS, reverse_sql=migrations.RunSQL.noop),
        migrations.RunPython(_keep_sessions, migrations.RunPython.noop),
    ]
