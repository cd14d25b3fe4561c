"""A private Rspamd on the distribution's rules: judge of every message, signer of outgoing ones.

Fails closed: a virus scanner that does not answer makes the message wait. Where the machine resolves no names every
check that needs the DNS is off, for each would hold a message for six seconds and end in guesswork.
"""

import shutil
import subprocess
from pathlib import Path

from engines.processes import Process, accepts_tcp, answers
from engines.rendering import Rendering
from engines.site import Site, make_directory
from pirab.conf.environment import REPOSITORY

USER = "_rspamd"
DNS_CHECKS = ("SPF", "DKIM verification", "DMARC", "ARC", "block lists")
"""What is off without a resolver, in the words ``status`` uses."""

_LOCAL_FILES = (
    "actions.conf", "antivirus.conf", "arc.conf", "chartable.conf", "classifier-bayes.conf", "dkim.conf",
    "dkim_signing.conf", "dmarc.conf", "force_actions.conf", "logging.inc", "milter_headers.conf", "options.inc",
    "redis.conf", "spf.conf", "worker-controller.inc", "worker-normal.inc", "worker-proxy.inc",
)  # fmt: skip
_OFF_ALWAYS = (
    # Third parties are never asked about anybody's mail, and nothing about mail is kept outside the store.
    "asn", "bimi", "clickhouse", "dcc", "elastic", "external_services", "fuzzy_check", "greylist", "history_redis",
    "metadata_exporter", "metric_exporter", "mx_check", "neural", "p0f", "phishing", "ratelimit", "replies",
    "reputation", "rspamd_update", "spamtrap", "surbl", "url_redirector",
)  # fmt: skip
_HYPERSCAN_CACHE = REPOSITORY / ".cache" / "hyperscan"


def configure(site: Site) -> Process:
    base = make_directory(site.directory("rspamd"), USER, USER, 0o750)
    for name in ("db", "run", "tmp"):
        make_directory(base / name, USER, USER, 0o750)
    make_directory(base / "etc", "root", USER, 0o750)
    rendering = Rendering(site)
    for name in _LOCAL_FILES:
        _render(rendering, site, base, f"local.d/{name}")
    _render(rendering, site, base, "override.d/options.inc")
    rendering.file("rspamd/rspamd.local.lua", base / "etc/rspamd.local.lua", group=USER, mode=0o640)
    off = [*_OFF_ALWAYS, *(() if site.has_dns else ("rbl",))]
    for name in off:
        rendering.file("rspamd/off.conf", base / "etc/local.d" / f"{name}.conf", group=USER, mode=0o640)
    if site.has_dns:
        (base / "etc/local.d/rbl.conf").unlink(missing_ok=True)
    _seed_hyperscan(base / "db")
    ports = site.environment.ports
    return Process(
        name="rspamd",
        command=_command(base),
        is_ready=lambda: (
            accepts_tcp(ports.rspamd_proxy)
            and answers(ports.rspamd_normal, b"GET /ping HTTP/1.0\r\n\r\n", b"pong")
        ),
        stamp=rendering.stamp,
        patience=120.0,  # the first start compiles the patterns
        stop_seconds=15,
    )


def _command(base: Path) -> tuple[str, ...]:
    variables = {
        "LOCAL_CONFDIR": base / "etc", "DBDIR": base / "db", "RUNDIR": base / "run", "LOGDIR": base / "run",
    }  # fmt: skip
    settings = [f"--var={name}={value}" for name, value in variables.items()]
    return ("/usr/bin/rspamd", "-f", "-u", USER, "-g", USER, "-c", "/etc/rspamd/rspamd.conf", *settings)


def _render(rendering: Rendering, site: Site, base: Path, name: str) -> None:
    secrets = site.environment.secrets_dir
    rendering.file(
        f"rspamd/{Path(name).parent.name}/{Path(name).name}",
        base / "etc" / name,
        group=USER,
        mode=0o640,
        base=base,
        redis_password=(secrets / "redis.password").read_text().strip(),
        controller_password=(secrets / "rspamd.password").read_text().strip(),
    )


def _seed_hyperscan(database: Path) -> None:
    """Give a new home the compiled patterns an earlier one left in the checkout; compiling takes fifteen seconds."""
    cache = _HYPERSCAN_CACHE / _version()
    if any(database.glob("*.hs*")) or not cache.exists():
        return
    for path in cache.iterdir():
        target = database / path.name
        shutil.copyfile(path, target)
        shutil.chown(target, USER, USER)


def keep_hyperscan(site: Site) -> None:
    """Leave the compiled patterns where the next new home of this checkout finds them."""
    cache = _HYPERSCAN_CACHE / _version()
    if cache.exists():
        return
    compiled = list((site.directory("rspamd") / "db").glob("*.hs*"))
    if not compiled:
        return
    scratch = cache.with_name(cache.name + ".new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    for path in compiled:
        shutil.copyfile(path, scratch / path.name)
    scratch.rename(cache)


def _version() -> str:
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", "rspamd"], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip() or "unknown"
