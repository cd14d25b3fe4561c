"""A letter in several folders, and the word that it was read, asked for and given."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.acceptance.outside import OutsideMailServer
from tests.acceptance.people import TestPerson
from tests.acceptance.reader import Reader
from tests.acceptance.system import System
from tests.browser.client import MailPage
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.letters import SENDER, deliver, letter, unique
from tests.browser.test_screens import check

SIZES = pytest.mark.parametrize(("kind", "size"), [("desktop", DESKTOP), ("phone", PHONE)])


@SIZES
def test_a_letter_is_put_into_folders(
    system: System, person: TestPerson, open_page: Opener, axe: str, kind: str, size: ViewportSize
) -> None:
    reader, subject = Reader(system, person), unique("แผนงานโครงการ")
    create = {
        "a": {"name": "งบประมาณ ๒๕๗๐", "pirab:color": "purple"},
        "b": {"name": "โครงการสำคัญ", "pirab:color": "teal"},
    }
    assert reader.call("Mailbox/set", create=create)["notCreated"] in (None, {})
    deliver(system, person.email, letter(subject))
    mail = open_page(size)
    mail.sign_in(person.email)
    mail.open_row(subject)
    page = mail.page
    page.keyboard.press("l")
    items = page.get_by_role("menuitemcheckbox")
    expect(items.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(items.first).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    check(mail, axe, f"{kind}-labels-menu")
    page.keyboard.press("Enter")
    expect(items.nth(1)).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(mail.reader.get_by_role("heading", level=2)).to_contain_text("โครงการสำคัญ")
    page.keyboard.press("u")
    expect(mail.row(subject)).to_contain_text("โครงการสำคัญ")
    check(mail, axe, f"{kind}-labels")
    if kind == "phone":
        page.get_by_role("button", name="เปิดเมนู").click()
    mail.go("โครงการสำคัญ")
    mail.open_row(subject)
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    inbox = reader.mailbox_id("inbox")
    (only,) = reader.call("Email/query", filter={"subject": subject})["ids"]
    (left,) = reader.call("Email/get", ids=[only], properties=["mailboxIds"])["list"]
    assert left["mailboxIds"] == {inbox: True}


@SIZES
def test_a_receipt_is_sent_only_when_the_reader_says_so(
    system: System,
    person: TestPerson,
    open_page: Opener,
    axe: str,
    outside: OutsideMailServer,
    kind: str,
    size: ViewportSize,
) -> None:
    asked, declined = unique("ขอใบตอบรับ"), unique("ไม่ตอบรับ")
    for subject in (asked, declined):
        message = letter(subject)
        message["Disposition-Notification-To"] = SENDER
        deliver(system, person.email, message)
    mail = open_page(size)
    mail.sign_in(person.email)
    mail.open_row(declined)
    banner = mail.reader.get_by_role("group", name="ผู้ส่งขอให้ยืนยันว่าท่านเปิดอ่านแล้ว")
    expect(banner).to_be_visible()
    check(mail, axe, f"{kind}-receipt")
    banner.get_by_role("button", name="ไม่ส่ง").click()
    expect(banner).to_have_count(0)
    mail.page.keyboard.press("u")
    mail.open_row(asked)
    banner.get_by_role("button", name="ส่งใบตอบรับ").click()
    expect(mail.page.get_by_text("ส่งใบตอบรับการอ่านแล้ว")).to_be_visible()
    expect(banner).to_have_count(0)
    receipt = message_from_bytes(outside.take(SENDER).content, policy=policy.SMTP)
    assert receipt.get_content_type() == "multipart/report"
    mail.page.reload()
    expect(mail.reader.get_by_role("heading", level=2)).to_contain_text(asked)
    expect(banner).to_have_count(0)


def test_a_receipt_is_asked_for(mail: MailPage, outside: OutsideMailServer) -> None:
    subject, address = unique("โปรดยืนยัน"), "asked@outside.test"
    composer = mail.compose(address, subject, "โปรดยืนยันเมื่ออ่านแล้ว")
    button = composer.get_by_role("button", name="ขอใบตอบรับการอ่าน")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(mail.composer.get_by_text("บันทึกร่างแล้ว")).to_be_visible(timeout=20_000)
    mail.page.evaluate("localStorage.clear()")
    mail.page.reload()
    mail.go("ฉบับร่าง")
    mail.row(subject).click()
    expect(mail.composer.get_by_role("button", name="ขอใบตอบรับการอ่าน")).to_have_attribute(
        "aria-pressed", "true"
    )
    mail.send()
    expect(mail.page.get_by_text(re.compile("ส่งจดหมายแล้ว|กำลังส่งจดหมาย"))).to_be_visible()
    sent = message_from_bytes(outside.wait_for(address).content, policy=policy.SMTP)
    assert "browser-" in str(sent["Disposition-Notification-To"])
