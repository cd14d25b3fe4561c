"""Django application `filtering`."""

from __future__ import annotations

from django.apps import AppConfig


class FilteringConfig(AppConfig):
    name = "pirab.filtering"
    label = "filtering"

    def ready(self) -> None:
        from pirab.blob.registry import register_reference
        from pirab.filtering.scripts import may_read_script
        from pirab.store.queries import register_blob_gate

        register_blob_gate(may_read_script)
        register_reference("filtering_script", "digest")
