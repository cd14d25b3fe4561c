"""One whole private system for the session: own home, own ports, own name server, a mail server outside.

Set ``PIRAB_TEST_KEEP=1`` to leave it running afterwards and to use a running one: the next session then starts at once.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pirab.conf.environment import REPOSITORY, Environment
from tests.acceptance.outside import NameServer, OutsideMailServer
from tests.acceptance.system import System

_SLOTS = 8
_FIRST_PORT_BASE = 23_000
_FILESYSTEM_BYTES = 2_500_000_000


@pytest.fixture(scope="session")
def _slot() -> Iterator[int]:
    """A number no other session on this machine uses now."""
    # ports are the machine's, whatever the checkout
    directory = Path(tempfile.gettempdir()) / "pirab-test-slots"
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(_SLOTS):
        with (directory / f"slot-{number}.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if _is_taken(_FIRST_PORT_BASE + 100 * number):
                continue  # a system that somebody kept running for another checkout
            yield number
            return
    pytest.fail(f"{_SLOTS} other sessions already run acceptance tests here")


def _is_taken(port_base: int) -> bool:
    """Whether a web server answers on the slot's port and this session does not mean to go on with it."""
    if os.environ.get("PIRAB_TEST_KEEP") == "1":
        return False
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port_base + 80)) == 0


@pytest.fixture(scope="session")
def nameserver(_slot: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameServer]:
    """The only resolver the system under test knows."""
    directory = REPOSITORY / "var" / "test" / f"outside-{_slot}"
    directory.mkdir(parents=True, exist_ok=True)
    server = NameServer(directory, f"127.77.{_slot}.53")
    server.publish_mail_domain("outside.test", f"127.77.{_slot}.25")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def outside(_slot: int, nameserver: NameServer) -> Iterator[OutsideMailServer]:
    """The mail server of outside.test, found by MX; it listens on port 25 of its own address."""
    server = OutsideMailServer(f"127.77.{_slot}.25")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def system(_slot: int, nameserver: NameServer) -> Iterator[System]:
    """The running system, with short retry times and every check that needs the DNS switched on."""
    if os.geteuid() != 0:
        pytest.skip("a whole system needs root")
    home = REPOSITORY / "var" / "test" / f"system-{_slot}"
    variables = _variables(home, _FIRST_PORT_BASE + 100 * _slot, nameserver.resolv_conf)
    running = System(Environment.load(variables), variables)
    keep = os.environ.get("PIRAB_TEST_KEEP") == "1"
    if not keep:
        _remove(running)
        _make_filesystem(home)
    running.command("up")
    yield running
    if not keep:
        _remove(running)


def _variables(home: Path, port_base: int, resolv_conf: Path) -> dict[str, str]:
    return {
        "PIRAB_HOME": str(home),
        "PIRAB_PORT_BASE": str(port_base),
        "PIRAB_RESOLV_CONF": str(resolv_conf),
        "PIRAB_SIGNATURES": "local",
        "PIRAB_UNDO_SECONDS": "1",
        "PIRAB_RETRY_SECONDS": "2",
        "PIRAB_DELAY_WARNING_SECONDS": "5",
        "PIRAB_QUEUE_LIFETIME_SECONDS": "600",
    }


def _make_filesystem(home: Path) -> None:
    """A file system of the test's own and of known size, so that a test can fill it without harming anybody."""
    home.mkdir(parents=True)
    options = f"size={_FILESYSTEM_BYTES},mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "pirab-test", str(home)], check=False)


def _remove(system: System) -> None:
    system.command("down", expect=None)
    if system.home.is_mount():
        subprocess.run(["umount", str(system.home)], check=True)
    shutil.rmtree(system.home, ignore_errors=True)
