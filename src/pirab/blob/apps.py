from __future__ import annotations

from django.apps import AppConfig


class BlobConfig(AppConfig):
    name = "pirab.blob"
    label = "blob"
