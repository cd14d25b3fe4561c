"""How the service is, for those who run it: `GET /api/v1/health/overview`."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from pirab.core import clock, jobs
from pirab.directory import authority, queries
from pirab.openapi.administered import administrator
from pirab.openapi.health import faults
from pirab.openapi.shapes import Shape

router: Final = Router(tags=["health"], by_alias=True)


class Fault(Shape):
    """What is missing, and why as far as the process can tell."""

    part: str
    reason: str


class Disk(Shape):
    """The volume of the blobs, in octets."""

    free_bytes: int
    total_bytes: int


class Jobs(Shape):
    """Work for the workers; `oldestSeconds`: how late the longest waiting job is."""

    waiting: int
    running: int
    failed: int
    oldest_seconds: int


class Counted(Shape):
    """What the directory holds and uses."""

    agencies: int
    people: int
    accounts: int
    groups: int
    domains: int


class Overview(Shape):
    """`isReady` says what `/readyz` says."""

    checked_at: datetime
    is_ready: bool
    faults: list[Fault]
    disk: Disk | None
    jobs: Jobs
    directory: Counted


@router.get("/health/overview", response=Overview, summary="How the service is")
def overview(request: HttpRequest, response: HttpResponse) -> Overview:
    """Counted now. Operators only."""
    authority.require_operator(administrator(request))
    missing = faults()
    response["Cache-Control"] = "no-store"
    backlog, census = jobs.backlog(), queries.census()
    return Overview(
        checked_at=clock.now(),
        is_ready=not missing,
        faults=[Fault(part=part, reason=reason) for part, reason in missing.items()],
        disk=_disk(settings.ENVIRONMENT.blob_dir),
        jobs=Jobs(**{name: getattr(backlog, name) for name in jobs.Backlog.__struct_fields__}),
        directory=Counted(**{name: getattr(census, name) for name in queries.Census.__struct_fields__}),
    )


def _disk(directory: Path) -> Disk | None:
    try:
        volume = os.statvfs(directory)
    except OSError:
        # `faults` says what is wrong with the directory.
        return None
    return Disk(free_bytes=volume.f_bavail * volume.f_frsize, total_bytes=volume.f_blocks * volume.f_frsize)
