"""``./pirab status``: every process, the queue, the scanners' knowledge, the last self-check, as text or JSON."""

import shutil
import subprocess
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engines import clamav, control_groups, dkim, postfix, rspamd, selfcheck
from engines.demo_accounts import demo_accounts
from engines.site import Site, free_bytes
from engines.supervisor import Supervisor
from pirab.conf.environment import Environment

_OLD_SIGNATURES_SECONDS = 3 * 86_400
_LOW_DISK_BYTES = 1_000_000_000
_PACKAGES = ("postfix", "rspamd", "clamav-daemon", "redis-server", "postgresql-15", "nginx-light")

Report = dict[str, Any]


def collect(site: Site) -> Report:
    """Everything ``status --json`` prints, described in docs/reference/status.md."""
    environment = site.environment
    supervisor = Supervisor(site)
    queue = postfix.queue_depth(environment)
    return {
        "home": str(environment.home),
        "url": environment.public_url,
        "mode": environment.mode.value,
        "outbound": environment.outbound.value,
        "ports": environment.ports.by_name(),
        "processes": _processes(supervisor),
        "queue": asdict(queue) if queue else None,
        "signatures": asdict(clamav.signatures(site)),
        "checks_off": list(rspamd.DNS_CHECKS) if not site.has_dns else [],
        "dkim": {"missing_keys": dkim.missing_keys(environment, dkim.demo_domains(environment))},
        "selfcheck": selfcheck.last(environment),
        "demo": {"accounts": [asdict(account) for account in demo_accounts(environment)]},
        "disk": _disk(environment),
        "versions": _versions(),
    }


def _processes(supervisor: Supervisor) -> list[Report]:
    found = []
    for entry in supervisor.info():
        running = entry["statename"] == "RUNNING"
        group = supervisor.groups.group(entry["name"]) if supervisor.groups else None
        members = control_groups.members(group) if group else ([entry["pid"]] if running else [])
        found.append(
            {
                "name": entry["name"],
                "state": str(entry["statename"]).lower(),
                "pid": entry["pid"] or None,
                "uptime_seconds": entry["now"] - entry["start"] if running else 0,
                "members": len(members),
                "resident_bytes": sum(_proportional_bytes(pid) for pid in members),
                "cpu_seconds": control_groups.cpu_seconds(group) if group else None,
            }
        )
    return found


def _proportional_bytes(pid: int) -> int:
    """Memory of a process with shared pages divided among their users, so that sums are true; 0 if it just ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0


def _disk(environment: Environment) -> Report:
    home = environment.home if environment.home.exists() else environment.home.parent
    return {"free_bytes": free_bytes(home), "total_bytes": shutil.disk_usage(home).total}


def _versions() -> dict[str, str]:
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *_PACKAGES],
        capture_output=True,
        text=True,
        check=False,
    )
    return dict(line.split(maxsplit=1) for line in shown.stdout.splitlines() if " " in line)


def warnings(report: Report) -> list[str]:
    """What the operator has to know, the gravest first."""
    found = [
        f"{entry['name']} is {entry['state']}" for entry in report["processes"] if entry["state"] != "running"
    ]
    if not report["processes"]:
        found.append("nothing runs: ./pirab up starts it")
    signatures = report["signatures"]
    if signatures["kind"] == clamav.SignatureKind.NONE:
        found.append("no virus signatures: the scanner will not start")
    elif signatures["kind"] == clamav.SignatureKind.LOCAL:
        found.append("VIRUS SIGNATURES ARE LOCAL ONLY: EICAR and test files are known, real viruses are not")
    elif signatures["age_seconds"] > _OLD_SIGNATURES_SECONDS:
        found.append(f"virus signatures are {signatures['age_seconds'] // 86_400} days old: see the runbook")
    if report["checks_off"]:
        found.append(f"no working DNS here, so these checks are off: {', '.join(report['checks_off'])}")
    found += [
        f"mail of {domain} leaves unsigned: ./pirab dkim {domain} makes its key"
        for domain in report["dkim"]["missing_keys"]
    ]
    check = report["selfcheck"]
    if check and not check["ok"]:
        found.append(f"the last self-check failed: {check['error']}")
    if report["disk"]["free_bytes"] < _LOW_DISK_BYTES:
        found.append(f"only {report['disk']['free_bytes'] // 10**6} MB are free: mail will be deferred")
    return found


def text(report: Report) -> str:
    """The report for people."""
    lines = [
        f"Pirab at {report['url']}   home {report['home']}   {report['mode']}, outbound {report['outbound']}",
        "",
    ]
    lines += [_process_line(entry) for entry in report["processes"]]
    lines += ["", *_facts(report)]
    lines += [f"  ! {warning}" for warning in warnings(report)]
    return "\n".join(lines)


def _process_line(entry: Report) -> str:
    return (
        f"  {entry['name']:<10} {entry['state']:<9} {_span(entry['uptime_seconds']):>8}"
        f" {entry['members']:>4} processes {entry['resident_bytes'] / 1e6:>7.0f} MB"
        f" {entry['cpu_seconds'] or 0:>9.1f} CPU s"
    )


def _facts(report: Report) -> list[str]:
    queue, signatures, check = report["queue"], report["signatures"], report["selfcheck"]
    waiting = f"{queue['active']} active, {queue['deferred']} deferred" if queue else "not readable"
    age = _span(signatures["age_seconds"]) if signatures["age_seconds"] is not None else "-"
    lines = [f"  queue       {waiting}", f"  signatures  {signatures['kind']}, {age} old"]
    if check and check["ok"]:
        when = _span(int(time.time() - check["at"]))
        lines.append(
            f"  self-check  ok {when} ago: accepted in {check['accepted_seconds']} s, seen in {check['seen_seconds']} s"
        )
    lines.append(f"  disk        {report['disk']['free_bytes'] / 1e9:.1f} GB free")
    return lines


def _span(seconds: int) -> str:
    for size, letter in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {letter}"
    return f"{seconds} s"
