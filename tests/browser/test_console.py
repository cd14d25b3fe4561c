"""The console as administrators and operators use it, after the second step their office asks for."""

from __future__ import annotations

import os
import re

import pyotp
import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.acceptance.people import PASSWORD, TestPerson, appoint, open_account
from tests.acceptance.system import System
from tests.browser.client import MailPage
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.test_screens import check

SIZES = pytest.mark.parametrize(("kind", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
TITLE = "ศูนย์ผู้ดูแลระบบ"


@pytest.fixture
def administrator(system: System) -> TestPerson:
    """A new administrator of the ministry of the demo, who has no second factor yet."""
    person = open_account(system, f"console-{os.urandom(4).hex()}@moi.go.test")
    appoint(system, person, "moi.go.test")
    return person


def open_console(mail: MailPage) -> None:
    mail.page.get_by_role("button", name=re.compile("บัญชีของ")).click()
    mail.page.get_by_role("menuitem", name="ผู้ดูแลระบบ").click()


def sign_in(mail: MailPage, person: TestPerson) -> None:
    """An administrator without a second factor is led to where one is set up."""
    mail.fill_sign_in(person.email, PASSWORD)
    expect(mail.page.get_by_role("heading", level=1)).to_have_text("การเข้าสู่ระบบและความปลอดภัย")


def enrol(mail: MailPage) -> None:
    """Set up an authenticator app; ends in the console."""
    page = mail.page
    page.get_by_role("button", name="ตั้งค่าแอป").click()
    dialog = page.get_by_role("dialog", name="แอปยืนยันตัวตน")
    secret = dialog.locator("code").inner_text().replace(" ", "")
    dialog.get_by_label("แล้วพิมพ์รหัส 6 หลัก").fill(pyotp.TOTP(secret).now())
    dialog.get_by_role("button", name="ยืนยัน").click()
    page.get_by_role("dialog", name="เก็บรหัสกู้คืนของท่าน").get_by_role("button", name="เก็บแล้ว").click()
    open_console(mail)
    expect(page.get_by_role("heading", level=2, name="รอการอนุมัติจากท่าน")).to_be_visible()


def enter(open_page: Opener, person: TestPerson, size: ViewportSize = DESKTOP) -> MailPage:
    mail = open_page(size)
    sign_in(mail, person)
    enrol(mail)
    return mail


def go(mail: MailPage, name: str) -> None:
    page = mail.page
    if page.get_by_role("button", name="เปิดเมนู").is_visible():
        page.get_by_role("button", name="เปิดเมนู").click()
    page.get_by_role("navigation", name=TITLE).get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def line(page: Page, name: str) -> Locator:
    return page.get_by_role("treeitem").filter(has_text=name)


def test_only_who_has_a_duty_is_offered_the_console(open_page: Opener, person: TestPerson, axe: str) -> None:
    mail = open_page()
    mail.sign_in(person.email)
    mail.page.get_by_role("button", name=re.compile("บัญชีของ")).click()
    expect(mail.page.get_by_role("menuitem", name="การตั้งค่า")).to_be_visible()
    expect(mail.page.get_by_role("menuitem", name="ผู้ดูแลระบบ")).to_have_count(0)
    mail.page.goto(mail.page.url.split("/mail")[0].rstrip("/") + "/console")
    expect(mail.page.get_by_text("ท่านไม่มีหน้าที่ดูแลระบบ")).to_be_visible()
    check(mail, axe, "desktop-console-no-duty")


@SIZES
def test_a_tour_of_the_console(
    open_page: Opener, administrator: TestPerson, axe: str, kind: str, size: ViewportSize
) -> None:
    mail = open_page(size)
    sign_in(mail, administrator)
    open_console(mail)
    expect(mail.page.get_by_text("ต้องยืนยันตัวตนสองขั้นตอนก่อน")).to_be_visible()
    check(mail, axe, f"{kind}-console-second-step")
    mail.page.get_by_role("button", name="ไปที่ความปลอดภัย").click()
    enrol(mail)
    check(mail, axe, f"{kind}-console-overview")
    for name, picture in (
        ("โครงสร้างหน่วยงาน", "units"),
        ("กลุ่มจดหมาย", "groups"),
        ("ขีดจำกัด", "limits"),
        ("คำขออนุมัติ", "approvals"),
    ):
        go(mail, name)
        check(mail, axe, f"{kind}-console-{picture}")
    if kind == "phone":
        mail.page.get_by_role("button", name="เปิดเมนู").click()
        check(mail, axe, "phone-console-menu")


def test_two_administrators_change_one_agency(open_page: Opener, administrator: TestPerson, axe: str) -> None:
    mail = enter(open_page, administrator)
    page = mail.page
    go(mail, "โครงสร้างหน่วยงาน")
    name = f"กองร่วม {os.urandom(3).hex()}"
    page.get_by_role("button", name="สร้างหน่วยงานย่อย").click()
    page.get_by_role("dialog").get_by_label("ชื่อภาษาไทย").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="สร้าง", exact=True).click()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("heading", level=2, name=name)).to_be_visible()
    for each, word in ((page, "กอทด."), (other, "กรว.")):
        each.get_by_role("button", name="แก้ไข", exact=True).click()
        each.get_by_role("dialog").get_by_label("ชื่อย่อ (ไทย)").fill(word)
    page.get_by_role("dialog").get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    other.get_by_role("dialog").get_by_role("button", name="บันทึก").click()
    conflict = other.get_by_role("dialog", name="มีผู้อื่นแก้ไขไปก่อนแล้ว")
    expect(conflict.get_by_role("row", name=re.compile("กอทด"))).to_contain_text("กรว.")
    check(MailPage(other), axe, "desktop-console-conflict")
    conflict.get_by_role("button", name="บันทึกทับด้วยของท่าน").click()
    expect(other.get_by_role("dialog")).to_have_count(0)
    expect(other.get_by_role("definition").filter(has_text="กรว.")).to_be_visible()


