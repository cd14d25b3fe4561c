"""The demo sign-ins, as the demo command left them."""

import json
from dataclasses import dataclass

from pirab.conf.environment import Environment


@dataclass(frozen=True)
class DemoAccount:
    """``password`` also serves as app password and ``token`` as bearer token, in development only."""

    email: str
    password: str
    token: str
    role: str


def demo_accounts(environment: Environment) -> list[DemoAccount]:
    """Every demo account; empty before the demo data are loaded and in production."""
    try:
        listed = json.loads(environment.demo_file.read_text())
        return [
            DemoAccount(**{name: str(entry[name]) for name in DemoAccount.__match_args__}) for entry in listed
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []
