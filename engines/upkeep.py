"""The small supervised process that keeps logs short: what the supervisor does not rotate is rotated here.

The supervisor rotates what services print. Postfix and nginx write files of their own; this process renames a file
that has grown, tells the writer, and drops the oldest. It looks once a minute and holds nothing in memory, so killing
it is harmless.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from engines.postfix import mail_log
from engines.processes import Process
from engines.rendering import Rendering
from engines.site import PYTHON, Site
from pirab.conf.environment import REPOSITORY, Environment

_INTERVAL_SECONDS = 60
_LARGEST_BYTES = 20_000_000
_KEPT = 5


def configure(site: Site) -> Process:
    rendering = Rendering(site)
    rendering.include(Path(__file__).read_text())
    return Process(
        name="upkeep",
        command=(str(PYTHON), "-m", "engines", "upkeep"),
        environment={
            "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'src'}",
            "PIRAB_HOME": str(site.home),
        },
        is_ready=lambda: True,
        stamp=rendering.stamp,
    )  # fmt: skip


def run(environment: Environment) -> None:
    """Look at the files for ever."""
    while True:
        for path, tell in (
            (mail_log(environment), tell_postfix),
            (environment.log_dir / "access.log", tell_nginx),
        ):
            try:
                rotate(path, environment, tell)
            except OSError as error:  # a full disk passes; the next minute tries again
                print(f"{path}: {error}", flush=True)
        time.sleep(_INTERVAL_SECONDS)


def rotate(
    path: Path, environment: Environment, tell: Callable[[Environment], None], largest: int = _LARGEST_BYTES
) -> bool:
    """Shift ``path`` to ``path.1`` and so on when it is larger than ``largest`` octets; returns whether it did."""
    if not path.exists() or path.stat().st_size <= largest:
        return False
    path.with_name(f"{path.name}.{_KEPT}").unlink(missing_ok=True)
    for number in range(_KEPT - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.rename(path.with_name(f"{path.name}.{number + 1}"))
    path.rename(path.with_name(f"{path.name}.1"))
    tell(environment)
    return True


def tell_postfix(environment: Environment) -> None:
    """Make postlogd close its file: it opens the new one with the next line."""
    configuration = environment.home / "postfix" / "etc"
    subprocess.run(
        ["/usr/sbin/postfix", "-c", str(configuration), "reload"], check=False, capture_output=True
    )


def tell_nginx(environment: Environment) -> None:
    try:
        os.kill(int((environment.home / "nginx" / "nginx.pid").read_text()), signal.SIGUSR1)
    except (OSError, ValueError) as error:
        print(f"nginx was not told to reopen its log: {error}", flush=True)
