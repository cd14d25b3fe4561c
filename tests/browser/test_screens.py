"""Every screen, on a desktop and on a phone: no accessibility violation, and a picture for a person to look at."""

from __future__ import annotations

import json
import os
import re

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.acceptance.system import System
from tests.browser.client import MailPage
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.letters import deliver, letter

OFFICIAL = "somchai@moi.go.test"
HTML = """<p>เรียน ผู้อำนวยการกอง</p><p>ตามที่<b>คณะรัฐมนตรี</b>มีมติ สำนักงานขอเชิญท่านเข้าร่วมประชุม
ในวันจันทร์ที่ ๓๐ พฤศจิกายน ๒๕๖๙ เวลา ๐๙.๓๐ น.</p><ul><li>รับรองรายงานการประชุม</li><li>พิจารณาแผนปฏิบัติการ</li></ul>
<p>ขอแสดงความนับถือ</p><img src="https://images.outside.test/logo.png" alt="ตรา">
<blockquote><p>ข้อความเดิม</p></blockquote>"""


def check(page: MailPage, axe: str, name: str) -> None:
    """The picture, and what axe-core says (WCAG 2.2 A and AA, and its good practices)."""
    page.picture(name)
    page.page.evaluate(axe)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = page.page.evaluate(
        f"axe.run(document, {json.dumps(options)}).then((result) => result.violations)"
    )
    told = [(item["id"], [node["html"][:160] for node in item["nodes"]]) for item in found]
    assert told == [], f"{name}: {told}"


@pytest.mark.parametrize(("kind", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_a_tour(system: System, open_page: Opener, axe: str, kind: str, size: ViewportSize) -> None:
    subject = f"ขอเชิญประชุมคณะทำงาน ครั้งที่ ๑๒/๒๕๖๙ ({os.urandom(2).hex()})"
    message = letter(subject, html=HTML)
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="ระเบียบวาระ.pdf")
    deliver(system, OFFICIAL, message)
    page = open_page(size)
    expect(page.page.get_by_role("button", name="เข้าสู่ระบบ")).to_be_visible()
    check(page, axe, f"{kind}-sign-in")
    page.sign_in(OFFICIAL, system.account(OFFICIAL).password)
    expect(page.row(subject)).to_be_visible()
    check(page, axe, f"{kind}-inbox")

    page.open_row(subject)
    expect(page.reader.frame_locator("iframe").first.get_by_text("คณะรัฐมนตรี")).to_be_visible()
    check(page, axe, f"{kind}-message")
    page.reader.get_by_role("button", name="แสดงรายละเอียด").click()
    page.page.get_by_role("button", name="ย้ายไปยัง").click()
    check(page, axe, f"{kind}-move-menu")
    page.page.keyboard.press("Escape")

    page.reader.get_by_role("button", name="ตอบกลับ", exact=True).last.click()
    page.write("รับทราบ และจะเข้าร่วมประชุมตามวันเวลาดังกล่าว")
    page.composer.get_by_role("button", name="สำเนา").click()
    page.composer.get_by_label("สำเนาถึง").fill("สุดา")
    page.composer.locator("input[type=file]").set_input_files(
        {"name": "แบบตอบรับ.txt", "mimeType": "text/plain", "buffer": b"x" * 2000}
    )
    page.expect_saved()
    check(page, axe, f"{kind}-reply")
    page.composer.get_by_label("สำเนาถึง").fill("")
    page.composer.get_by_role("button", name="ทิ้งฉบับร่าง").click()
    expect(page.page.get_by_text("ทิ้งฉบับร่างแล้ว")).to_be_visible()
    check(page, axe, f"{kind}-notice")


@pytest.mark.parametrize(("kind", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_more_screens(system: System, open_page: Opener, axe: str, kind: str, size: ViewportSize) -> None:
    page = open_page(size)
    page.sign_in(OFFICIAL, system.account(OFFICIAL).password)
    if kind == "phone":
        page.page.get_by_role("button", name="เปิดเมนู").click()
        check(page, axe, f"{kind}-menu")
    page.page.get_by_role("button", name="สร้างแฟ้ม").click()
    name = f"โครงการ {os.urandom(2).hex()}"
    page.page.get_by_label("ชื่อแฟ้ม").fill(name)
    page.page.get_by_role("radio", name="ม่วง").check(force=True)
    check(page, axe, f"{kind}-new-folder")
    page.page.get_by_role("button", name="บันทึก").click()
    expect(page.page.get_by_role("link", name=name)).to_be_visible()
    check(page, axe, f"{kind}-folders")
    page.go("จดหมายขยะ")
    check(page, axe, f"{kind}-junk")
    page.page.get_by_role("button", name=re.compile("บัญชีของ")).click()
    check(page, axe, f"{kind}-account")
    page.page.get_by_role("menuitem", name="ตอบอัตโนมัติเมื่อไม่อยู่").click()
    page.page.get_by_label("วันแรก").fill("2026-12-28")
    expect(page.page.get_by_text("28 ธ.ค. 2569")).to_be_visible()
    check(page, axe, f"{kind}-vacation")
    page.page.keyboard.press("Escape")
    page.page.get_by_role("button", name=re.compile("บัญชีของ")).click()
    page.page.get_by_role("menuitem", name="กฎการคัดแยกจดหมาย").click()
    page.page.get_by_role("button", name="สร้างกฎ").click()
    check(page, axe, f"{kind}-rules")
    page.page.get_by_role("dialog").get_by_role("button", name="ปิด").click()
    page.page.get_by_role("button", name=re.compile("บัญชีของ")).click()
    page.page.get_by_role("menuitem", name="แป้นลัด").click()
    check(page, axe, f"{kind}-shortcuts")
    page.page.keyboard.press("Escape")
    page.page.get_by_label("ค้นหาจดหมาย").fill("ไม่มีทางพบคำนี้แน่นอน")
    page.page.keyboard.press("Enter")
    expect(page.page.get_by_text("ไม่พบจดหมายที่ตรงกับคำค้นหา")).to_be_visible()
    check(page, axe, f"{kind}-nothing-found")
    page.compose("ผู้รับ <suda@moi.go.test>", "", "ข้อความ")
    page.send()
    expect(page.page.get_by_text("ส่งโดยไม่มีเรื่องหรือไม่")).to_be_visible()
    check(page, axe, f"{kind}-question")


def test_the_first_load_is_small(open_page: Opener, system: System) -> None:
    """The bar is 170 kB on the wire with fonts; the aim, held here, 144 kB."""
    page = open_page()
    expect(page.page.get_by_role("button", name="เข้าสู่ระบบ")).to_be_visible()
    page.page.evaluate("document.fonts.ready")
    total = page.page.evaluate(
        "performance.getEntries().filter((e) => e.transferSize).reduce((sum, e) => sum + e.transferSize, 0)"
    )
    assert 20_000 < total < 147_456
