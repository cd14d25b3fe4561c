"""Every benchmark by name, in the order in which they run: reads first, what changes the mail last."""

from collections.abc import Callable
from typing import Final

from benchmarks import (
    changing,
    circular,
    directory,
    growth,
    inbound,
    lmtp,
    longthread,
    memory,
    pageload,
    reading,
    searching,
    sessions,
    storage,
)
from benchmarks.mailbox import Profile
from benchmarks.results import Seen

Benchmark = Callable[[Profile], list[Seen]]
"""Measures against the running system; answers the figures of the bars it is for (`benchmarks.bars`)."""

BENCHMARKS: Final[dict[str, Benchmark]] = {
    "inbox": reading.inbox,
    "inbox8": reading.inbox8,
    "letter": reading.letter,
    "attachment": reading.attachment,
    "search": searching.run,
    "page": pageload.run,
    "directory": directory.run,
    "sessions": sessions.run,
    "storage": storage.run,
    "growth": growth.run,
    "change": changing.run,
    "thread": longthread.run,
    "lmtp": lmtp.run,
    "circular": circular.run,
    "inbound": inbound.run,
    "memory": memory.run,
}
