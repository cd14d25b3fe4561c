"""Where this installation is reached from outside."""

from __future__ import annotations

from typing import TypeGuard
from urllib.parse import urlsplit

from django.conf import settings

from pirab.domainaudit.expected import House


def house() -> House:
    """The house of the running configuration."""
    environment = settings.ENVIRONMENT
    parts = urlsplit(environment.public_url)
    return House(
        mail_host=environment.hostname,
        web_host=parts.hostname if _is_name(parts.hostname) else environment.hostname,
        web_port=parts.port or (443 if parts.scheme == "https" else 80),
        submission_port=environment.ports.submission,
    )


def _is_name(host: str | None) -> TypeGuard[str]:
    """Whether the DNS of others can lead to it: not an address, and not this machine's name for itself."""
    return (
        bool(host)
        and "." in str(host)
        and ":" not in str(host)
        and not str(host).rpartition(".")[2].isdigit()
    )
