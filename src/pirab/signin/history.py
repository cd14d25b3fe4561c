"""Who signed in as a person, when, from where and how it went: written here, shown to that person alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pirab.core import clock, db
from pirab.signin import agents
from pirab.signin.models import SignIn
from pirab.signin.types import Door, Method, Origin, Result, SignInView

KEPT: Final = timedelta(days=90)
"""How long a line is kept."""


def record(person_id: int, door: Door, method: Method, result: Result, origin: Origin) -> None:
    """Add a line.

    Failures, and successes of programs (which sign in at each letter), share one line an hour and place, so that
    nobody can fill the history of somebody else.
    """
    now = clock.now()
    shares_line = door is not Door.WEB or result in (Result.WRONG, Result.BRAKED)
    values = {
        "person": person_id,
        "now": now,
        "door": door.value,
        "method": method.value,
        "result": result.value,
        "address": origin.address[:100],
        "agent": origin.agent[: agents.LONGEST],
        "hour": now.replace(minute=0, second=0, microsecond=0) if shares_line else None,
    }
    db.execute(_RECORD, values)


_RECORD: Final = """
    insert into signin_signin as l (person_id, at, door, method, result, address, agent, times, hour)
    values (%(person)s, %(now)s, %(door)s, %(method)s, %(result)s, %(address)s, %(agent)s, 1, %(hour)s)
    on conflict (person_id, hour, address, door, method, result) where hour is not null
    do update set at = excluded.at, times = l.times + 1
"""


def lines_of(person_id: int, limit: int, before: int | None = None) -> list[SignInView]:
    """At most `limit` lines, the newest first; `before` is the id of the last line of the page before."""
    found = SignIn.objects.filter(person_id=person_id, at__gt=clock.now() - KEPT)
    if before is not None:
        found = found.filter(pk__lt=before)
    return [_view(row) for row in found.order_by("-pk")[:limit]]


def has_signed_in(person_id: int) -> bool:
    """Whether the person has opened a browser session before, as far as the history goes back."""
    return SignIn.objects.filter(person_id=person_id, door=Door.WEB, result=Result.OK).exists()


def forget(now: datetime | None = None) -> None:
    """Remove lines older than `KEPT`."""
    SignIn.objects.filter(at__lt=(now or clock.now()) - KEPT).delete()


def _view(row: SignIn) -> SignInView:
    return SignInView(
        row.pk,
        row.at,
        Door(row.door),
        Method(row.method),
        Result(row.result),
        row.address,
        agents.name_of(row.agent),
        row.times,
    )
