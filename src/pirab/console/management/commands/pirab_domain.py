"""Mail domains from the command line, for operators: what there is, how it stands, and what to publish."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pirab.core.errors import PirabError
from pirab.directory import queries as directory
from pirab.domainaudit import audit, claims, expected, queries, rotation, site, zone
from pirab.domainaudit.advice import advice
from pirab.domainaudit.types import DomainInfo, RecordState, Seen
from pirab.wire.address import AddressError, normalize_domain


class Command(BaseCommand):
    """`list`, `add`, `adopt`, `check`, `zone`, `rotate`, `keys`, `history`, `audit`."""

    help = "Look after mail domains."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        tasks.add_parser("list", help="every domain with its state")
        add = tasks.add_parser("add", help="take a domain into use on the operator's own word")
        add.add_argument("name")
        add.add_argument("--agency", type=int, required=True, help="the key of the agency")
        for name, text in (
            ("check", "ask the DNS about every record now"),
            ("zone", "print the records as a zone file"),
            ("rotate", "make new signing keys; they sign once the DNS has them"),
            ("keys", "show the signing keys"),
            ("history", "show what changed, the newest first"),
        ):
            tasks.add_parser(name, help=text).add_argument("name")
        tasks.add_parser("adopt", help="take domains into care that were made without a claim")
        tasks.add_parser("audit", help="look at every domain now and tell Rspamd which keys sign")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['task']}")(options)
        except PirabError as error:
            raise CommandError(error.message) from error

    def _list(self, _: dict[str, Any]) -> None:
        for key in queries.claim_keys():
            found = queries.domain(key)
            alias = f"  stands for {found.alias_of}" if found.alias_of else ""
            agency = directory.agency(found.agency_id).facts.name_th
            self.stdout.write(f"{found.name:<40} {found.state:<10} {agency}{alias}")

    def _add(self, options: dict[str, Any]) -> None:
        name = claims.name_for(directory.agency(options["agency"]).id, options["name"])
        self._show(audit.look(claims.vouch(options["agency"], name.ascii)))

    def _check(self, options: dict[str, Any]) -> None:
        self._show(audit.look(_named(options["name"]).id))

    def _zone(self, options: dict[str, Any]) -> None:
        found = _named(options["name"])
        records = expected.records(found, queries.published_keys(found.id), site.house())
        self.stdout.write(zone.zone_file(found.name, records), ending="")

    def _rotate(self, options: dict[str, Any]) -> None:
        found = _named(options["name"])
        generation = rotation.begin(found.id)
        for key in queries.keys_of(found.id):
            if key.generation == generation:
                value = zone.text_strings(expected.key_text(key))
                self.stdout.write(f"{key.selector}._domainkey.{found.name}. IN TXT {value}")

    def _keys(self, options: dict[str, Any]) -> None:
        for key in queries.keys_of(_named(options["name"]).id):
            self.stdout.write(f"{key.selector:<20} {key.algorithm:<8} {key.state}")

    def _history(self, options: dict[str, Any]) -> None:
        for line in queries.history(_named(options["name"]).id, None, 100):
            self.stdout.write(f"{line.at:%Y-%m-%d %H:%M} {line.key:<24} {line.before} -> {line.after}")

    def _audit(self, _: dict[str, Any]) -> None:
        claims.adopt()
        rotation.tell_signer()
        for key in queries.claim_keys():
            audit.look(key)
        self._list({})

    def _adopt(self, _: dict[str, Any]) -> None:
        self.stdout.write(f"{claims.adopt()} domains")
        rotation.tell_signer()

    def _show(self, seen: list[Seen]) -> None:
        for one in seen:
            state = one.verdict.state
            self.stdout.write(f"{state:<10} {one.record.type:<6} {one.record.name}")
            if state is not RecordState.FOUND:
                self.stdout.write(
                    f"           {one.record.value}\n           {advice(one.record, one.verdict)[1]}"
                )


def _named(text: str) -> DomainInfo:
    try:
        name = normalize_domain(text)[0]
    except AddressError as error:
        raise CommandError(f"{text!r} is no domain name") from error
    found = [found for key in queries.claim_keys() if (found := queries.domain(key)).name == name]
    if not found:
        raise CommandError(f"nobody has claimed {name}")
    return max(found, key=lambda each: each.proven_at is not None)
