"""Django application `extraction`."""

from __future__ import annotations

from django.apps import AppConfig


class ExtractionConfig(AppConfig):
    name = "pirab.extraction"
    label = "extraction"
