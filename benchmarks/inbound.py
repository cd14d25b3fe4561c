"""The whole inbound path: smtp-source → Postfix → Rspamd → ClamAV → LMTP → store, 20 KB, 4 connections."""

import subprocess
import time

from benchmarks.surroundings import ADDRESS, account, cpu_of_services, emails_in, environment, heading, line

CONNECTIONS = 4
BAR_CPU_MS = 18.0


def run(many: int) -> None:
    """Send `many` letters and wait until the last one is stored."""
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
    cost = cpu.total_milliseconds() / many
    heading(f"Whole inbound path: {many} letters by smtp-source, 20 KB, {CONNECTIONS} connections")
    line(
        "messages a second, accepted and stored",
        f"{many / accepted:.0f} accepted, {many / seconds:.0f} stored",
        "–",
    )
    line("CPU ms a message", cpu.milliseconds_each(many), f"≤ {BAR_CPU_MS:.0f}", cost / BAR_CPU_MS)
    line("stored of sent", f"{stored} of {many}", f"{many}")
