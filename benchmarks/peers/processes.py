"""A peer's processes: in one control group, so that its CPU is counted and its end is complete."""

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.surroundings import Cpu, environment
from engines.control_groups import Groups, cpu_seconds, empty, join


def group(name: str) -> Path:
    """The control group of the peer `name`, beside those of our services."""
    groups = Groups.find(environment().home)
    if groups is None:
        raise SystemExit("no control groups can be written here, so CPU cannot be told apart")
    return groups.group(f"peer-{name}")


def start(name: str, command: list[str]) -> None:
    """Run `command` in the peer's group; it is expected to go on in the background."""
    place = group(name)
    with (home(name) / "output.log").open("ab") as log:
        subprocess.Popen(
            command, preexec_fn=lambda: join(place), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )  # fmt: skip


def stop(name: str) -> None:
    """End every process of the peer."""
    place = group(name)
    if place.exists():
        empty(place)


def home(name: str) -> Path:
    """The peer's directory; others may enter it, since peers change to users of their own."""
    place = Path(tempfile.gettempdir()) / f"pirab-peers-{environment().ports.http}" / name
    place.mkdir(parents=True, exist_ok=True)
    place.parent.chmod(0o755)
    return place


def wait_for(place: int | Path) -> None:
    """Until somebody answers on a port of loopback or a socket file; raises `SystemExit` after twenty seconds."""
    family = socket.AF_INET if isinstance(place, int) else socket.AF_UNIX
    address = ("127.0.0.1", place) if isinstance(place, int) else str(place)
    for _ in range(200):
        with socket.socket(family) as probe:
            if probe.connect_ex(address) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"nobody listens on {place}")


@contextmanager
def cpu_of(*names: str) -> Iterator[Cpu]:
    """CPU of the peers in the block."""
    before = {name: cpu_seconds(group(name)) or 0.0 for name in names}
    cpu = Cpu()
    yield cpu
    for name in names:
        cpu.seconds[name] = (cpu_seconds(group(name)) or 0.0) - before[name]
