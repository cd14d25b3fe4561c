"""The settings as people use them: making room, having deleted mail back, taking mail away and bringing it along."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from tests.acceptance.people import TestPerson, open_account, set_quota
from tests.acceptance.reader import Reader
from tests.acceptance.system import System
from tests.browser.client import MailPage
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.letters import letter
from tests.browser.test_accounts import OFFICE, READER
from tests.browser.test_screens import check

SIZES = pytest.mark.parametrize(("kind", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
SUBJECTS = (
    "ขออนุมัติเดินทางไปราชการ จังหวัดเชียงใหม่",
    "ส่งรายงานการประชุม ครั้งที่ ๙/๒๕๖๙",
    "แจ้งเวียนกำหนดการปิดงบประมาณ ปี ๒๕๖๙",
)


def fill(
    reader: Reader, subjects: tuple[str, ...] = SUBJECTS, mailbox: str = "inbox", text: str = ""
) -> list[str]:
    """Letters in a mailbox, by JMAP; returns their ids."""
    box = reader.mailbox_id(mailbox)
    emails = {
        f"n{index}": {
            "mailboxIds": {box: True},
            "keywords": {"$seen": True},
            "from": [{"name": "สุดา รักษ์ไทย", "email": "suda@moi.go.test"}],
            "to": [{"name": None, "email": "browser@moi.go.test"}],
            "subject": subject,
            "textBody": [{"partId": "t", "type": "text/plain"}],
            "bodyValues": {"t": {"value": f"เรียน ผู้อำนวยการ เพื่อโปรดพิจารณา ฉบับที่ {index} {text}"}},
        }
        for index, subject in enumerate(subjects)
    }
    answer = reader.call("Email/set", create=emails)
    assert answer["notCreated"] in (None, {}), answer
    return [answer["created"][name]["id"] for name in emails]


def destroy(reader: Reader, ids: list[str]) -> None:
    answer = reader.call("Email/set", destroy=ids)
    assert answer["notDestroyed"] in (None, {}), answer


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def signed_in(open_page: Opener, person: TestPerson, size: ViewportSize = DESKTOP) -> MailPage:
    page = open_page(size)
    page.sign_in(person.email)
    return page


def go(mail: MailPage, name: str) -> None:
    """To a page of the settings, the way a person goes."""
    page = mail.page
    if not page.get_by_role("navigation", name="การตั้งค่า").is_visible():
        if page.get_by_role("button", name="เปิดเมนู").is_visible():
            page.get_by_role("button", name="เปิดเมนู").click()
        page.get_by_role("navigation", name="กล่องจดหมาย").get_by_role("link", name="การตั้งค่า").click()
    page.get_by_role("navigation", name="การตั้งค่า").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_focused()


@SIZES
def test_deleted_mail_comes_back(
    system: System, person: TestPerson, open_page: Opener, axe: str, kind: str, size: ViewportSize
) -> None:
    reader = Reader(system, person)
    mail = signed_in(open_page, person, size)
    page = mail.page
    go(mail, "กู้คืนจดหมายที่ลบ")
    expect(page.get_by_text("ไม่มีจดหมายที่ต้องกู้คืน")).to_be_visible()
    check(mail, axe, f"{kind}-recover-empty")
    destroy(reader, fill(reader))
    page.reload()
    rows = page.get_by_role("list", name="จดหมายที่กู้คืนได้").get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("สุดา รักษ์ไทย")
    expect(rows.first).to_contain_text(re.compile(r"ลบเมื่อ วันนี้ \d\d:\d\d น\."))
    expect(rows.first).to_contain_text(re.compile("เหลือ (29|30) วัน"))
    page.get_by_role("checkbox", name=SUBJECTS[0]).check()
    page.get_by_role("checkbox", name=SUBJECTS[1]).check()
    expect(page.get_by_text("เลือกแล้ว 2 ฉบับ")).to_be_visible()
    check(mail, axe, f"{kind}-recover")
    page.get_by_role("button", name="กู้คืน 2 ฉบับ").click()
    expect(page.get_by_text("กู้คืนแล้ว 2 ฉบับ")).to_be_visible()
    expect(rows).to_have_count(1)
    check(mail, axe, f"{kind}-recovered")
    page.get_by_role("button", name="ไปที่ กล่องจดหมายเข้า").click()
    for subject in SUBJECTS[:2]:
        expect(mail.row(subject)).to_be_visible()
    expect(mail.row(SUBJECTS[2])).to_have_count(0)


def test_deleted_mail_is_searched_and_restored_by_keyboard(
    system: System, person: TestPerson, open_page: Opener
) -> None:
    reader = Reader(system, person)
    subjects = tuple(f"หนังสือเวียน ฉบับที่ {number}" for number in range(60))
    destroy(reader, fill(reader, (*subjects, "เรื่องลับเฉพาะ")))
    mail = signed_in(open_page, person)
    page = mail.page
    go(mail, "กู้คืนจดหมายที่ลบ")
    rows = page.get_by_role("list", name="จดหมายที่กู้คืนได้").get_by_role("listitem")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="แสดงเพิ่ม").press("Enter")
    expect(rows).to_have_count(61)
    page.get_by_label("ค้นหาในเรื่อง ผู้ส่ง และผู้รับ").fill("ลับเฉพาะ")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.get_by_label("ค้นหาในเรื่อง ผู้ส่ง และผู้รับ").fill("")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(50)
    page.get_by_role("checkbox", name="เลือกทั้งหมดที่แสดง").press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("กู้คืนแล้ว 50 ฉบับ")).to_be_visible()
    expect(rows).to_have_count(11)


@SIZES
def test_room_is_shown_and_made(
    system: System, person: TestPerson, open_page: Opener, axe: str, kind: str, size: ViewportSize
) -> None:
    reader = Reader(system, person)
    fill(reader, SUBJECTS, "trash", "ก" * 100_000)
    mail = signed_in(open_page, person, size)
    page = mail.page
    if kind == "phone":
        page.get_by_role("button", name="เปิดเมนู").click()
    side = page.get_by_role("navigation", name="กล่องจดหมาย")
    meter = side.get_by_role("meter", name="พื้นที่จดหมาย")
    expect(meter).to_have_attribute("aria-valuenow", "0")
    for level, percent, words in (
        ("warn", 85, "พื้นที่ใกล้เต็ม"),
        ("urgent", 97, "พื้นที่เกือบเต็ม"),
        ("full", 100, "พื้นที่เต็ม"),
    ):
        used = reader.call("Quota/get", ids=None)["list"][0]["used"]
        set_quota(system, person, used * 100 // percent)
        page.reload()
        if kind == "phone":
            page.get_by_role("button", name="เปิดเมนู").click()
        expect(side.get_by_role("link", name=re.compile(words))).to_be_visible()
        check(mail, axe, f"{kind}-quota-{level}")
    side.get_by_role("link", name=re.compile("พื้นที่เต็ม")).click()
    expect(page.get_by_text("ระบบพักจดหมายใหม่ไว้ที่ผู้ส่งชั่วคราว")).to_be_visible()
    check(mail, axe, f"{kind}-storage-full")
    page.get_by_role("button", name="ล้างถังขยะ").click()
    check(mail, axe, f"{kind}-empty-trash")
    page.get_by_role("dialog").get_by_role("button", name="ล้างถังขยะ").click()
    expect(page.get_by_text("ล้างถังขยะแล้ว 3 ฉบับ")).to_be_visible()
    expect(page.get_by_text("ยังมีที่ว่างเพียงพอ")).to_be_visible()
    expect(page.get_by_text("ถังขยะว่างอยู่แล้ว")).to_be_visible()
    check(mail, axe, f"{kind}-storage")


@SIZES
def test_the_mailbox_leaves_and_comes_in(
    system: System, open_page: Opener, axe: str, tmp_path: Path, kind: str, size: ViewportSize
) -> None:
    old, new = (open_account(system, f"browser-{os.urandom(4).hex()}@moi.go.test") for _ in range(2))
    reader = Reader(system, old)
    fill(reader)
    mail = signed_in(open_page, old, size)
    page = mail.page
    go(mail, "ส่งออกจดหมาย")
    page.get_by_label("เลือกแฟ้ม").check()
    page.get_by_role("button", name="เตรียมไฟล์").click()
    expect(page.get_by_role("alert")).to_have_text("เลือกแฟ้มอย่างน้อยหนึ่งแฟ้ม")
    page.get_by_role("checkbox", name=re.compile("กล่องจดหมายเข้า")).check()
    page.get_by_role("button", name="เตรียมไฟล์").click()
    link = page.get_by_role("link", name="ดาวน์โหลด")
    expect(link).to_be_visible()
    expect(page.get_by_text(re.compile(r"[34] ฉบับ .* ดาวน์โหลดได้ถึง \d+ \S+ 25\d\d"))).to_be_visible()
    check(mail, axe, f"{kind}-export")
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "จดหมาย.zip")
    names = zipfile.ZipFile(tmp_path / "จดหมาย.zip").namelist()
    assert len(names) in (4, 5)
    page.get_by_role("button", name="ลบ ไฟล์ ZIP").click()
    expect(page.get_by_text("ยังไม่มีไฟล์ที่เตรียมไว้")).to_be_visible()

    with zipfile.ZipFile(tmp_path / "จดหมาย.zip", "a") as archive:
        archive.writestr("เอกสาร/ภาพถ่าย.png", b"\x89PNG not a letter")
        archive.writestr("ไวรัส/ทดสอบ.eml", VIRUS)
    mail = signed_in(open_page, new, size)
    page = mail.page
    go(mail, "นำเข้าจดหมาย")
    check(mail, axe, f"{kind}-import-empty")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "ภาพ.png", "mimeType": "image/png", "buffer": b"\x89PNG"})
    expect(page.get_by_role("alert")).to_have_text("ไฟล์นี้ไม่ใช่ ZIP, mbox หรือ EML")
    chooser.set_input_files(tmp_path / "จดหมาย.zip")
    expect(page.get_by_text("นำเข้าเสร็จแล้ว")).to_be_visible()
    expect(page.get_by_text(re.compile("นำเข้าแล้ว [34] ฉบับ · นำเข้าไม่ได้ 2 รายการ"))).to_be_visible()
    page.get_by_text("ดูสิ่งที่นำเข้าไม่ได้ 2 รายการ").click()
    expect(page.get_by_role("listitem").filter(has_text="ภาพถ่าย.png").last).to_contain_text("ไม่ใช่จดหมาย")
    expect(page.get_by_role("listitem").filter(has_text="ทดสอบ.eml").last).to_contain_text("พบไวรัส")
    check(mail, axe, f"{kind}-import")
    if kind == "phone":
        page.get_by_role("button", name="เปิดเมนู").click()
    mail.go("กล่องจดหมายเข้า")
    for subject in SUBJECTS:
        expect(mail.row(subject)).to_be_visible()


# The industry's test string: no virus, but known to every scanner.
VIRUS = letter(
    "ไวรัสทดสอบ", "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*\n"
).as_bytes()


def hold_parts(page: Page, after: int) -> list[int]:
    """Let `after` parts of an upload through and lose the next ones; returns where those that went through begin."""
    seen: list[int] = []

    def route(request: Route) -> None:
        if len(seen) >= after:
            request.abort()
            return
        seen.append(int(request.request.url.rpartition("=")[2]))
        request.continue_()

    page.route("**/imports/*/content*", route)
    return seen


def large_mbox(path: Path, letters: int) -> None:
    """Letters of about a megabyte each."""
    with path.open("wb") as file:
        for number in range(letters):
            raw = letter(f"ฉบับใหญ่ที่ {number}", "x" * 70 + "\n" + f"{number} " * 1_000 + "\n").as_bytes()
            file.write(b"From x\n" + raw + b"y" * 1_200_000 + b"\n\n")


def test_a_cut_upload_goes_on(
    system: System, person: TestPerson, open_page: Opener, axe: str, tmp_path: Path
) -> None:
    path = tmp_path / "กล่องเก่า.mbox"
    large_mbox(path, 16)
    assert path.stat().st_size > 2 * 8_000_000
    mail = signed_in(open_page, person)
    page = mail.page
    go(mail, "นำเข้าจดหมาย")
    through = hold_parts(page, 1)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("เครือข่ายขาด ระบบจะส่งต่อเอง")).to_be_visible()
    check(mail, axe, "desktop-import-cut")
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile("^4[0-9]$"))

    # The page is closed and opened again: what was sent is there, and the same file goes on.
    page.once("dialog", lambda dialog: dialog.accept())
    page.unroute_all()
    page.reload()
    expect(page.get_by_text(re.compile("ส่งค้างไว้ .* เลือกไฟล์เดิมเพื่อส่งต่อ"))).to_be_visible()
    check(mail, axe, "desktop-import-stopped")
    through = hold_parts(page, 99)
    other = {"name": "อื่น.mbox", "mimeType": "application/mbox", "buffer": b"From x\n\nx"}
    continue_with(page, other)
    expect(page.get_by_role("alert")).to_contain_text("ไม่ใช่ไฟล์เดิม")
    continue_with(page, path)
    expect(page.get_by_text("นำเข้าเสร็จแล้ว")).to_be_visible(timeout=60_000)
    assert through == [0, 8_000_000, 16_000_000]
    expect(page.get_by_text("นำเข้าแล้ว 16 ฉบับ")).to_be_visible()
    page.get_by_role("button", name="เอาออกจากรายการ กล่องเก่า.mbox").click()
    expect(page.get_by_text("ยังไม่มีรายการนำเข้า")).to_be_visible()


def continue_with(page: Page, file: Any) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="เลือกไฟล์เดิม").click()
    chooser.value.set_files(file)


def test_an_upload_is_canceled(system: System, person: TestPerson, open_page: Opener, tmp_path: Path) -> None:
    path = tmp_path / "mail.mbox"
    large_mbox(path, 8)
    mail = signed_in(open_page, person)
    page = mail.page
    go(mail, "นำเข้าจดหมาย")
    hold_parts(page, 1)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("เครือข่ายขาด")).to_be_visible()
    page.get_by_role("button", name="ยกเลิกการนำเข้า").click()
    expect(page.get_by_text("ยังไม่มีรายการนำเข้า")).to_be_visible()
    page.reload()
    expect(page.get_by_text("ยังไม่มีรายการนำเข้า")).to_be_visible()


@SIZES
def test_settings_are_found_and_left(
    person: TestPerson, open_page: Opener, axe: str, kind: str, size: ViewportSize
) -> None:
    mail = signed_in(open_page, person, size)
    page = mail.page
    page.get_by_role("button", name=re.compile("บัญชีของ")).click()
    page.get_by_role("menuitem", name="การตั้งค่า").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("การตั้งค่า")
    check(mail, axe, f"{kind}-settings")
    go(mail, "คัดแยกและตอบจดหมาย")
    check(mail, axe, f"{kind}-settings-mail")
    # Keys that act on mail do nothing where none is shown.
    page.keyboard.press("e")
    page.keyboard.press("j")
    expect(page.get_by_role("heading", level=1)).to_have_text("คัดแยกและตอบจดหมาย")
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("กล่องจดหมายเข้า")
    origin = page.url.split("/mail")[0]
    for path in ("/settings/nothing", "/settings/../../x", "/settings/%00"):
        page.goto(origin + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_settings_in_english(person: TestPerson, open_page: Opener, axe: str) -> None:
    mail = signed_in(open_page, person)
    page = mail.page
    page.get_by_role("button", name=re.compile("บัญชีของ")).click()
    page.get_by_role("menuitemradio", name="English").click()
    page.get_by_role("link", name="Settings").click()
    for name in ("Storage", "Recover deleted mail", "Export mail", "Import mail"):
        page.get_by_role("navigation", name="Settings").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=2, name=name)).to_be_focused()
        assert not re.search("[ก-๙]", page.locator("main").inner_text()), name
    check(mail, axe, "desktop-settings-english")


def test_a_reader_takes_mail_away_but_brings_none(system: System, open_page: Opener) -> None:
    mail = open_page()
    mail.sign_in(READER, system.account(READER).password)
    page = mail.page
    page.get_by_role("navigation").get_by_role("button", name=OFFICE, exact=True).click()
    expect(mail.rows.first).to_be_visible()
    go(mail, "ส่งออกจดหมาย")
    expect(page.get_by_role("button", name="เตรียมไฟล์")).to_be_visible()
    pages = page.get_by_role("navigation", name="การตั้งค่า").get_by_role("link")
    expect(pages.filter(has_text="ส่งออกจดหมาย")).to_have_count(1)
    expect(pages.filter(has_text="นำเข้าจดหมาย")).to_have_count(0)
    go(mail, "กู้คืนจดหมายที่ลบ")
    expect(page.get_by_role("button", name=re.compile("กู้คืน"))).to_have_count(0)


@SIZES
def test_rules_are_applied_and_taken_back(
    system: System, person: TestPerson, open_page: Opener, axe: str, kind: str, size: ViewportSize
) -> None:
    reader = Reader(system, person)
    fill(reader, tuple(f"เชิญประชุม ครั้งที่ {number}" for number in range(3)))
    fill(reader, ("เรื่องอื่น",))
    mail = signed_in(open_page, person, size)
    page = mail.page
    go(mail, "คัดแยกและตอบจดหมาย")
    opener = page.get_by_role("button", name="จัดการกฎ")
    opener.press("Enter")
    page.get_by_role("button", name="สร้างกฎ").click()
    page.get_by_label("ชื่อกฎ").fill("ประชุม")
    page.get_by_label("ส่วนที่ตรวจ").select_option(label="เรื่อง")
    page.get_by_label("ข้อความ", exact=True).fill("เชิญประชุม")
    page.get_by_label("ย้ายไปที่").select_option(label="คลังจดหมาย")
    page.get_by_role("button", name="บันทึก").click()
    page.get_by_role("button", name="ใช้กับกล่องจดหมายเข้าตอนนี้").click()
    expect(page.get_by_role("dialog").get_by_text(re.compile("เปลี่ยน 3 จาก [45] ฉบับ"))).to_be_visible()
    check(mail, axe, f"{kind}-rules-applied")
    page.get_by_role("button", name="คืนกลับที่เดิม").click()
    expect(page.get_by_role("dialog").get_by_text("คืนจดหมายกลับที่เดิมแล้ว")).to_be_visible()
    # Closed while it works, it is told of at its end, with the way back.
    page.get_by_role("button", name="ใช้กับกล่องจดหมายเข้าตอนนี้").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    expect(page.get_by_text("ใช้กฎแล้ว เปลี่ยน 3 ฉบับ")).to_be_visible()
    page.get_by_role("button", name="เลิกทำ").click()
    expect(page.get_by_text("คืนจดหมายกลับที่เดิมแล้ว")).to_be_visible()
    inbox = reader.mailbox_id("inbox")
    found = reader.call("Email/query", filter={"inMailbox": inbox, "subject": "เชิญประชุม"})
    assert len(found["ids"]) == 3


def test_escape_leaves_the_rules_step_by_step(mail: MailPage) -> None:
    page = mail.page
    menu = page.get_by_role("button", name=re.compile("บัญชีของ"))
    for _ in range(2):
        menu.press("Enter")
        page.get_by_role("menuitem", name="กฎการคัดแยกจดหมาย").press("Enter")
        dialog = page.get_by_role("dialog", name="กฎการคัดแยกจดหมาย")
        expect(dialog.get_by_role("button", name="สร้างกฎ")).to_be_enabled()
        dialog.get_by_role("button", name="สร้างกฎ").press("Enter")
        expect(page.get_by_label("ชื่อกฎ")).to_be_focused()
        page.keyboard.press("Escape")
        expect(dialog.get_by_role("button", name="สร้างกฎ")).to_be_focused()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(menu).to_be_focused()


@SIZES
def test_a_script_is_written_and_runs(
    system: System, person: TestPerson, open_page: Opener, axe: str, kind: str, size: ViewportSize
) -> None:
    mail = signed_in(open_page, person, size)
    page = mail.page
    go(mail, "คัดแยกและตอบจดหมาย")
    page.get_by_role("button", name="แก้ไขสคริปต์").click()
    page.get_by_label("ชื่อสคริปต์").fill("หลัก")
    page.get_by_label("เนื้อสคริปต์").fill("fileinto ;")
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("alert")).to_contain_text("บันทึกไม่ได้")
    check(mail, axe, f"{kind}-sieve")
    page.get_by_label("เนื้อสคริปต์").fill('require ["imap4flags"]; addflag "\\\\Flagged";')
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_text("บันทึกแล้ว")).to_be_visible()
    (script,) = Reader(system, person).call("SieveScript/get", ids=None)["list"]
    assert (script["name"], script["isActive"]) == ("หลัก", True)
    page.get_by_role("button", name="แก้ไขสคริปต์").click()
    page.get_by_label("ใช้สคริปต์นี้กับจดหมายที่เข้ามา").uncheck()
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not Reader(system, person).call("SieveScript/get", ids=None)["list"][0]["isActive"]
    page.get_by_role("button", name="แก้ไขสคริปต์").click()
    page.get_by_role("button", name="ลบสคริปต์").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert Reader(system, person).call("SieveScript/get", ids=None)["list"] == []
