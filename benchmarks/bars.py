"""The bars: what must hold, what is aimed at, and what peers took for the same work on a machine like this one.

The peers' figures were measured beforehand on one mailbox of 10,000 + 2,000 letters; `./pirab bench --peers` measures
Dovecot and Roundcube again, here and now.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final


class Better(Enum):
    """Which way is good."""

    LESS = "≤"
    MORE = "≥"


@dataclass(frozen=True)
class Bar:
    """One figure of one row."""

    name: str
    title: str
    unit: str
    bar: float
    aim: float
    better: Better = Better.LESS
    peers: dict[str, float] = field(default_factory=dict)

    def ratio(self, seen: float) -> float:
        """Seen : bar, so that one or less is good whichever way the figure points."""
        if self.better is Better.LESS:
            return seen / self.bar
        return self.bar / seen if seen else float("inf")

    def holds(self, seen: float) -> bool:
        """Whether the bar is met."""
        return self.ratio(seen) <= 1


def _peers(dovecot: float | None, cyrus: float | None, roundcube: float | None) -> dict[str, float]:
    named = {"Dovecot": dovecot, "Cyrus": cyrus, "Roundcube": roundcube}
    return {name: value for name, value in named.items() if value is not None}


_QUESTIONS: Final = {
    "name": "a Thai name",
    "title": "a Thai name with its title",
    "unspaced": "a Thai name without its space",
    "typo": "a Thai name with a letter wrong",
    "sound": "a Thai name as it sounds",
    "royal": "a name in the Royal romanisation",
    "custom": "a name in a customary romanisation",
    "given": "a common given name",
    "typing1": "the first letter",
    "typing2": "the first two letters",
    "typing4": "the first four letters",
    "typing": "a given name and four letters more",
    "post": "a post and its unit in one word",
    "short": "a post abbreviated and its unit",
    "unit": "a unit",
    "inunit": "a given name and a unit",
    "number": "the end of an office number",
    "part": "six digits of a mobile",
    "extension": "an extension",
    "address": "a local part",
    "nobody": "nobody",
}
"""What officials are looked for by."""


def _finding() -> tuple[Bar, ...]:
    """One bar for every kind of question: 30 ms among 300,000 people."""
    return tuple(
        Bar(f"directory.{name}.{figure}", f"find an official: {title}", unit, 30, 10)
        for name, title in _QUESTIONS.items()
        for figure, unit in (("ms", "ms"), ("cpu", "CPU ms"))
    )


_MORE: Final = Better.MORE
BARS: Final = (
    Bar("inbox.ms", "open the inbox of 50, collapsed, preview", "ms", 6, 3, peers=_peers(5.6, 16.9, 22)),
    Bar("inbox.cpu", "open the inbox of 50, collapsed, preview", "CPU ms", 6, 3, peers=_peers(5.5, 17, 26)),
    Bar("inbox8.rate", "the same, 8 clients", "answers/s", 350, 800, _MORE, _peers(342, 119, 70)),
    Bar("letter.ms", "open a letter of 20 kB", "ms", 5, 2, peers=_peers(0.2, 6.9, 37)),
    Bar("letter.cpu", "open a letter of 20 kB", "CPU ms", 5, 2, peers=_peers(0.1, 6.2, 43)),
    Bar("attachment.ms", "download 2 MB attachment, decoded", "ms", 20, 12, peers=_peers(15, 20, 97)),
    Bar("attachment.cpu", "download 2 MB attachment, decoded", "CPU ms", 15, 8, peers=_peers(1.9, 20, 110)),
    Bar("search.rare.ms", "search a rare Thai word, 50 newest", "ms", 8, 3, peers=_peers(2200, 6.9, 2340)),
    Bar("search.rare.cpu", "search a rare Thai word, 50 newest", "CPU ms", 8, 3, peers=_peers(2200, 6.2, 2300)),
    Bar("search.common.ms", "search a common Thai word, 50 newest", "ms", 8, 3, peers=_peers(2200, 6.9, 2340)),
    Bar("search.common.cpu", "search a common Thai word, 50 newest", "CPU ms", 8, 3, peers=_peers(2200, 6.2, 2300)),
    Bar("search.deep.ms", "search a word deep in an unspaced run", "ms", 8, 3),
    Bar("search.deep.cpu", "search a word deep in an unspaced run", "CPU ms", 8, 3),
    Bar("search.hits", "true hits found, the worst of these words", "%", 98, 100, _MORE, _peers(100, 0, 100)),
    Bar("flag.ms", "flag 1,000", "ms", 60, 20, peers=_peers(9, 386, 52)),
    Bar("move.ms", "move 1,000", "ms", 150, 50, peers=_peers(53, 1002, 127)),
    Bar("thread.flag.ms", "flag a letter in a thread of 100,000", "ms", 15, 6),
    Bar("thread.flag.cpu", "flag a letter in a thread of 100,000", "CPU ms", 15, 6),
    Bar("thread.inbox.ms", "open the inbox with that thread on top", "ms", 100, 40),
    Bar("thread.inbox.cpu", "open the inbox with that thread on top", "CPU ms", 100, 40),
    Bar("thread.open.ms", "open that thread: all its ids, 20 letters", "ms", 500, 250),
    Bar("thread.open.cpu", "open that thread: all its ids, 20 letters", "CPU ms", 500, 250),
    Bar("thread.deliver.ms", "deliver a letter into that thread", "ms", 30, 15),
    Bar("thread.deliver.cpu", "deliver a letter into that thread", "CPU ms", 15, 6),
    Bar("lmtp.rate", "LMTP: 20 kB, searchable, 8 connections", "letters/s", 250, 500, _MORE, _peers(246, 550, None)),
    Bar("lmtp.cpu", "LMTP: 20 kB, searchable, 8 connections", "CPU ms", 6, 3, peers=_peers(6.2, 2.7, None)),
    Bar("inbound.cpu", "whole inbound path with both scanners", "CPU ms", 18, 14),
    Bar("circular.s", "circular of 500 kB to 10,000", "s", 1, 0.4, peers=_peers(9, 47, None)),
    Bar("circular.bytes", "circular of 500 kB to 10,000", "octets each", 600, 350, peers=_peers(10_000, 4_400, None)),
    Bar("circular300k.s", "circular to 300,000", "s", 25, 8),
    Bar("circular300k.others", "others' p95 meanwhile", "times", 2, 1.3),
    Bar("sessions.kb", "memory of an idle session with push", "kB", 100, 20, peers=_peers(3_400, 4_700, None)),
    Bar("sessions.ws.kb", "the same over WebSocket", "kB", 100, 20, peers=_peers(3_400, 4_700, None)),
    Bar("page.kb", "web client, first load, on the wire", "kB", 230, 120, peers=_peers(None, None, 580)),
    Bar("page.ms", "web client, first load, list usable", "ms", 465, 250, peers=_peers(None, None, 465)),
    Bar("growth.inbox", "inbox in 100,000 with neighbours : in 10,000", "times", 1.5, 1.1),
    Bar("growth.letter", "letter in 100,000 with neighbours : in 10,000", "times", 1.5, 1.1),
    Bar("growth.search", "search in 100,000 with neighbours : in 10,000", "times", 1.5, 1.1),
    *_finding(),
    Bar("directory.hits", "officials found among the first 20", "%", 95, 99, _MORE),
    Bar("storage.share", "stored : mail, octets, index included", "times", 0.85, 0.6, peers=_peers(1, 1.16, None)),
)  # fmt: skip
"""Every figure that `docs` and the runner speak of; a benchmark names the bar it reports on."""


def bar(name: str) -> Bar:
    """The bar of that name; `KeyError` where a benchmark names none that exists."""
    return _BY_NAME[name]


_BY_NAME: Final = {each.name: each for each in BARS}
