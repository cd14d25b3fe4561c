"""One control group a service, so that "stop it" means its whole tree.

Postfix and Rspamd put their children in sessions of their own; killing the process a supervisor knows leaves them
running and holding the ports. Membership of a control group cannot be left, so emptying the group is the only stop that
is complete. Version 2 is used where it can be written, else a version 1 hierarchy; where neither can be written
`Groups.find` answers none and the supervisor's process groups are all there is.
"""

import hashlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_V1_CHOICES = ("pids", "cpuacct", "systemd", "freezer")
_GRACE_SECONDS = 2.0


@dataclass(frozen=True)
class Groups:
    """The control groups of one home directory, all below ``root``."""

    root: Path

    @classmethod
    def find(cls, home: Path) -> "Groups | None":
        """The first writable hierarchy, unified ones first; none where the machine offers none."""
        tag = hashlib.sha256(os.fsencode(home)).hexdigest()[:10]
        for mount in _hierarchies():
            root = mount / f"pirab-{tag}"
            try:
                root.mkdir(exist_ok=True)
            except OSError:
                continue
            if os.access(root / "cgroup.procs", os.W_OK):
                return cls(root)
        return None

    def group(self, name: str) -> Path:
        return self.root / name

    def members(self, name: str) -> list[int]:
        return members(self.group(name))

    def names(self) -> list[str]:
        return sorted(entry.name for entry in self.root.iterdir() if entry.is_dir())

    def cpu_seconds(self, name: str) -> float | None:
        """Processor time used by every process that ever was in the group, dead children included."""
        return cpu_seconds(self.group(name))

    def empty_all(self) -> list[str]:
        """Stop whatever still runs in any group, politely first; returns the names that were not empty."""
        occupied = [name for name in self.names() if self.members(name)]
        for name in occupied:
            _signal_all(self.group(name), signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        while time.monotonic() < deadline and any(self.members(name) for name in occupied):
            time.sleep(0.05)
        for name in self.names():
            empty(self.group(name))
            self.group(name).rmdir()
        return occupied


def members(group: Path) -> list[int]:
    """Process ids in the group and the groups below it; a group that does not exist has none."""
    found: list[int] = []
    for procs in [group / "cgroup.procs", *group.glob("*/cgroup.procs")]:
        try:
            found += [int(line) for line in procs.read_text().split()]
        except (FileNotFoundError, OSError):
            continue
    return found


def cpu_seconds(group: Path) -> float | None:
    """Processor seconds of the group, or none where the hierarchy does not count them."""
    try:
        for line in (group / "cpu.stat").read_text().splitlines():
            if line.startswith("usage_usec "):
                return int(line.split()[1]) / 1e6
    except OSError:
        pass
    try:
        return int((group / "cpuacct.usage").read_text()) / 1e9
    except OSError:
        return None


def join(group: Path) -> None:
    """Move the calling process into the group, made if need be."""
    group.mkdir(parents=True, exist_ok=True)
    (group / "cgroup.procs").write_text(f"{os.getpid()}\n")


def empty(group: Path, patience_seconds: float = 5.0) -> None:
    """Kill every process of the group and wait until none is left; raises `TimeoutError` if one will not go."""
    deadline = time.monotonic() + patience_seconds
    while members(group):
        if time.monotonic() > deadline:
            raise TimeoutError(f"processes {members(group)} of {group} do not die")
        try:
            (group / "cgroup.kill").write_text("1\n")
        except OSError:
            _signal_all(group, signal.SIGKILL)
        time.sleep(0.01)


def _signal_all(group: Path, number: signal.Signals) -> None:
    for pid in members(group):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _hierarchies() -> list[Path]:
    unified: list[Path] = []
    legacy: dict[str, Path] = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        mount = Path(before.split()[4])
        kind = after.split()[0]
        if kind == "cgroup2":
            unified.append(mount)
        elif kind == "cgroup":
            legacy[mount.name] = mount
    return unified + [legacy[name] for name in _V1_CHOICES if name in legacy]
