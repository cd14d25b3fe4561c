"""Django application `personnel`."""

from __future__ import annotations

from django.apps import AppConfig


class PersonnelConfig(AppConfig):
    name = "pirab.personnel"
    label = "personnel"
    default_auto_field = "django.db.models.BigAutoField"
