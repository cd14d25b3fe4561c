"""Django application `domainaudit`."""

from __future__ import annotations

from django.apps import AppConfig


class DomainAuditConfig(AppConfig):
    name = "pirab.domainaudit"
    label = "domainaudit"
    default_auto_field = "django.db.models.BigAutoField"
