"""`pirab_keyring ensure|list`: the key ring, for the operator and for `./pirab up`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pirab.blob import store
from pirab.core import db
from pirab.core.errors import PirabError
from pirab.core.keyring import ensure_keyring


class Command(BaseCommand):
    help = "Keys that encrypt stored mail: make the first one, or list them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            choices=("ensure", "list"),
            help="ensure: make a first key unless there is one; refuses while stored mail needs a lost key",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "ensure":
                ring = ensure_keyring(settings.ENVIRONMENT.keyring_dir, _any_blob)
                self.stdout.write(f"key ring ready, newest key {ring.current_key_id}")
            else:
                self.stdout.write("\n".join(store.keyring().key_ids))
        except PirabError as error:
            raise CommandError(str(error)) from error


def _any_blob() -> bool:
    """Whether anything is encrypted; before the first migration there is no table, and nothing is."""
    if db.scalar("select to_regclass('blob_blob')::text") is None:
        return False
    return bool(db.scalar("select exists (select from blob_blob)"))
