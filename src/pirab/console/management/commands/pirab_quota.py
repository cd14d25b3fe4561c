"""How much mail accounts may hold: shows or sets it for one address or one agency."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pirab.directory import queries as directory
from pirab.directory.errors import AgencyNotFound
from pirab.personnel import provisioning
from pirab.store import queries as store

UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}


class Command(BaseCommand):
    """Shows or sets the quota of an address, or sets that of an agency."""

    help = "Show the quota of an address, or set it for an address or an agency (3GB, 500MB; inherit: as above it)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--address", help="an address of the account")
        whose.add_argument("--agency", type=int, help="the key of the agency")
        parser.add_argument(
            "--set", dest="size", help="octets, or with kB, MB or GB; 'inherit' for none of its own"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if options["agency"] is not None:
            self._agency(options["agency"], options["size"])
        else:
            self._address(options["address"], options["size"])

    def _agency(self, agency_id: int, size: str | None) -> None:
        if size is None:
            raise CommandError("say how much with --set")
        try:
            reached = provisioning.set_agency_quota(agency_id, _octets(size))
        except AgencyNotFound as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{reached} accounts")

    def _address(self, address: str, size: str | None) -> None:
        found = directory.resolve_recipient(address)
        if found is None:
            raise CommandError("no such address here")
        if size is not None:
            provisioning.set_quota(found.account_id, _octets(size))
        usage = store.usage(found.account_id)
        self.stdout.write(f"{usage.used_bytes} of {usage.quota_bytes}")


def _octets(text: str) -> int | None:
    """The number in octets; None for `inherit`."""
    if text == "inherit":
        return None
    number, factor = (text[:-2], UNITS[text[-2:]]) if text[-2:] in UNITS else (text, 1)
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        raise CommandError("a size is a whole number with kB, MB or GB, or 'inherit'")
    return int(number) * factor
