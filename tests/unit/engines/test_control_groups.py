"""Control groups: whatever a service started is gone when its group was emptied."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines import control_groups
from engines.control_groups import Groups

ENCLOSE = Path(control_groups.__file__).with_name("enclose.py")


@pytest.fixture
def groups(tmp_path: Path) -> Iterator[Groups]:
    found = Groups.find(tmp_path) if os.geteuid() == 0 else None
    if found is None:
        pytest.skip("no control group can be written here")
    yield found
    found.empty_all()
    found.root.rmdir()


def enclosed(groups: Groups, name: str, script: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", str(ENCLOSE), "--group", str(groups.group(name)), *options]
    return subprocess.Popen([*command, "--", "sh", "-c", script])


def wait_for_members(groups: Groups, name: str, count: int) -> list[int]:
    deadline = time.monotonic() + 10
    while len(groups.members(name)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return groups.members(name)


def test_children_in_sessions_of_their_own_are_ended_too(groups: Groups) -> None:
    service = enclosed(groups, "tree", "setsid sleep 600 & setsid sh -c 'sleep 600 & sleep 600' & wait")
    wait_for_members(groups, "tree", 4)
    service.kill()
    service.wait()
    assert groups.members("tree")
    assert groups.empty_all() == ["tree"]
    assert groups.names() == []


def test_a_new_start_ends_what_the_old_one_left(groups: Groups) -> None:
    first = enclosed(groups, "again", "setsid sleep 601 & wait")
    old = set(wait_for_members(groups, "again", 2))
    first.kill()
    first.wait()
    second = enclosed(groups, "again", "exec sleep 602")
    deadline = time.monotonic() + 10
    while groups.members("again") != [second.pid]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not old & set(groups.members("again"))
    second.kill()
    second.wait()


def test_the_time_of_dead_children_is_counted(groups: Groups) -> None:
    service = enclosed(groups, "work", "sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'")
    service.wait()
    spent = groups.cpu_seconds("work")
    assert spent is not None
    assert spent > 0


def test_a_group_that_does_not_exist_is_empty(groups: Groups) -> None:
    assert groups.members("absent") == []
    control_groups.empty(groups.group("absent"))


def test_privileges_are_dropped_for_good(groups: Groups, tmp_path: Path) -> None:
    script = "id -u; id -G; cat /proc/self/status | grep CapEff"
    command = [
        sys.executable,
        "-I",
        str(ENCLOSE),
        "--user",
        "nobody",
        "--umask",
        "077",
        "--",
        "sh",
        "-c",
        script,
    ]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert shown[0] == "65534"
    assert "0" not in shown[1:-2]
    assert int(shown[-1], 16) == 0


def test_two_starts_are_kept_apart_without_ever_giving_up(tmp_path: Path) -> None:
    marker = tmp_path / "service.started"
    command = [sys.executable, "-I", str(ENCLOSE), "--pace", str(marker), "--", "true"]
    begun = time.monotonic()
    for _ in range(3):
        subprocess.run(command, check=True)
    assert time.monotonic() - begun >= 2


def test_a_failed_preparation_stops_the_start(tmp_path: Path) -> None:
    proof = tmp_path / "started"
    command = [sys.executable, "-I", str(ENCLOSE), "--before", "exit 3", "--", "touch", str(proof)]
    assert subprocess.run(command, check=False).returncode == 1
    assert not proof.exists()
