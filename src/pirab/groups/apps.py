"""Django application `groups`."""

from __future__ import annotations

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "pirab.groups"
    label = "groups"
    default_auto_field = "django.db.models.BigAutoField"
