"""Memory of a signed-in person who does nothing and hears of new mail at once (EventSource)."""

import socket
import time
from collections.abc import Iterator

from benchmarks.mailbox import Profile
from benchmarks.results import Seen
from benchmarks.surroundings import BenchAccount, account, environment
from engines import status
from engines.site import load_environment

_PEOPLE = 40
_STREAMS_EACH = 25


def run(profile: Profile) -> list[Seen]:
    """Open many streams and see what all services together grow by."""
    many = _PEOPLE * _STREAMS_EACH
    people = [account(f"listener{number}@pirab.test") for number in range(_PEOPLE)]
    opened = [_listen(people[0]) for _ in range(5)]  # what the first ones cost once is no cost of each
    time.sleep(2)
    before = _memory()
    opened += list(_open_all(people))
    time.sleep(3)
    after = _memory()
    for stream in opened:
        stream.close()
    grown = {name: (after[name] - before[name]) / many / 1000 for name in after}
    spent = ", ".join(f"{name} {value:.1f}" for name, value in grown.items() if abs(value) >= 0.3)
    return [Seen("sessions.kb", sum(grown.values()), note=f"{many} streams: {spent}")]


def _open_all(people: list[BenchAccount]) -> Iterator[socket.socket]:
    for person in people:
        for _ in range(_STREAMS_EACH):
            yield _listen(person)


def _listen(person: BenchAccount) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", environment().ports.http))
    stream.sendall(
        b"GET /jmap/eventsource?types=*&closeafter=no&ping=300 HTTP/1.1\r\nHost: localhost\r\n"
        b"Accept: text/event-stream\r\nAuthorization: Bearer %b\r\n\r\n" % person.token.encode()
    )
    answer = stream.recv(4096)
    if b" 200 " not in answer.split(b"\r\n", 1)[0]:
        raise SystemExit(f"no event stream: {answer[:200]!r}")
    return stream


def _memory() -> dict[str, float]:
    """Octets of each service, shared pages counted once."""
    from engines import resolver

    site = resolver.look(load_environment())
    return {each["name"]: each["resident_bytes"] for each in status.collect(site)["processes"]}
