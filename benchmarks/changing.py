"""Flag 1,000 letters and move 1,000, as a person does who has marked them all; put back afterwards."""

import statistics
import time
from typing import Any

from benchmarks import filling
from benchmarks.jmap_client import JmapClient
from benchmarks.mailbox import Profile
from benchmarks.measuring import Measured
from benchmarks.results import Seen
from benchmarks.surroundings import cpu_of_services
from pirab.core.ids import IdKind, encode_id
from pirab.store import queries as store
from pirab.store.types import MailboxRole

_MANY = 1_000
_MOST_AT_ONCE = 500
"""maxObjectsInSet: a thousand go in two requests."""
_ROUNDS = 5


def run(profile: Profile) -> list[Seen]:
    """Median of some rounds there and back."""
    target = filling.reader(profile)
    client = JmapClient(target)
    ids = _oldest(client, min(_MANY, profile.inbox))
    archive = encode_id(IdKind.MAILBOX, store.mailbox_with_role(target.account_id, MailboxRole.ARCHIVE).id)
    flags = _there_and_back(client, ids, {"keywords/$flagged": True}, {"keywords/$flagged": None})
    moves = _there_and_back(
        client, ids, {"mailboxIds": {archive: True}}, {"mailboxIds": {client.inbox_id: True}}
    )
    return [_seen("flag.ms", flags, len(ids)), _seen("move.ms", moves, len(ids))]


def _oldest(client: JmapClient, many: int) -> list[str]:
    ids: list[str] = []
    while len(ids) < many:
        query = {
            "filter": {"inMailbox": client.inbox_id, "notKeyword": "$flagged"},
            "sort": [{"property": "receivedAt", "isAscending": True}],
            "position": len(ids),
            "limit": min(_MOST_AT_ONCE, many - len(ids)),
        }
        page = client.call(("Email/query", query, "q"))[0]["ids"]
        if not page:
            return ids
        ids += page
    return ids


def _there_and_back(
    client: JmapClient, ids: list[str], there: dict[str, Any], back: dict[str, Any]
) -> Measured:
    times: list[float] = []
    with cpu_of_services() as cpu:
        for patch in (there, back) * _ROUNDS:
            began = time.perf_counter()
            _patch(client, ids, patch)
            times.append(1000 * (time.perf_counter() - began))
    return Measured(
        statistics.median(times),
        max(times),
        cpu.total_milliseconds() / len(times),
        cpu.milliseconds_each(len(times)),
    )


def _patch(client: JmapClient, ids: list[str], patch: dict[str, Any]) -> None:
    for start in range(0, len(ids), _MOST_AT_ONCE):
        some = ids[start : start + _MOST_AT_ONCE]
        answer = client.call(("Email/set", {"update": dict.fromkeys(some, patch)}, "s"))[0]
        if answer.get("notUpdated"):
            raise SystemExit(f"not all were changed: {next(iter(answer['notUpdated'].items()))}")


def _seen(name: str, measured: Measured, many: int) -> Seen:
    return Seen(name, measured.median, measured.p95, f"{many} letters; CPU ms {measured.spent}")
