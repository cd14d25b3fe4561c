"""`pirab_fanout start|show|cancel`: one letter to many accounts, for operators."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pirab.core import clock, db
from pirab.core.errors import PirabError
from pirab.store import actions, queries
from pirab.store.spreading import Spread
from pirab.store.types import MailboxRole


class Command(BaseCommand):
    help = "One letter to many accounts: hand it in, see how far it is, stop it."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        start = tasks.add_parser("start", help="put a letter into the inboxes of accounts; prints the number")
        start.add_argument("letter", type=Path, help="the message (RFC 5322, CRLF line ends)")
        start.add_argument(
            "accounts", nargs="?", type=Path, help="account numbers, one a line (default: standard input)"
        )
        for name, help_text in (("show", "how far it is, and who was left out"), ("cancel", "stop it")):
            tasks.add_parser(name, help=help_text).add_argument("fanout", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['task']}")(options)
        except (PirabError, OSError, ValueError) as error:
            raise CommandError(str(error)) from error

    def _start(self, options: dict[str, Any]) -> None:
        lines = options["accounts"].read_text() if options["accounts"] else sys.stdin.read()
        accounts = [int(line) for line in lines.split()]
        with db.transaction():
            message = actions.ensure_message(options["letter"].read_bytes())
            spread = Spread(MailboxRole.INBOX, frozenset(), clock.now())
            self.stdout.write(str(actions.begin_fanout(message, accounts, spread)))

    def _show(self, options: dict[str, Any]) -> None:
        seen = queries.fanout_progress(options["fanout"])
        self.stdout.write(
            f"{seen.state}: {seen.stored} stored, {seen.duplicates} had it, {seen.over_quota} over quota,"
            f" {seen.unknown} unknown, {seen.waiting} waiting of {seen.total}"
        )
        for account_id, status in queries.fanout_left_out(options["fanout"]).items():
            self.stdout.write(f"{account_id} {status.value}")

    def _cancel(self, options: dict[str, Any]) -> None:
        stopped = actions.cancel_fanout(options["fanout"])
        self.stdout.write("stopped" if stopped else "it was over already")
