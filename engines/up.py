"""``./pirab up``: from whatever is there to a system that has just carried a message."""

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engines import (
    certificate,
    clamav,
    dkim,
    nginx,
    occupied,
    postfix,
    postgres,
    redis,
    resolver,
    rspamd,
    secret_files,
    selfcheck,
    services,
    status,
    upkeep,
    web,
)  # fmt: skip
from engines.management import django
from engines.processes import Process
from engines.progress import Failure, say, step, warn
from engines.rendering import write_if_changed
from engines.site import (
    SERVICE_USER,
    Site,
    free_bytes,
    load_environment,
    make_directory,
    repository_is_readable_by_all,
    require_root,
)  # fmt: skip
from engines.supervisor import Supervisor
from pirab.conf.environment import REPOSITORY, Environment, unknown_names

NEEDED_BYTES = 1_500_000_000
"""Free space a first start wants: engines' data, the first write-ahead log and room for mail."""


@dataclass(frozen=True)
class Plan:
    """The processes of a start, in the order in which the waves begin."""

    foundations: list[Process]
    services: list[Process]
    doors: list[Process]

    @property
    def everything(self) -> list[Process]:
        return [*self.foundations, *self.services, *self.doors]


def up(only: str | None = None) -> None:
    """Bring the system up, or a part of it: "postgres" (what tests of parts need), "engines" (none of our own
    services), "backend" (all but the web client's build).
    """
    require_root("up")
    if only == "postgres":
        start_database()
        return
    environment = load_environment()
    for name in unknown_names():
        warn(f"{name} is set but nothing reads it: a spelling mistake?")
    _check_machine(environment)
    with alone(environment):
        site = resolver.look(environment)
        _prepare(site)
        if only == "engines":
            _start_engines(site, Supervisor(site))
            return
        if only != "backend":
            web.build()
        _start_all(site, Supervisor(site))
        _finish(site)


def _check_machine(environment: Environment) -> None:
    blocked = repository_is_readable_by_all(REPOSITORY)
    if blocked:
        raise Failure(
            f"the services run as the user {SERVICE_USER}, who may not enter {blocked}",
            f"move the checkout to a place everybody may enter, such as /srv, or: chmod o+x {blocked}",
        )
    blocked = repository_is_readable_by_all(environment.home)
    if blocked and blocked != environment.home:
        raise Failure(
            f"PIRAB_HOME lies below {blocked}, which the engines' users may not enter",
            f"choose another home, such as /srv/pirab, or: chmod o+x {blocked}",
        )
    if not environment.home.exists() and free_bytes(environment.home) < NEEDED_BYTES:
        raise Failure(
            f"only {free_bytes(environment.home) // 10**6} MB are free for {environment.home}",
            f"make room: a first start needs {NEEDED_BYTES // 10**6} MB",
        )


@contextmanager
def alone(environment: Environment) -> Iterator[None]:
    """Hold the home's lock, so that two commands at once do not undo each other's work."""
    environment.home.mkdir(parents=True, exist_ok=True)
    with (environment.home / ".lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("Another start or stop of this home is at work; wait for it"):
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _prepare(site: Site) -> None:
    environment = site.environment
    ensure_service_user()
    make_directory(environment.home)
    make_directory(environment.run_dir, SERVICE_USER, SERVICE_USER)
    make_directory(environment.log_dir)
    secret_files.ensure(site)
    certificate.ensure(site)
    dkim.prepare(environment)


def ensure_service_user() -> None:
    """The system user that our services run as; made without a home, a shell or a password."""
    known = (
        subprocess.run(["getent", "passwd", SERVICE_USER], capture_output=True, check=False).returncode == 0
    )
    if not known:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", SERVICE_USER],
            check=True, capture_output=True,
        )  # fmt: skip


def make_plan(site: Site) -> Plan:
    """Write every configuration and return what has to run with it."""
    return Plan(
        foundations=[
            postgres.configure(site),
            redis.configure(site),
            *clamav.configure(site),
            rspamd.configure(site),
        ],
        services=services.configure(site),
        doors=[postfix.configure(site), nginx.configure(site), upkeep.configure(site)],
    )


def _start_all(site: Site, supervisor: Supervisor) -> None:
    plan = make_plan(site)
    _adopt(site, supervisor, plan.everything)
    for process in plan.foundations:
        supervisor.start(process.name)
    _wait(supervisor, plan.foundations[0])
    _prepare_database(site)
    for process in [*plan.services, *plan.doors]:
        supervisor.start(process.name)
    for process in plan.everything[1:]:
        _wait(supervisor, process)


