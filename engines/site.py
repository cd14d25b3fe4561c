"""The facts one start works with: the settings plus what was found on the machine."""

import grp
import os
import pwd
import shutil
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engines.progress import Failure
from pirab.conf.environment import REPOSITORY, ConfigurationError, Environment

POSTGRES_BIN = Path("/usr/lib/postgresql/15/bin")
SERVICE_USER = "pirab"
PYTHON = Path(sys.executable)


class DnsState(StrEnum):
    """Whether Rspamd may ask the resolver."""

    WORKING = "working"
    OFF = "off"


@dataclass(frozen=True)
class Site:
    """An `Environment` with the answers to what only a look at the machine can tell."""

    environment: Environment
    dns: DnsState
    nameservers: tuple[str, ...]

    @property
    def home(self) -> Path:
        return self.environment.home

    @property
    def has_dns(self) -> bool:
        return self.dns is DnsState.WORKING

    def directory(self, engine: str) -> Path:
        """Where one engine keeps its configuration and data."""
        return self.home / engine


def load_environment() -> Environment:
    """`Environment.load` with its complaint turned into a `Failure`."""
    try:
        return Environment.load()
    except ConfigurationError as error:
        raise Failure(
            str(error), "correct the variable (docs/reference/settings.md lists all) and start again"
        ) from None


def require_root(task: str) -> None:
    if os.geteuid() != 0:
        raise Failure(f"{task} needs root", f"run it as root: sudo ./pirab {task}")


def user_id(name: str) -> int:
    return pwd.getpwnam(name).pw_uid


def group_id(name: str) -> int:
    return grp.getgrnam(name).gr_gid


def own(path: Path, user: str, group: str, mode: int) -> None:
    """Set owner, group and permission bits, touching the file only when one differs."""
    state = path.stat()
    if (state.st_uid, state.st_gid) != (user_id(user), group_id(group)):
        os.chown(path, user_id(user), group_id(group))
    if state.st_mode & 0o7777 != mode:
        path.chmod(mode)


def make_directory(path: Path, user: str = "root", group: str = "root", mode: int = 0o755) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    own(path, user, group, mode)
    return path


def free_bytes(path: Path) -> int:
    """Octets an ordinary user may still write below the nearest existing directory of ``path``."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def repository_is_readable_by_all(path: Path = REPOSITORY) -> Path | None:
    """The first directory on the way to ``path`` that other users may not pass, or none."""
    for directory in [*reversed(path.parents), path]:
        if directory.exists() and not directory.stat().st_mode & 0o001:
            return directory
    return None
