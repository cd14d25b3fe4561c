"""The metrics of this process, and of its siblings when they share a directory.

Every service of one machine is its own process; when `PROMETHEUS_MULTIPROC_DIR` names a directory, each
writes its values there and `exposition()` of any of them answers for all. Without it, `exposition()`
answers for this process. Names begin with `pirab_`; a label never carries an address, a person or anything
else of unbounded number.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REGISTRY: Final = CollectorRegistry()
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds, in seconds, of the buckets every duration is sorted into."""


def counter(name: str, meaning: str, labels: Sequence[str] = ()) -> Counter:
    """A number that only grows; `pirab_` and `_total` are added to `name`."""
    return Counter(f"pirab_{name}", meaning, labels, registry=REGISTRY)


def duration(name: str, meaning: str, labels: Sequence[str] = ()) -> Histogram:
    """A distribution of times in seconds; `pirab_` and `_seconds` are added to `name`."""
    return Histogram(f"pirab_{name}_seconds", meaning, labels, buckets=SECONDS, registry=REGISTRY)


def gauge(name: str, meaning: str, labels: Sequence[str] = ()) -> Gauge:
    """A number that goes up and down; over several processes the living ones are added up."""
    return Gauge(f"pirab_{name}", meaning, labels, registry=REGISTRY, multiprocess_mode="livesum")


def exposition() -> bytes:
    """Everything counted so far in the Prometheus text format (`CONTENT_TYPE`)."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return generate_latest(shared)
