"""Memory of a signed-in person who does nothing and hears of new mail at once, by EventSource and by WebSocket."""

import base64
import os
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

from benchmarks.mailbox import Profile
from benchmarks.results import Seen
from benchmarks.surroundings import BenchAccount, account, environment
from engines import nginx, resolver, services, status
from engines.site import load_environment
from engines.supervisor import Supervisor

_PEOPLE = 40
_STREAMS_EACH = 25

Listen = Callable[[BenchAccount], socket.socket]


def run(profile: Profile) -> list[Seen]:
    """Open many streams of each kind and see what all services together grow by."""
    return [_grown("sessions.kb", _event_source), _grown("sessions.ws.kb", _web_socket)]


def _grown(name: str, listen: Listen) -> Seen:
    _begin_anew()
    people = [account(f"listener{number}@pirab.test") for number in range(_PEOPLE)]
    many = _PEOPLE * _STREAMS_EACH
    with ExitStack() as streams:
        for _ in range(5):  # what the first ones cost once is no cost of each
            streams.enter_context(listen(people[0]))
        time.sleep(2)
        before = _memory()
        for person in people:
            for _ in range(_STREAMS_EACH):
                streams.enter_context(listen(person))
        time.sleep(3)
        after = _memory()
    grown = {service: (after[service] - before[service]) / many / 1000 for service in after}
    spent = ", ".join(f"{service} {value:.1f}" for service, value in grown.items() if abs(value) >= 0.3)
    return Seen(name, sum(grown.values()), note=f"{many} streams: {spent}")


def _begin_anew() -> None:
    """Start what holds the streams again: who has held many has memory to give to new ones, which would seem free."""
    site = resolver.look(load_environment())
    supervisor = Supervisor(site)
    push = next(each for each in services.configure(site) if each.name == "push")
    for process in (push, nginx.configure(site)):
        supervisor.stop(process.name)
        supervisor.start(process.name)
        supervisor.wait_ready(process)


def _event_source(person: BenchAccount) -> socket.socket:
    return _ask(
        b"GET /jmap/eventsource?types=*&closeafter=no&ping=300 HTTP/1.1\r\nHost: localhost\r\n"
        b"Accept: text/event-stream\r\nAuthorization: Bearer %b\r\n\r\n" % person.token.encode(),
        b" 200 ",
    )


def _web_socket(person: BenchAccount) -> socket.socket:
    stream = _ask(
        b"GET /jmap/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: jmap\r\nSec-WebSocket-Key: %b\r\n"
        b"Authorization: Bearer %b\r\n\r\n" % (base64.b64encode(os.urandom(16)), person.token.encode()),
        b" 101 ",
    )
    stream.sendall(_frame(b'{"@type":"WebSocketPushEnable","dataTypes":null}'))
    return stream


def _frame(text: bytes) -> bytes:
    """A text frame of less than 126 octets; a mask of zeros changes nothing (rfc6455#5.3)."""
    return bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text


def _ask(request: bytes, wanted: bytes) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", environment().ports.http))
    stream.sendall(request)
    answer = stream.recv(4096)
    if wanted not in answer.split(b"\r\n", 1)[0]:
        raise SystemExit(f"no stream: {answer[:200]!r}")
    return stream


def _memory() -> dict[str, float]:
    """Octets of each service, shared pages counted once."""
    site = resolver.look(load_environment())
    return {each["name"]: each["resident_bytes"] for each in status.collect(site)["processes"]}