def test_an_appointment_waits_for_a_second_person(
    system: System, open_page: Opener, administrator: TestPerson, axe: str
) -> None:
    mail = enter(open_page, administrator)
    page = mail.page
    go(mail, "โครงสร้างหน่วยงาน")
    line(page, "กรมการปกครอง").click()
    page.get_by_role("button", name="แต่งตั้ง", exact=True).click()
    page.get_by_role("combobox", name="บุคคล").fill("สุดา")
    expect(page.get_by_role("listbox", name="บุคคลที่พบ").get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    check(mail, axe, "desktop-console-appoint")
    page.get_by_role("button", name="เสนอแต่งตั้ง").click()
    expect(page.get_by_text("รอผู้ดูแลอีกคนอนุมัติ")).to_be_visible()
    go(mail, "คำขออนุมัติ")
    expect(
        page.get_by_role("row")
        .filter(has_text="ท่านเอง")
        .get_by_role("button", name=re.compile("ถอนคำขอ"))
        .first
    ).to_be_visible()
    second = open_account(system, f"console-{os.urandom(4).hex()}@moi.go.test")
    appoint(system, second, "moi.go.test")
    other = enter(open_page, second)
    go(other, "คำขออนุมัติ")
    waiting = other.page.get_by_role("row").filter(has_text="รอการอนุมัติ").filter(has_text="สุดา")
    waiting.first.get_by_role("button", name=re.compile("^อนุมัติ")).click()
    check(other, axe, "desktop-console-approve")
    other.page.get_by_role("dialog").get_by_role("button", name="อนุมัติ", exact=True).click()
    expect(other.page.get_by_text("อนุมัติแล้ว มีผลแล้ว")).to_be_visible()
    check(other, axe, "desktop-console-approved")


@SIZES
def test_an_operator_sees_how_the_service_is(
    system: System, open_page: Opener, axe: str, kind: str, size: ViewportSize
) -> None:
    operator = open_account(system, f"operator-{os.urandom(4).hex()}@moi.go.test")
    appoint(system, operator, None)
    mail = enter(open_page, operator, size)
    go(mail, "สถานะระบบ")
    expect(mail.page.get_by_text("พร้อมรับและส่งจดหมาย")).to_be_visible()
    check(mail, axe, f"{kind}-console-health")
