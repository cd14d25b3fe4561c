"""Who administers what."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pirab.core import clock, db
from pirab.directory.errors import EntryInvalid
from pirab.directory.models import Duty
from pirab.directory.types import DutyKind


def appoint(
    person_id: int,
    agency_id: int | None,
    kind: DutyKind,
    *,
    by: int | None = None,
    expires_at: datetime | None = None,
) -> int:
    """Give the person this duty over the agency and all below it (None: the whole service); returns its key.

    Repeating it changes the expiry alone. Raises `EntryInvalid` for an operator of one agency: operators run the
    service.
    """
    if kind is DutyKind.OPERATOR and agency_id is not None:
        raise EntryInvalid("agency_id")
    found: int = db.scalar(_APPOINT, (person_id, agency_id, kind, by, clock.now(), expires_at))
    return found


def dismiss(duty_id: int) -> None:
    """End the duty; one that is gone is ended already."""
    Duty.objects.filter(pk=duty_id).delete()


_APPOINT: Final = """
    insert into directory_duty (person_id, agency_id, kind, appointed_by_id, appointed_at, expires_at)
    values (%s, %s, %s, %s, %s, %s)
    on conflict (person_id, agency_id, kind) do update set expires_at = excluded.expires_at
    returning id
"""
