"""`./pirab demo`: a small government to look at. Idempotent."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pirab.console.demo.load import load_demo


class Command(BaseCommand):
    """Loads the demo government and writes its sign-ins to run/demo.json."""

    help = "Load agencies, people and mail to look at (development only; repeating it changes nothing)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="print nothing when all is well")

    def handle(self, *_: Any, **options: Any) -> None:
        environment = settings.ENVIRONMENT
        if environment.is_production:
            raise CommandError("demo data is for development: PIRAB_MODE is production")
        signins = load_demo(environment.demo_file, environment.secret_key)
        if not options["quiet"]:
            for signin in signins:
                self.stdout.write(f"{signin.email:<28} {signin.password:<20} {signin.role}")
