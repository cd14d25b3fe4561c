"""`./pirab verify` and `./pirab repair`: the store looks at itself, and mends what it found."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pirab.blob import verify as blob_verify
from pirab.core.ids import IdError, IdKind, decode_id, encode_id
from pirab.directory.finding import verification as directory
from pirab.store.verification import Depth, Finding, repair, verify


class Command(BaseCommand):
    help = (
        "Compare everything the store keeps with everything else it keeps: messages, mailboxes, counters, change log, "
        "words, usage; the rows people are found by; and the stored bytes. Safe while the system is at work. Ends with "
        "status 1 when anything is "
        "wrong (or, with --repair, is still wrong)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--account", help="look at this account alone (its JMAP id)")
        parser.add_argument(
            "--deep",
            action="store_true",
            help="read the bytes of every message and compare what is kept of it",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--repair", action="store_true", help="mend what is found; never deletes mail")
        parser.add_argument("--dry-run", action="store_true", help="with --repair: show what would be mended")
        parser.add_argument("--no-blobs", action="store_true", help="leave out the stored bytes")

    def handle(self, *args: Any, **options: Any) -> None:
        depth = Depth.BYTES if options["deep"] else Depth.ROWS
        findings = verify(depth, _account(options["account"]), self._progress)
        if options["repair"] and not options["dry_run"]:
            wrong = sum(self._mended(finding, done, options) for finding, done in repair(findings))
        else:
            wrong = sum(self._told(finding, options) for finding in findings)
        if options["account"] is None:
            wrong += self._directory(options)
        if not options["repair"] and not options["no_blobs"] and options["account"] is None:
            wrong += sum(self._told_blob(line, options) for line in _blob_findings())
        self._clear_progress()
        if wrong:
            raise CommandError(f"{wrong} findings")
        if not options["json"]:
            self.stdout.write("nothing is wrong")

    def _directory(self, options: dict[str, Any]) -> int:
        """Compare the rows people are found by with the people."""
        findings = directory.verify(self._progress)
        if options["repair"] and not options["dry_run"]:
            return sum(
                self._mended_row(finding, done, options) for finding, done in directory.repair(list(findings))
            )
        return sum(self._told_blob(_row_fields(finding), options) for finding in findings)

    def _mended_row(self, finding: directory.Finding, done: bool, options: dict[str, Any]) -> int:
        self._say({"outcome": "mended" if done else "needs a backup", **_row_fields(finding)}, options)
        return 0 if done else 1

    def _told(self, finding: Finding, options: dict[str, Any]) -> int:
        self._say(_fields(finding), options)
        return 1

    def _mended(self, finding: Finding, done: bool, options: dict[str, Any]) -> int:
        self._say({"outcome": "mended" if done else "needs a backup", **_fields(finding)}, options)
        return 0 if done else 1

    def _told_blob(self, fields: dict[str, Any], options: dict[str, Any]) -> int:
        self._say(fields, options)
        return 1

    def _say(self, fields: dict[str, Any], options: dict[str, Any]) -> None:
        self._clear_progress()
        if options["json"]:
            self.stdout.write(json.dumps(fields, ensure_ascii=False))
        else:
            self.stdout.write("  ".join(str(value) for value in fields.values() if value not in (None, "")))

    def _progress(self, what: str, count: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{count} {what} …", ending="")

    def _clear_progress(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")


def _account(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return decode_id(IdKind.ACCOUNT, text)
    except IdError as error:
        raise CommandError(f"{text!r} is no account id") from error


def _fields(finding: Finding) -> dict[str, Any]:
    account = None if finding.account_id is None else encode_id(IdKind.ACCOUNT, finding.account_id)
    return {
        "code": finding.code.value,
        "account": account,
        "object": finding.object_id,
        "detail": finding.detail,
    }


def _row_fields(finding: directory.Finding) -> dict[str, Any]:
    return {
        "code": finding.code.value,
        "account": None,
        "object": encode_id(IdKind.PERSON, finding.person_id),
        "detail": finding.detail,
    }


def _blob_findings() -> Iterator[dict[str, Any]]:
    for finding in blob_verify.verify():
        digest = finding.digest.hex() if finding.digest else None
        yield {"code": f"blob-{finding.kind}", "account": None, "object": digest, "detail": finding.place}
