"""What supervisors and monitors ask: is the process alive, can it do its work, what has it counted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import django.db
import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from pirab.core import db, metrics

ROOM_NEEDED: Final = 64 * 1024 * 1024
"""Octets that must be free where blobs are kept: one largest message and its neighbours."""


def alive(request: HttpRequest) -> HttpResponse:
    """`/healthz`: 200 as long as this process answers at all."""
    return _answer(200, {"status": "alive"})


def ready(request: HttpRequest) -> HttpResponse:
    """`/readyz`: 200 when mail can be read and written now, else 503 with what is missing."""
    missing = faults()
    if missing:
        return _answer(503, {"status": "not ready", "faults": missing})
    return _answer(200, {"status": "ready"})


def faults() -> dict[str, str]:
    """What keeps mail from being read and written now, by what is missing; nothing when all is well."""
    return {name: fault for name, fault in (("database", _database()), ("blobs", _blobs())) if fault}


def measured(request: HttpRequest) -> HttpResponse:
    """`/metrics`: the counters in the Prometheus text format."""
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def _database() -> str | None:
    try:
        db.scalar("select 1")
    except django.db.Error as error:
        return type(error).__name__
    return None


def _blobs() -> str | None:
    directory: Path = settings.ENVIRONMENT.blob_dir
    if not directory.is_dir():
        return "the directory is missing"
    if not os.access(directory, os.W_OK | os.X_OK):
        return "the directory cannot be written"
    volume = os.statvfs(directory)
    if volume.f_bavail * volume.f_frsize < ROOM_NEEDED:
        return "the disk is full"
    return None


def _answer(status: int, body: dict[str, object]) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(body), content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    return response
