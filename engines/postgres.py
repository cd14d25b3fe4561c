"""A private PostgreSQL 15 cluster: the only source of truth, the job queue and the push bus."""

import os
import subprocess
from pathlib import Path

from engines.processes import Process, answers
from engines.progress import Failure, step
from engines.rendering import Rendering
from engines.site import POSTGRES_BIN, Site, group_id, make_directory, user_id

USER = "postgres"


def configure(site: Site) -> Process:
    data = site.directory("postgres") / "data"
    # Clients of every user pass through this directory; who may do what is pg_hba.conf's decision.
    sockets = make_directory(site.environment.run_dir / "postgres", USER, USER, 0o755)
    rendering = Rendering(site)
    if not (data / "PG_VERSION").exists():
        _initialise(data)
    rendering.file(
        "postgres/postgresql.conf", data / "postgresql.conf", group=USER, mode=0o640, sockets=sockets
    )
    rendering.file("postgres/pg_hba.conf", data / "pg_hba.conf", group=USER, mode=0o640)
    return Process(
        name="postgres",
        command=(str(POSTGRES_BIN / "postgres"), "-D", str(data)),
        user=USER,
        umask="077",
        is_ready=lambda: is_ready(site),
        stamp=rendering.stamp,
        stop_signal="INT",  # fast shutdown: roll back, flush, end
        stop_seconds=60,
        patience=120.0,  # recovery after a crash replays the log first
        environment={"LC_ALL": "C.UTF-8"},
    )


def _initialise(data: Path) -> None:
    make_directory(data.parent, USER, USER, 0o700)
    with step("PostgreSQL: make the cluster"):
        _run_as_postgres(
            [str(POSTGRES_BIN / "initdb"), "--pgdata", str(data), "--username", USER, "--encoding", "UTF8",
             "--locale", "C.UTF-8", "--data-checksums", "--auth-local", "peer", "--auth-host", "reject"],
            advice=f"look at the lines above; when {data} is half made, remove it and start again",
        )  # fmt: skip


def is_ready(site: Site) -> bool:
    """Whether the server answers a protocol greeting: it refuses SSL on a unix socket with one letter, N."""
    address = site.environment.database
    socket_path = Path(address.host) / f".s.PGSQL.{address.port}"
    ssl_request = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
    return answers(socket_path, ssl_request, b"N") and _accepts_sessions(site)


def _accepts_sessions(site: Site) -> bool:
    """While it replays its log the server answers greetings but refuses sessions."""
    completed = subprocess.run(
        [str(POSTGRES_BIN / "pg_isready"), "--quiet", "--host", site.environment.database.host,
         "--port", str(site.environment.database.port), "--timeout", "2"],
        check=False,
    )  # fmt: skip
    return completed.returncode == 0


def ensure_database(site: Site) -> None:
    """Make the role and the database of the application where they are missing."""
    address = site.environment.database
    password = site.environment.database_password
    # Development may make databases, for the tests do.
    createdb = "NOCREATEDB" if site.environment.is_production else "CREATEDB"
    _sql(
        site,
        f"""
        SET log_statement = 'none'; SET password_encryption = 'scram-sha-256';
        SELECT 'CREATE ROLE {address.user}' WHERE NOT EXISTS
          (SELECT FROM pg_roles WHERE rolname = '{address.user}') \\gexec
        ALTER ROLE {address.user} LOGIN {createdb} PASSWORD '{password}';
        SELECT 'CREATE DATABASE {address.name} OWNER {address.user}' WHERE NOT EXISTS
          (SELECT FROM pg_database WHERE datname = '{address.name}') \\gexec
        """,  # noqa: S608 - names are ours, the password is url-safe base64 made by us
    )


def database_exists(site: Site) -> bool:
    """Whether the application can sign in: asked with its own password, so it also proves that."""
    address = site.environment.database
    completed = subprocess.run(
        [str(POSTGRES_BIN / "psql"), "-qAtX", "-h", address.host, "-p", str(address.port), "-U", address.user,
         "-d", address.name, "-c", "select 1"],
        env={**os.environ, "PGPASSWORD": site.environment.database_password},
        capture_output=True,
        check=False,
    )  # fmt: skip
    return completed.returncode == 0


def _sql(site: Site, script: str) -> None:
    address = site.environment.database
    _run_as_postgres(
        [str(POSTGRES_BIN / "psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--host", address.host,
         "--port", str(address.port), "--username", USER, "--dbname", "postgres"],
        advice="./pirab logs postgres shows the server's side",
        script=script,
    )  # fmt: skip


def _run_as_postgres(command: list[str], advice: str, script: str | None = None) -> None:
    completed = subprocess.run(
        command,
        input=script,
        text=True,
        user=user_id(USER),
        group=group_id(USER),
        extra_groups=[],
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    if completed.returncode != 0:
        raise Failure(f"{Path(command[0]).name} failed", advice, completed.stdout + completed.stderr)
