"""Django application `transfer`."""

from __future__ import annotations

from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "pirab.transfer"
    label = "transfer"

    def ready(self) -> None:
        from pirab.blob.registry import register_reference

        register_reference("transfer_item", "digest")
        register_reference("transfer_part", "digest")
