"""Put the calling process into an emptied control group, drop its privileges and become the service.

Run by the supervisor for every service as ``python -I enclose.py OPTIONS -- COMMAND``: isolated, by path, standard
library only, because it starts in front of everything and must work when the packages are being replaced.
"""

import argparse
import grp
import importlib.util
import os
import pwd
import resource
import sys
import time
from pathlib import Path
from types import ModuleType


def _control_groups() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "control_groups", Path(__file__).with_name("control_groups.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    options, command = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    parser = argparse.ArgumentParser(prog="enclose")
    parser.add_argument("--group", help="control group to empty and join")
    parser.add_argument("--user", help="user to become; stays root when absent")
    parser.add_argument("--also", default="", help="further groups, separated by commas")
    parser.add_argument("--umask", default="027", help="octal")
    parser.add_argument("--pace", help="file whose modification time keeps two starts apart")
    parser.add_argument("--before", help="shell command run as root before privileges are dropped")
    parser.add_argument("--resolv-conf", help="file to see as /etc/resolv.conf")
    return parser.parse_args(options), command


def _keep_apart(marker: Path, seconds: float = 1.0) -> None:
    """Wait so that two starts of a service that dies at once are a second apart, for as long as it takes.

    The supervisor's own back-off grows without bound; a database that comes back after ten minutes would then be
    noticed ten minutes late.
    """
    try:
        since = time.time() - marker.stat().st_mtime
        if 0 <= since < seconds:
            time.sleep(seconds - since)
    except FileNotFoundError:
        pass
    try:
        marker.touch()
    except OSError as error:  # a full disk must not stop a start
        print(f"enclose: {marker}: {error.strerror}", file=sys.stderr)


def _become(user: str, also: str) -> None:
    entry = pwd.getpwnam(user)
    groups = os.getgrouplist(user, entry.pw_gid) + [
        grp.getgrnam(name).gr_gid for name in also.split(",") if name
    ]
    os.setgroups(groups)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ.update(HOME=entry.pw_dir, USER=user, LOGNAME=user)


def _raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main(arguments: list[str]) -> None:
    options, command = _parse(arguments)
    if options.pace:
        _keep_apart(Path(options.pace))
    if options.group:
        groups = _control_groups()
        groups.empty(Path(options.group))
        groups.join(Path(options.group))
    _raise_file_limit()
    os.umask(int(options.umask, 8))
    if options.before and os.spawnvp(os.P_WAIT, "sh", ["sh", "-c", options.before]) != 0:  # noqa: S606
        sys.exit(1)
    if options.resolv_conf:
        # A private mount namespace: the rest of the machine keeps its own resolver.
        bind = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
        command = [
            "unshare",
            "-m",
            "--propagation",
            "private",
            "sh",
            "-c",
            bind,
            "sh",
            options.resolv_conf,
            *command,
        ]
    if options.user:
        _become(options.user, options.also)
    os.execvp(command[0], command)  # noqa: S606 - the command is what the supervisor was configured with


if __name__ == "__main__":
    main(sys.argv[1:])