def _start_engines(site: Site, supervisor: Supervisor) -> None:
    """The engines without our own services: what tests of the engines' configuration need."""
    plan = make_plan(site)
    chosen = [*plan.foundations, *plan.doors]
    _adopt(site, supervisor, chosen)
    for process in chosen:
        supervisor.start(process.name)
    for process in chosen:
        _wait(supervisor, process)
    if not postgres.database_exists(site):
        postgres.ensure_database(site)


def start_database() -> None:
    """Bring up no more than PostgreSQL with the application's database in it."""
    require_root("test")
    environment = load_environment()
    _check_machine(environment)
    with alone(environment):
        site = resolver.look(environment)
        _prepare(site)
        _start_database(site, Supervisor(site))


def _start_database(site: Site, supervisor: Supervisor) -> None:
    process = postgres.configure(site)
    if not supervisor.is_running():
        _adopt(site, supervisor, [process])
    supervisor.start(process.name)
    supervisor.wait_ready(process)
    if not postgres.database_exists(site):
        postgres.ensure_database(site)


def _adopt(site: Site, supervisor: Supervisor, processes: list[Process]) -> None:
    if supervisor.is_running():
        _reload(supervisor, processes)
    else:
        _clear_the_way(site, supervisor, processes)


def _clear_the_way(site: Site, supervisor: Supervisor, processes: list[Process]) -> None:
    supervisor.configure(processes)
    if supervisor.groups is None:
        warn("no control group can be written here: a killed service may leave children behind")
    elif left := supervisor.groups.empty_all():
        warn(f"ended what an earlier run had left running: {', '.join(left)}")
    occupied.check(site.environment)
    with step("Supervisor: start"):
        supervisor.launch()


def _reload(supervisor: Supervisor, processes: list[Process]) -> None:
    supervisor.configure(processes)
    changed = supervisor.update()
    if changed:
        say(f"Restart, for their configuration or code changed: {', '.join(changed)}")


def _wait(supervisor: Supervisor, process: Process) -> None:
    with step(f"{process.name}: ready?"):
        supervisor.wait_ready(process)


def _prepare_database(site: Site) -> None:
    if not postgres.database_exists(site):
        with step("PostgreSQL: role and database"):
            postgres.ensure_database(site)
    mark = _Mark(site, "migrated")
    if not mark.is_current():
        with step("Database: migrate"):
            django(site, "migrate", "--no-input", "--verbosity", "0")
        mark.set()
    if not any(site.environment.keyring_dir.glob("*.key")):
        with step("Key ring: make the first key"):
            django(site, "pirab_keyring", "ensure")


class _Mark:
    """That a step was done with this very code; lies in the run directory, so losing it only repeats the step."""

    def __init__(self, site: Site, name: str) -> None:
        self._path = site.environment.run_dir / f"{name}.stamp"
        self._wanted = services.code_stamp()

    def is_current(self) -> bool:
        return self._path.exists() and self._path.read_text() == self._wanted

    def set(self) -> None:
        write_if_changed(self._path, self._wanted)


def demo(site: Site) -> None:
    """Load the demo data; running it again changes nothing."""
    with step("Demo data: agencies, people, mail"):
        django(site, "pirab_demo")
    for domain in sorted(dkim.demo_domains(site.environment)):
        dkim.ensure_key(site.environment, domain)
    django(site, "pirab_domain", "adopt")


def _finish(site: Site) -> None:
    mark = _Mark(site, "demo")
    if not site.environment.is_production and not (mark.is_current() and site.environment.demo_file.exists()):
        demo(site)
        mark.set()
    with step("Self-check: a message by SMTP, scanned, stored, read by JMAP"):
        selfcheck.run(site)
    rspamd.keep_hyperscan(site)
    _show_outcome(site)


def _show_outcome(site: Site) -> None:
    report = status.collect(site)
    for line in status.warnings(report):
        warn(line)
    print(f"\nPirab is ready: {site.environment.public_url}/")
    for account in report["demo"]["accounts"]:
        if account["email"] == selfcheck.ADDRESS:
            continue
        print(f"  {account['email']:<40} {account['password']:<24} {account['role']}")
