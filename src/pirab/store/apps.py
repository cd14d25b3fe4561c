"""Registration of the store with Django and with the blob collector."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The store's tables that refer to blobs keep those blobs alive."""

    name = "pirab.store"

    def ready(self) -> None:
        from pirab.blob.registry import register_reference

        register_reference("store_message", "digest")
        register_reference("store_upload", "digest")
