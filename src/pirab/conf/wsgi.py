"""The application process: `granian --interface wsgi pirab.conf.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pirab.conf.settings")

application = get_wsgi_application()


def _prepare() -> None:
    """Do at the start what the first request would otherwise wait for, and fail here if it cannot be done."""
    from django.conf import settings

    from pirab.core import log
    from pirab.jmap import registry

    log.configure("app", settings.ENVIRONMENT.log_level)
    registry.load()


_prepare()
