"""`pirab_blob verify|repair|gc|rotate`: the operator's tasks on stored bytes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pirab.blob import gc, repair, rotation, verify
from pirab.blob.directory import DirectoryBackend
from pirab.blob.types import RepairOutcome
from pirab.core.errors import PirabError
from pirab.core.keyring import add_key


class Command(BaseCommand):
    help = "Stored bytes of mail: check, mend, clean up, and change the keys they are encrypted under."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        check = tasks.add_parser("verify", help="open every blob and report what is wrong; changes nothing")
        check.add_argument(
            "--grace-hours", type=float, default=24.0, help="age at which an unnamed object counts"
        )
        mend = tasks.add_parser("repair", help="bring damaged blobs back from a backup, or set them aside")
        mend.add_argument("--from", dest="backup", type=Path, help="a blob directory that holds good copies")
        clean = tasks.add_parser("gc", help="remove blobs that nothing refers to")
        clean.add_argument(
            "--grace-hours", type=float, default=24.0, help="leave anything younger (at least 1)"
        )
        tasks.add_parser("rotate", help="make a new key and put every blob under it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['task']}")(options)
        except PirabError as error:
            raise CommandError(str(error)) from error

    def _verify(self, options: dict[str, Any]) -> None:
        found = 0
        for finding in verify.verify(timedelta(hours=options["grace_hours"])):
            found += 1
            self.stdout.write(
                f"{finding.kind} {finding.digest.hex() if finding.digest else '-'} {finding.place}"
            )
        if found:
            raise CommandError(f"{found} findings")
        self.stdout.write("every blob is sound")

    def _repair(self, options: dict[str, Any]) -> None:
        backup = options["backup"]
        if backup is not None and not backup.is_dir():
            raise CommandError(f"{backup} is not a directory")
        lost = 0
        for finding, outcome in repair.repair(None if backup is None else DirectoryBackend(backup)):
            lost += outcome is not RepairOutcome.RESTORED
            self.stdout.write(f"{outcome} {finding.kind} {finding.digest.hex() if finding.digest else '-'}")
        if lost:
            raise CommandError(f"{lost} blobs are still without their bytes")
        self.stdout.write("nothing is left to mend")

    def _gc(self, options: dict[str, Any]) -> None:
        done = gc.collect(timedelta(hours=options["grace_hours"]))
        self.stdout.write(
            f"removed {done.rows} blobs, {done.objects} unclaimed objects, {done.octets} octets"
        )

    def _rotate(self, options: dict[str, Any]) -> None:
        key_id = add_key(settings.ENVIRONMENT.keyring_dir)
        done = rotation.rotate_keys()
        self.stdout.write(f"newest key {key_id}, {done.rewrapped} blobs re-wrapped, {done.damaged} damaged")
        for used, count in rotation.keys_in_use().items():
            self.stdout.write(f"key {used} wraps {count} blobs")
