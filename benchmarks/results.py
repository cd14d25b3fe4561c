"""What was seen, line by line while it is measured, and as one table at the end."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.bars import BARS, bar


@dataclass(frozen=True)
class Seen:
    """One figure: the bar it is held to, the value in the bar's unit, and what belongs beside it."""

    name: str
    value: float
    p95: float | None = None
    note: str = ""


@dataclass
class Results:
    """All figures of a run, ours and those of peers measured in the same run."""

    seen: dict[str, Seen] = field(default_factory=dict)
    peers: dict[str, dict[str, float]] = field(default_factory=dict)
    beside: str = ""
    """What else went on during the run, in a sentence."""

    def add(self, figures: Iterable[Seen]) -> None:
        """Keep the figures and print each."""
        for figure in figures:
            self.seen[figure.name] = figure
            held = bar(figure.name)
            p95 = "" if figure.p95 is None else f" (p95 {number(figure.p95)})"
            verdict = "holds" if held.holds(figure.value) else "BAR MISSED"
            print(
                f"{held.title:<52} {number(figure.value) + p95 + ' ' + held.unit:<36} "
                f"{held.better.value} {number(held.bar)} ({number(held.aim)})  {verdict}  {figure.note}",
                flush=True,
            )

    def add_peer(self, peer: str, name: str, value: float, note: str = "") -> None:
        """Keep and print what a peer took for the work of bar `name`."""
        self.peers.setdefault(name, {})[peer] = value
        print(f"{bar(name).title:<52} {peer} {number(value)} {bar(name).unit} {note}", flush=True)

    def markdown(self) -> str:
        """The table: bar by bar, ratio below 1 is better than the bar."""
        head = (
            "| what | unit | seen | p95 | bar | aim | seen : bar | peers (here, or *before*) | beside it |\n"
        )
        rows = [self._row(name) for name in (each.name for each in BARS) if name in self.seen]
        missing = [each.name for each in BARS if each.name not in self.seen]
        tail = f"\nNot measured in this run: {', '.join(missing)}.\n" if missing else ""
        load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        beside = f"Load average {load}. {self.beside}".rstrip()
        return f"{head}|---|---|---|---|---|---|---|---|---|\n{''.join(rows)}{tail}\n{beside}\n"

    def _row(self, name: str) -> str:
        held, figure = bar(name), self.seen[name]
        sign = held.better.value
        p95 = "–" if figure.p95 is None else number(figure.p95)
        peers = [f"{peer} {number(value)}" for peer, value in self.peers.get(name, {}).items()]
        here = self.peers.get(name, {})
        peers += [f"*{peer} {number(value)}*" for peer, value in held.peers.items() if peer not in here]
        return (
            f"| {held.title} | {held.unit} | **{number(figure.value)}** | {p95} | {sign} {number(held.bar)} "
            f"| {sign} {number(held.aim)} | {held.ratio(figure.value):.2f} | {', '.join(peers) or '–'} "
            f"| {figure.note} |\n"
        )


def number(value: float) -> str:
    """Three figures that count, no more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
