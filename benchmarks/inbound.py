"""The whole inbound path: smtp-source → Postfix → Rspamd → ClamAV → LMTP → store, 20 KB, 4 connections."""

import subprocess
import time

from benchmarks.mailbox import Profile
from benchmarks.results import Seen
from benchmarks.surroundings import ADDRESS, account, cpu_of_services, emails_in, environment

CONNECTIONS = 4


def run(profile: Profile) -> list[Seen]:
    """Send letters and wait until the last one is stored."""
    many = profile.inbox // 10
    target = account()
    before = emails_in(target.account_id)
    with cpu_of_services() as cpu:
        began = time.perf_counter()
        subprocess.run(
            ["/usr/sbin/smtp-source", "-s", str(CONNECTIONS), "-l", "20480", "-m", str(many),
             "-f", "sender@outside.test", "-t", ADDRESS, f"127.0.0.1:{environment().ports.smtp}"],
            check=True,
        )  # fmt: skip
        accepted = time.perf_counter() - began
        while emails_in(target.account_id) - before < many and time.perf_counter() - began < accepted + 120:
            time.sleep(0.05)
        seconds = time.perf_counter() - began
    stored = emails_in(target.account_id) - before
    if stored != many:
        raise SystemExit(f"{many} letters sent, {stored} stored")
    speed = f"{many / accepted:.0f} accepted and {many / seconds:.0f} stored a second"
    return [
        Seen("inbound.cpu", cpu.total_milliseconds() / many, note=f"{speed}; {cpu.milliseconds_each(many)}")
    ]
