"""Registers the room with Django: it has tables of its own."""

from __future__ import annotations

from django.apps import AppConfig


class FindingConfig(AppConfig):
    """Rows to find people by."""

    name = "pirab.directory.finding"
    label = "finding"

    def ready(self) -> None:
        from pirab.directory.finding import index
        from pirab.directory.hooks import register_entry_listener, register_unit_listener

        register_entry_listener(index.renew)
        register_unit_listener(index.renew_unit)
