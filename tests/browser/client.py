"""The web client as a person sees it: what can be pressed, typed and read, by the names a screen reader speaks."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from pirab.conf.environment import REPOSITORY
from tests.acceptance.people import PASSWORD

SCREENSHOTS = REPOSITORY / "var" / "screenshots"


class MailPage:
    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.fill_sign_in(email, password)
        expect(self.page.get_by_role("heading", level=1)).to_have_text("กล่องจดหมายเข้า")

    def fill_sign_in(self, email: str, password: str) -> None:
        self.page.get_by_label("อีเมล", exact=True).fill(email)
        self.page.get_by_label("รหัสผ่าน", exact=True).fill(password)
        self.page.get_by_role("button", name="เข้าสู่ระบบ").click()

    # -- the list -------------------------------------------------------------------------------------------

    @property
    def rows(self) -> Locator:
        return self.page.get_by_role("list", name="รายการจดหมาย").get_by_role("link")

    def row(self, words: str) -> Locator:
        return self.rows.filter(has_text=words)

    def open_row(self, words: str) -> None:
        self.row(words).click()
        expect(self.reader.get_by_role("heading", level=2)).to_be_visible()

    def go(self, mailbox: str) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=mailbox).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(mailbox)

    def unread_count(self) -> Locator:
        return self.page.get_by_role("navigation").get_by_text(re.compile("ยังไม่อ่าน"))

    # -- the reader -----------------------------------------------------------------------------------------

    @property
    def reader(self) -> Locator:
        return self.page.get_by_role("region", name="การสนทนา")

    # -- writing --------------------------------------------------------------------------------------------

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("dialog").last

    def compose(self, to: str = "", subject: str = "", text: str = "") -> Locator:
        self.page.get_by_role("button", name="เขียนจดหมาย").locator("visible=true").click()
        composer = self.composer
        if to:
            composer.get_by_label("ถึง", exact=True).fill(to)
            composer.get_by_label("ถึง", exact=True).press("Enter")
        if subject:
            composer.get_by_label("เรื่อง").fill(subject)
        if text:
            self.write(text)
        return composer

    def write(self, text: str) -> None:
        self.composer.get_by_label("เขียนข้อความที่นี่").click()
        self.page.keyboard.insert_text(text)

    def send(self) -> None:
        self.composer.get_by_role("button", name="ส่ง", exact=True).click()

    def expect_saved(self) -> None:
        expect(self.composer.get_by_text("บันทึกร่างแล้ว")).to_be_visible()

    # -- looking --------------------------------------------------------------------------------------------

    def picture(self, name: str) -> Path:
        """A screenshot for a person to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("document.fonts.ready")
        # Fade-ins are over, so that the picture shows what a person sees, not how it comes.
        self.page.wait_for_timeout(400)
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path
