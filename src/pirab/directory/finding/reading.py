"""How much of the directory each person reads, and the brake on carrying it away (PDPA: purpose, measure, record).

Looking people up is everybody's work and only counted; taking many at once needs a purpose, is bounded by the day, and
is on record with who, when, how many, of which unit and why. The record outlives the person and is read by operators
and the central security officer alone.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Final

import msgspec

from pirab.core import clock, db
from pirab.directory.finding.errors import PurposeMissing, TooMuchRead
from pirab.directory.finding.facts import today
from pirab.directory.types import Principal

MOST_SEEN_A_DAY: Final = 20_000
"""Entries in answers and lists for one person in a day: some hundred questions, typed letter by letter."""
MOST_TAKEN_A_DAY: Final = 5_000
"""Entries taken in bulk by one person in a day."""
MOST_TAKEN_AT_ONCE: Final = 2_000
LEAST_PURPOSE: Final = 10
"""Characters below which nothing was said."""
MOST_PURPOSE: Final = 500


class BulkRead(msgspec.Struct, frozen=True):
    """Who took how many entries, when and why; `agency_id` None: of no unit alone."""

    id: int
    person_id: int
    login: str
    at: datetime
    agency_id: int | None
    entries: int
    purpose: str


def require_measure(person_id: int) -> None:
    """Return while the person may look further today; raises `TooMuchRead`."""
    seen = db.scalar(
        "select entries from finding_reading where person_id = %s and day = %s", (person_id, today())
    )
    if (seen or 0) >= MOST_SEEN_A_DAY:
        raise TooMuchRead()


def note(person_id: int, entries: int) -> None:
    """The person has been shown so many entries."""
    db.execute(_NOTE, (person_id, today(), entries))


def take(who: Principal, agency_id: int | None, entries: int, purpose: str) -> None:
    """Record a bulk read before its content is given away.

    Raises `PurposeMissing` where `purpose` says nothing, and `TooMuchRead` where the day's measure would be exceeded;
    nothing is given then.
    """
    said = "".join(char for char in purpose if unicodedata.category(char) not in ("Cc", "Cf", "Cs")).strip()
    if len(said) < LEAST_PURPOSE:
        raise PurposeMissing()
    with db.transaction():
        # One at a time for each person, so that two at once do not both find room.
        db.execute(
            "select pg_advisory_xact_lock(hashtext('finding: bulk read'), %s)", (who.person_id % 2**31,)
        )
        taken = db.scalar(_TAKEN, (who.person_id, today()))
        if entries > MOST_TAKEN_AT_ONCE or taken + entries > MOST_TAKEN_A_DAY:
            raise TooMuchRead()
        db.execute(_TAKE, (who.person_id, who.email, clock.now(), agency_id, entries, said[:MOST_PURPOSE]))


def bulk_reads(before: int | None, limit: int) -> list[BulkRead]:
    """The record, the newest first, those before the key `before`."""
    rows = db.rows(_READS, (before or 2**63 - 1, limit))
    return [BulkRead(*row) for row in rows]


def forget_counts(kept_days: int) -> int:
    """Drop the daily counts that are older; the record of bulk reads stays. Returns how many."""
    return db.execute("delete from finding_reading where day < %s::date - %s", (today(), kept_days))


_NOTE: Final = """
    insert into finding_reading (person_id, day, requests, entries) values (%s, %s, 1, %s)
        on conflict (person_id, day) do update
       set requests = finding_reading.requests + 1, entries = finding_reading.entries + excluded.entries
"""

_TAKEN: Final = """
    select coalesce(sum(entries), 0)::int from finding_bulk_read
     where person_id = %s and at >= %s::timestamp at time zone 'Asia/Bangkok'
"""

_TAKE: Final = """
    insert into finding_bulk_read (person_id, login, at, agency_id, entries, purpose) values (%s, %s, %s, %s, %s, %s)
"""

_READS: Final = """
    select id, person_id, login, at, agency_id, entries, purpose from finding_bulk_read
     where id < %s order by id desc limit %s
"""
