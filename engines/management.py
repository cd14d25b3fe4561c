"""Django's management commands, run as the service user with the services' own configuration."""

import os
import subprocess

from engines import services
from engines.progress import Failure
from engines.site import PYTHON, SERVICE_USER, Site


def django(site: Site, *arguments: str) -> str:
    """Run a command and return its output; raises `Failure` with it when the command fails."""
    completed = subprocess.run(
        command_line(*arguments),
        env=process_environment(site),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if completed.returncode != 0:
        raise Failure(
            f"the command {arguments[0]} failed",
            f"read the lines above; to run it by hand: ./pirab manage {' '.join(arguments)}",
            (completed.stdout + completed.stderr)[-6000:],
        )
    return completed.stdout


def interactive(site: Site, arguments: list[str]) -> int:
    """Run a command on the caller's terminal; returns its exit code."""
    return subprocess.run(
        command_line(*arguments), env={**os.environ, **process_environment(site)}, check=False, cwd="/"
    ).returncode


def command_line(*arguments: str) -> list[str]:
    become = ["setpriv", f"--reuid={SERVICE_USER}", f"--regid={SERVICE_USER}", "--init-groups"]
    return [*(become if os.geteuid() == 0 else []), str(PYTHON), "-m", "django", *arguments]


def process_environment(site: Site) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **services.variables(site)}
