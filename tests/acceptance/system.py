"""A whole private installation for a test session, and what a test may do to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from engines import resolver, up
from engines.demo_accounts import DemoAccount, demo_accounts
from engines.processes import Process
from engines.supervisor import Supervisor
from pirab.conf.environment import REPOSITORY, Environment, Ports


@dataclass(frozen=True)
class System:
    """A running installation: talk to it by its ports; stop, start and kill its processes by name."""

    environment: Environment
    variables: Mapping[str, str]

    @property
    def home(self) -> Path:
        return self.environment.home

    @property
    def ports(self) -> Ports:
        return self.environment.ports

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports.http}"

    @property
    def accounts(self) -> list[DemoAccount]:
        return demo_accounts(self.environment)

    def account(self, email: str) -> DemoAccount:
        return next(entry for entry in self.accounts if entry.email == email)

    def command(self, *arguments: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run ``./pirab`` with this system's settings; ``expect`` is the exit code a test counts on, if any."""
        completed = subprocess.run(
            [str(REPOSITORY / "pirab"), *arguments], env={**os.environ, **self.variables}, capture_output=True,
            text=True, check=False, timeout=600, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if expect is not None:
            assert completed.returncode == expect, completed.stdout + completed.stderr
        return completed

    def status(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.command("status", "--json", expect=None).stdout)
        return report

    # -- its processes --------------------------------------------------------------------------------------

    @cached_property
    def supervisor(self) -> Supervisor:
        return Supervisor(resolver.look(self.environment))

    @cached_property
    def _processes(self) -> dict[str, Process]:
        plan = up.make_plan(resolver.look(self.environment))
        return {process.name: process for process in plan.everything}

    def pid(self, name: str) -> int:
        """The main process; 0 while it does not run."""
        return int(next(entry["pid"] for entry in self.supervisor.info() if entry["name"] == name))

    def stop(self, name: str) -> None:
        """Stop a process with its whole tree; it stays down until `start`."""
        self.supervisor.stop(name)

    def start(self, name: str) -> None:
        """Start a process and wait until it does its work."""
        self.supervisor.start(name)
        self.wait_ready(name)

    def kill(self, name: str) -> int:
        """kill -9 of the main process alone, as a crash would; returns its process id."""
        pid = self.pid(name)
        assert pid, f"{name} does not run"
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_ready(self, name: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not (self.pid(name) and self._processes[name].is_ready()):
            assert time.monotonic() < deadline, f"{name} is not back after {seconds:.0f} s"
            time.sleep(0.05)

    def wait_restarted(self, name: str, killed: int, seconds: float = 60) -> None:
        """Wait until another process than the killed one does the work of ``name``."""
        deadline = time.monotonic() + seconds
        while self.pid(name) in (0, killed):
            assert time.monotonic() < deadline, f"{name} was not started again"
            time.sleep(0.05)
        self.wait_ready(name, seconds)
