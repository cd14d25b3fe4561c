"""Our own services: the HTTP application, push, the worker, LMTP and Postfix's lookups."""

import hashlib

from engines.processes import Process, accepts_tcp, answers
from engines.site import PYTHON, SERVICE_USER, Site, make_directory
from pirab.conf.environment import REPOSITORY

_SOURCE = REPOSITORY / "src"


def configure(site: Site) -> list[Process]:
    environment = site.environment
    # Set-group-id: a socket made here belongs to Postfix's group, so Postfix may connect and nobody else.
    for socket in (environment.lmtp_socket, environment.lookups_socket):
        make_directory(socket.parent, SERVICE_USER, "postfix", 0o2750)
    make_directory(environment.blob_dir, SERVICE_USER, SERVICE_USER, 0o700)
    make_directory(site.directory("services"), SERVICE_USER, SERVICE_USER, 0o750)
    stamp = code_stamp()
    return [
        _lookups(site, stamp),
        _lmtp(site, stamp),
        _app(site, stamp),
        _push(site, stamp),
        _worker(site, stamp),
    ]


def variables(site: Site) -> dict[str, str]:
    """The whole configuration as the services see it, defaults spelled out: nothing depends on who starts them."""
    environment = site.environment
    values = {
        "PIRAB_HOME": str(environment.home),
        "PIRAB_MODE": environment.mode.value,
        "PIRAB_HOSTNAME": environment.hostname,
        "PIRAB_PUBLIC_URL": environment.public_url,
        "PIRAB_OUTBOUND": environment.outbound.value,
        "PIRAB_MESSAGE_SIZE_LIMIT": str(environment.message_size_limit),
        "PIRAB_QUOTA_DEFAULT": str(environment.quota_default),
        "PIRAB_UNDO_SECONDS": str(environment.undo_seconds),
        "PIRAB_LOG_LEVEL": environment.log_level,
        "PIRAB_APP_WORKERS": str(environment.app_workers),
    }
    values |= {
        "PIRAB_PUSH_HOSTS": ",".join(environment.push_hosts),
        "PIRAB_PUSH_NETWORKS": ",".join(environment.push_networks),
    }
    if environment.push_ca is not None:
        values["PIRAB_PUSH_CA"] = str(environment.push_ca)
    values["PIRAB_DNS"] = environment.dns.value
    if environment.resolv_conf is not None:
        values["PIRAB_RESOLV_CONF"] = str(environment.resolv_conf)
    if environment.breach_list is not None:
        values["PIRAB_BREACH_LIST"] = str(environment.breach_list)
    values |= {f"PIRAB_{name.upper()}_PORT": str(port) for name, port in environment.ports.by_name().items()}
    return values | {
        "DJANGO_SETTINGS_MODULE": "pirab.conf.settings",
        "PYTHONPATH": str(_SOURCE),
        # Compiled once for all services, where their user may write; the checkout itself belongs to somebody else.
        "PYTHONPYCACHEPREFIX": str(site.directory("services") / "bytecode"),
        "PYTHONUNBUFFERED": "1",
        # Its word lists come with it: it shall make no directory in a home that is not there.
        "PYTHAINLP_READ_ONLY": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def _service(site: Site, stamp: str, name: str, *command: str) -> Process:
    return Process(
        name=name,
        command=(str(PYTHON), "-m", *command),
        user=SERVICE_USER,
        environment=variables(site),
        is_ready=lambda: True,
        stamp=stamp,
        stop_seconds=20,
        patience=60.0,
    )


def _lookups(site: Site, stamp: str) -> Process:
    service = _service(site, stamp, "lookups", "pirab.lmtp.lookups")
    # One question in the socketmap protocol: any well-formed answer will do.
    question = b"22:domain readiness.test.,"
    return _with(
        service, umask="007", is_ready=lambda: answers(site.environment.lookups_socket, question, b":")
    )


def _lmtp(site: Site, stamp: str) -> Process:
    service = _service(site, stamp, "lmtp", "pirab.lmtp.serve")
    socket = site.environment.lmtp_socket
    return _with(service, umask="007", is_ready=lambda: answers(socket, b"", b"220"))


def _app(site: Site, stamp: str) -> Process:
    port = site.environment.ports.app
    service = _service(
        site, stamp, "app",
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(site.environment.app_workers), "--blocking-threads", "2", "--http", "1", "--no-ws",
        "--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning",
        "pirab.conf.wsgi:application",
    )  # fmt: skip
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return _with(service, is_ready=lambda: answers(port, request, b" 200 "))


def _push(site: Site, stamp: str) -> Process:
    port = site.environment.ports.push
    service = _service(
        site, stamp, "push",
        "uvicorn", "pirab.conf.push:application", "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning",
        "--no-access-log", "--timeout-graceful-shutdown", "3",
        # An idle WebSocket must stay small: no compression state. Pings find who is gone.
        "--ws", "websockets-sansio", "--ws-max-size", "10000000", "--ws-per-message-deflate", "false",
        "--ws-ping-interval", "30", "--ws-ping-timeout", "30",
    )  # fmt: skip
    return _with(service, is_ready=lambda: accepts_tcp(port))


def _worker(site: Site, stamp: str) -> Process:
    return _service(site, stamp, "worker", "django", "worker")


def _with(process: Process, **changes: object) -> Process:
    from dataclasses import replace

    return replace(process, **changes)  # type: ignore[arg-type]


def code_stamp() -> str:
    """Changes with any source file or the lock file, so that a start after an update runs the new code."""
    digest = hashlib.sha256()
    for path in sorted([*_SOURCE.rglob("*.py"), REPOSITORY / "uv.lock"], key=str):
        state = path.stat()
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:16]
