"""Registers the room with Django: it has tables of its own."""

from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Address books."""

    name = "pirab.contacts"
    label = "contacts"

    def ready(self) -> None:
        from pirab.blob.registry import register_reference
        from pirab.contacts.queries import may_read_picture
        from pirab.store.queries import register_blob_gate

        register_blob_gate(may_read_picture)
        register_reference("contacts_media", "digest")
