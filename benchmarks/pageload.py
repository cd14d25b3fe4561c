"""The web client's first load in Debian's Chromium: octets on the wire and time until the list can be used.

The inbox of 10,000 in a browser that was here before and is signed in, its cache empty: so the peers were measured.
"""

import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, sync_playwright

from benchmarks import filling
from benchmarks.mailbox import Profile
from benchmarks.results import Seen
from benchmarks.surroundings import BenchAccount, environment
from pirab.directory import actions as directory

CHROMIUM = "/usr/bin/chromium"
_RUNS = 7
_PASSWORD = "bench-2569-first-load"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
_ROWS = 8
"""Rows on the screen that make a list usable."""
_READY = """rows => new Promise(done => {
  const look = () => document.querySelectorAll('[role=list] a, ul a, ol a').length >= rows
    ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""


def run(profile: Profile) -> list[Seen]:
    """Median of some first loads, each in a browser profile of its own."""
    if not Path(CHROMIUM).exists():
        raise SystemExit("Debian's chromium is not installed: apt-get install chromium fonts-thai-tlwg")
    target = filling.reader(profile)
    directory.set_password(target.person_id, _PASSWORD)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        loads = [_first_load(browser, target) for _ in range(_RUNS)]
        browser.close()
    times = sorted(milliseconds for milliseconds, _ in loads)
    octets = statistics.median(octets for _, octets in loads)
    return [
        Seen(
            "page.kb", octets / 1000, note="everything the browser fetched until it was quiet, fonts included"
        ),
        Seen("page.ms", statistics.median(times), times[-1], f"{_RUNS} loads with an empty cache"),
    ]


def _first_load(browser: Browser, target: BenchAccount) -> tuple[float, int]:
    """Milliseconds from navigation to a list of rows, and octets on the wire."""
    base = f"http://localhost:{environment().ports.http}"
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="th-TH")
    answer = context.request.post(
        f"{base}/api/v1/session",
        data={"login": target.address, "password": _PASSWORD},
        headers={"X-Pirab-Request": "1"},
    )
    if not answer.ok:
        raise SystemExit(f"sign-in answered {answer.status}: {answer.text()[:200]}")
    page = context.new_page()
    session = context.new_cdp_session(page)
    page.goto(f"{base}/", wait_until="commit")
    page.evaluate(_READY, _ROWS)  # the visit before
    page.wait_for_load_state("load")
    time.sleep(0.5)
    session.send("Network.clearBrowserCache")
    wire = _Wire(session)
    page.goto(f"{base}/", wait_until="commit")
    ready = page.evaluate(_READY, _ROWS)
    time.sleep(1.0)  # fonts and what is fetched afterwards belong to the load, too
    page.wait_for_timeout(10)
    context.close()
    return float(ready), wire.octets


class _Wire:
    """Counts what the browser takes from the network."""

    def __init__(self, session: CDPSession) -> None:
        self.octets = 0
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _finished(self, event: dict[str, float]) -> None:
        self.octets += int(event["encodedDataLength"])
