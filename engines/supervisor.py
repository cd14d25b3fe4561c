"""supervisord as the keeper of all processes, spoken to over its unix socket."""

import http.client
import shlex
import socket
import subprocess
import time
import xmlrpc.client
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from engines import control_groups
from engines.control_groups import Groups
from engines.patience import Patience
from engines.processes import Process
from engines.progress import Failure
from engines.rendering import Rendering
from engines.site import PYTHON, Site, make_directory

_ENCLOSE = Path(__file__).with_name("enclose.py")
_MISSING = 10  # supervisor.xmlrpc.Faults.BAD_NAME
_ALREADY_STARTED = 60
_NOT_RUNNING = 70
_STILL_RUNNING = 91
_OWN_GROUP = "supervisor"


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: object) -> http.client.HTTPConnection:
        return _UnixConnection(self._path)


class Supervisor:
    """The supervisor of one home directory. Methods raise `Failure` with the log's tail when a process will not run."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._run = site.environment.run_dir / "supervisor"
        self._groups = Groups.find(site.home)
        self._proxy = xmlrpc.client.ServerProxy(
            "http://localhost/RPC2", transport=_UnixTransport(self._run / "supervisor.sock")
        )

    @property
    def groups(self) -> Groups | None:
        return self._groups

    # -- the daemon -----------------------------------------------------------------------------------------

    def is_running(self) -> bool:
        try:
            return bool(self._call("getState")["statename"] == "RUNNING")
        except (OSError, http.client.HTTPException, xmlrpc.client.Error):
            return False

    def configure(self, processes: Iterable[Process]) -> None:
        """Write the daemon's configuration for these processes."""
        make_directory(self._run, mode=0o700)
        programs = [self._program(process) for process in processes]
        Rendering(self._site).file(
            "supervisor/supervisord.conf",
            self._run / "supervisord.conf",
            mode=0o600,
            programs=programs,
            run=self._run,
        )

    def launch(self) -> list[str]:
        """Start the daemon unless it runs; returns the services that a dead predecessor had left behind."""
        if self.is_running():
            return []
        left = self._groups.empty_all() if self._groups else []
        command = [
            str(PYTHON),
            "-m",
            "supervisor.supervisord",
            "--configuration",
            str(self._run / "supervisord.conf"),
        ]
        if self._groups:
            group = ["--group", str(self._groups.group(_OWN_GROUP))]
            command = [str(PYTHON), "-I", str(_ENCLOSE), *group, "--umask", "022", "--", *command]
        completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        if completed.returncode != 0:
            raise Failure(
                "the supervisor did not start",
                f"look at {self._site.environment.log_dir}/supervisor.log",
                completed.stdout + completed.stderr,
            )
        self._wait_until_running()
        return [name for name in left if name != _OWN_GROUP]

    def shutdown(self) -> list[str]:
        """Stop everything and the daemon; returns the services whose processes had to be killed."""
        if self.is_running():
            self._call("shutdown")
            deadline = time.monotonic() + 120
            while self._pid_alive() and time.monotonic() < deadline:
                time.sleep(0.05)
        left = self._groups.empty_all() if self._groups else []
        if self._groups:
            self._groups.root.rmdir()
        return [name for name in left if name != _OWN_GROUP]

    # -- its processes --------------------------------------------------------------------------------------

    def update(self) -> list[str]:
        """Let the daemon read its configuration; stops what is gone or differs and returns those names."""
        added, changed, removed = self._call("reloadConfig")[0]
        for name in [*changed, *removed]:
            self._call("stopProcessGroup", name, False)  # all at once; each is waited for below
        for name in [*changed, *removed]:
            self._remove(name)
        for name in [*added, *changed]:
            self._call("addProcessGroup", name)
        return [*changed, *removed]

    def info(self) -> list[dict[str, Any]]:
        """Every process as the supervisor sees it; empty when the daemon does not run."""
        try:
            return cast("list[dict[str, Any]]", self._call("getAllProcessInfo"))
        except (OSError, http.client.HTTPException, xmlrpc.client.Error):
            return []

    def start(self, name: str) -> bool:
        """Ask for a start without waiting; returns whether it was not running before."""
        try:
            self._call("startProcess", name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode == _ALREADY_STARTED:
                return False
            raise Failure(
                f"{name} cannot be started: {fault.faultString}", "look at ./pirab status"
            ) from None
        return True

    def stop(self, name: str) -> None:
        """Stop one process, its whole tree included; stopping what does not run is no error."""
        try:
            self._call("stopProcess", name, True)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode not in (_NOT_RUNNING, _MISSING):
                raise
        if self._groups:
            control_groups.empty(self._groups.group(name))

    def wait_ready(self, process: Process) -> None:
        """Wait until the process works; raises `Failure` when it keeps dying or its patience is over."""
        patience = Patience(process.patience, lambda: self._members(process.name))
        seen: set[int] = set()
        while not process.is_ready():
            pid = self._pid_of(process.name)
            seen |= {pid} if pid else set()
            is_over = patience.is_over()
            if len(seen) > 3 or is_over:
                waited = f", {patience.in_line:.0f} s in line for a processor not counted"
                how = (
                    "dies again and again"
                    if len(seen) > 3
                    else f"is not ready after {process.patience:.0f} s{waited if patience.in_line >= 1 else ''}"
                )
                raise Failure(
                    f"{process.name} {how}",
                    f"the lines above are the end of its log; all of it: ./pirab logs {process.name}",
                    self._tail(process),
                )
            time.sleep(0.05)

    # -- inside ---------------------------------------------------------------------------------------------

    def _call(self, method: str, *arguments: object) -> Any:
        return getattr(self._proxy.supervisor, method)(*arguments)

    def _remove(self, name: str) -> None:
        """Stop a process and forget it, also one that dies and comes back while it is being stopped."""
        deadline = time.monotonic() + 60
        while True:
            self._call("stopProcessGroup", name)
            try:
                self._call("removeProcessGroup", name)
                break
            except xmlrpc.client.Fault as fault:
                if fault.faultCode != _STILL_RUNNING or time.monotonic() > deadline:
                    raise
            time.sleep(0.05)
        if self._groups:
            control_groups.empty(self._groups.group(name))

    def _members(self, name: str) -> list[int]:
        if self._groups:
            return self._groups.members(name)
        pid = self._pid_of(name)
        return [pid] if pid else []

    def _pid_of(self, name: str) -> int:
        return int(next((entry["pid"] for entry in self.info() if entry["name"] == name), 0))

    def _pid_alive(self) -> bool:
        try:
            pid = int((self._run / "supervisord.pid").read_text())
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, ValueError):
            return False
        return state != "Z"

    def _wait_until_running(self) -> None:
        deadline = time.monotonic() + 15
        while not self.is_running():
            if time.monotonic() > deadline:
                log = self._site.environment.log_dir / "supervisor.log"
                raise Failure("the supervisor does not answer", f"look at {log}", last_lines(log))
            time.sleep(0.02)

    def _tail(self, process: Process) -> str:
        files = [*process.log_files, self._site.environment.log_dir / f"{process.name}.log"]
        return "\n".join(filter(None, (last_lines(path) for path in files)))

    def _program(self, process: Process) -> Mapping[str, str | int]:
        options = ["--umask", process.umask, "--pace", str(self._run / f"{process.name}.started")]
        if self._groups:
            options += ["--group", str(self._groups.group(process.name))]
        if process.user:
            options += ["--user", process.user, "--also", ",".join(process.also_groups)]
        if process.before:
            options += ["--before", process.before]
        if process.resolv_conf:
            options += ["--resolv-conf", str(process.resolv_conf)]
        command = [str(PYTHON), "-I", str(_ENCLOSE), *options, "--", *process.command]
        environment = {**process.environment, "SERVICE_STAMP": process.stamp}
        return {
            "name": process.name,
            "command": shlex.join(command).replace("%", "%%"),
            "environment": ",".join(
                f'{key}="{_escape(value)}"' for key, value in sorted(environment.items())
            ),
            "stop_signal": process.stop_signal,
            "stop_seconds": process.stop_seconds,
            "stop_as_group": "true" if process.stops_as_group else "false",
        }


def _escape(value: str) -> str:
    """A value for the daemon's ``environment=``, whose quoting knows no escapes."""
    if '"' in value or "\n" in value:
        raise Failure(
            f"the value {value!r} cannot be handed to a service", "leave quotes out of the settings"
        )
    return value.replace("%", "%%")


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log file; empty where there is none."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - 16_384))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-count:])
