"""Django application `conf`: the floor that knows every other one."""

from __future__ import annotations

from django.apps import AppConfig


class ConfConfig(AppConfig):
    name = "pirab.conf"
    label = "conf"

    def ready(self) -> None:
        from pirab.conf import wiring

        wiring.connect()
