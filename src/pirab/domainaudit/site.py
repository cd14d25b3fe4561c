"""Where this installation is reached from outside."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from pirab.domainaudit.expected import House


def house() -> House:
    """The house of the running configuration."""
    environment = settings.ENVIRONMENT
    parts = urlsplit(environment.public_url)
    return House(
        mail_host=environment.hostname,
        web_host=parts.hostname or environment.hostname,
        web_port=parts.port or (443 if parts.scheme == "https" else 80),
        submission_port=environment.ports.submission,
    )
