"""The web client in a real Chromium on the whole running system.

Every page a test opens is watched: a request to anywhere but our own origin, a script error or a breach of the page's
policy fails the test, whatever it was about. Screenshots are kept under ``var/screenshots`` for a person to look at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, ViewportSize, sync_playwright

from pirab.conf.environment import REPOSITORY
from tests.acceptance.people import TestPerson, open_account
from tests.acceptance.system import System
from tests.browser.client import MailPage

CHROMIUM = "/usr/bin/chromium"
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.acceptance)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page did that no page of ours may do."""

    origins: tuple[str, ...]
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", lambda message: self._said(message.text))

    def _request(self, request: Request) -> None:
        own = tuple(f"{origin}/" for origin in self.origins)
        if not request.url.startswith((*own, "data:", "blob:")):
            self.faults.append(f"request to {request.url}")

    def _said(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.faults.append(text)


Opener = Callable[..., MailPage]


@pytest.fixture
def watch(system: System) -> Watch:
    """A test that provokes a fault on purpose takes it out of here."""
    return Watch((system.url,))


@pytest.fixture
def open_page(chromium: Browser, system: System, watch: Watch) -> Iterator[Opener]:
    """Opens a browser of its own each time it is called, of a size; small ones have a touch screen."""
    contexts = []

    def open_(size: ViewportSize = DESKTOP) -> MailPage:
        is_phone = size["width"] < 600
        context = chromium.new_context(
            viewport=size, locale="th-TH", timezone_id="Asia/Bangkok", has_touch=is_phone, is_mobile=is_phone,
            device_scale_factor=2 if is_phone else 1, accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        page.goto(system.url)
        return MailPage(page)

    yield open_
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def person(system: System) -> TestPerson:
    """Somebody new, whose mailboxes are empty."""
    return open_account(system, f"browser-{os.urandom(4).hex()}@moi.go.test")


@pytest.fixture
def mail(open_page: Opener, person: TestPerson) -> MailPage:
    """The mail of somebody new, signed in on a desktop."""
    page = open_page()
    page.sign_in(person.email)
    return page


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's source; part of the client's development packages."""
    source = REPOSITORY / "web" / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        pytest.skip("axe-core is not installed: run npm ci in web/")
    return source.read_text("utf-8")
