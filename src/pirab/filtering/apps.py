"""Django application `filtering`."""

from __future__ import annotations

from django.apps import AppConfig


class FilteringConfig(AppConfig):
    name = "pirab.filtering"
    label = "filtering"
