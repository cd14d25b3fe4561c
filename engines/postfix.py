"""A private Postfix: the only SMTP server and the only outgoing queue.

It decides nothing about addresses by itself. Every domain, recipient, quota, transport and sender is a question to the
lookups door, so no text map exists that user input could reach; while the door is down every question answers "later".
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.processes import Process, greets
from engines.progress import Failure
from engines.rendering import Rendering
from engines.site import Site, make_directory
from pirab.conf.environment import Environment

USER = "postfix"
_MASTER = "/usr/lib/postfix/sbin/master"


@dataclass(frozen=True)
class QueueDepth:
    """Messages by state; ``oldest_seconds`` is the age of the oldest, none when the queue is empty."""

    active: int
    deferred: int
    hold: int
    oldest_seconds: int | None


def configure(site: Site) -> Process:
    base = make_directory(site.directory("postfix"))
    make_directory(base / "etc")
    make_directory(base / "queue")
    make_directory(base / "data", USER, "root", 0o700)
    environment = site.environment
    rendering = Rendering(site)
    values: dict[str, Any] = {
        "base": base,
        "lookups": f"socketmap:unix:{environment.lookups_socket}",
        "milter": f"inet:127.0.0.1:{environment.ports.rspamd_proxy}",
        "sasl_socket": environment.sasl_socket,
        "refusal": _refusal(environment),
        "queue_reserve": 2 * environment.message_size_limit,
    }
    for name in ("main.cf", "master.cf"):
        rendering.file(f"postfix/{name}", base / "etc" / name, **values)
    if environment.resolv_conf:
        rendering.include(environment.resolv_conf.read_text(errors="replace"))
    ports = environment.ports
    address = environment.bind_address
    return Process(
        name="postfix",
        command=(_MASTER, "-c", str(base / "etc"), "-d"),
        before=f"exec /usr/sbin/postfix -c {base / 'etc'} check",
        resolv_conf=environment.resolv_conf,
        umask="022",
        is_ready=lambda: (
            greets(ports.smtp, b"220", address)
            and greets(ports.submission, b"220", address)
            and greets(ports.reinject, b"220")
        ),
        stamp=rendering.stamp,
        stops_as_group=True,
        log_files=(mail_log(environment),),
    )


def mail_log(environment: Environment) -> Path:
    """Where Postfix writes what happened to each message."""
    return environment.log_dir / "mail.log"


def _refusal(environment: Environment) -> str:
    """The transport of mail that may not leave; empty where outbound mail is on."""
    if environment.outbound == "on":
        return ""
    return f"error:5.7.1 Outbound mail is limited here (PIRAB_OUTBOUND={environment.outbound.value})"


def queue_depth(environment: Environment) -> QueueDepth | None:
    """What lies in the queue now; none when Postfix does not run or does not answer."""
    configuration = environment.home / "postfix" / "etc"
    try:
        listing = subprocess.run(
            ["/usr/sbin/postqueue", "-c", str(configuration), "-j"],
            capture_output=True,
            check=False,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if listing.returncode != 0:
        return None
    entries = [
        json.loads(line) for line in listing.stdout.decode("utf-8", "replace").splitlines() if line.strip()
    ]
    return _summary(entries)


def _summary(entries: list[dict[str, object]]) -> QueueDepth:
    import time

    names = [str(entry.get("queue_name")) for entry in entries]
    arrivals = [int(str(entry.get("arrival_time", 0))) for entry in entries]
    return QueueDepth(
        active=names.count("active") + names.count("incoming"),
        deferred=names.count("deferred"),
        hold=names.count("hold"),
        oldest_seconds=max(0, int(time.time()) - min(arrivals)) if arrivals else None,
    )


def queue_command(environment: Environment, task: str, queue_id: str | None) -> int:
    """``list`` prints the queue, ``flush`` tries everything now, ``delete`` removes one message for good."""
    configuration = str(environment.home / "postfix" / "etc")
    if task == "delete":
        if not queue_id or not queue_id.isalnum() or queue_id.upper() == "ALL":
            raise Failure("which message?", "give its queue id, as ./pirab queue list shows it")
        command = ["/usr/sbin/postsuper", "-c", configuration, "-d", queue_id]
    else:
        command = ["/usr/sbin/postqueue", "-c", configuration, "-p" if task == "list" else "-f"]
    return subprocess.run(command, check=False).returncode
