"""Signing in as people do it: with Chromium's virtual authenticator, with codes; and the settings about it."""

from __future__ import annotations

import re
import time

import pyotp
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.acceptance.people import PASSWORD, TestPerson, appoint_operator
from tests.acceptance.system import System
from tests.browser.client import MailPage
from tests.browser.conftest import DESKTOP, PHONE, Opener, Watch
from tests.browser.test_screens import check
from tests.browser.test_settings import go

SIZES = pytest.mark.parametrize(("kind", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
SECURITY = "การเข้าสู่ระบบและความปลอดภัย"


class Authenticator:
    """A platform authenticator that says yes whenever it is asked."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def leave(self) -> None:
        """This browser has no authenticator any more."""
        self._session.send("WebAuthn.disable")


def at_home(open_page: Opener, watch: Watch, size: ViewportSize = DESKTOP) -> MailPage:
    """The page at the address that passkeys are made for: an IP address has none (webauthn#rp-id)."""
    mail = open_page(size)
    home = watch.origins[0].replace("127.0.0.1", "localhost")
    watch.origins += (home,)
    mail.page.goto(home)
    return mail


def keep_codes(page: Page) -> list[str]:
    """Read the paper codes and say that they are kept."""
    dialog = page.get_by_role("dialog", name="เก็บรหัสกู้คืนของท่าน")
    expect(dialog.get_by_role("listitem")).to_have_count(10)
    codes = dialog.get_by_role("listitem").all_inner_texts()
    dialog.get_by_role("button", name="เก็บแล้ว").click()
    return codes


@SIZES
def test_a_passkey_is_added_and_signs_in(
    open_page: Opener, watch: Watch, person: TestPerson, axe: str, kind: str, size: ViewportSize
) -> None:
    mail = at_home(open_page, watch, size)
    page = mail.page
    Authenticator(page)
    check(mail, axe, f"{kind}-sign-in-passkey")
    mail.sign_in(person.email)
    go(mail, SECURITY)
    check(mail, axe, f"{kind}-security-empty")
    page.get_by_role("button", name="เพิ่มพาสคีย์").click()
    page.get_by_label("ชื่อพาสคีย์").fill("โน้ตบุ๊กที่ทำงาน")
    check(mail, axe, f"{kind}-passkey-name")
    page.get_by_role("button", name="ต่อไป").click()
    expect(page.get_by_role("dialog", name="เก็บรหัสกู้คืนของท่าน")).to_be_visible()
    check(mail, axe, f"{kind}-recovery-codes")
    assert len(keep_codes(page)) == 10
    expect(page.get_by_text("โน้ตบุ๊กที่ทำงาน")).to_be_visible()
    check(mail, axe, f"{kind}-security")
    # The list of the e-mail field offers it, and here it is chosen at once.
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_text("โน้ตบุ๊กที่ทำงาน")).to_be_visible()
    # Where a browser has no such list there is the button.
    page.add_init_script("delete PublicKeyCredential.isConditionalMediationAvailable")
    page.context.clear_cookies()
    page.reload()
    page.get_by_role("button", name="ใช้พาสคีย์").click()
    expect(page.get_by_text("โน้ตบุ๊กที่ทำงาน")).to_be_visible()


def test_paper_stands_in_for_a_passkey(open_page: Opener, watch: Watch, person: TestPerson) -> None:
    mail = at_home(open_page, watch)
    page = mail.page
    authenticator = Authenticator(page)
    mail.sign_in(person.email)
    go(mail, SECURITY)
    page.get_by_role("button", name="เพิ่มพาสคีย์").click()
    page.get_by_role("button", name="ต่อไป").click()
    codes = keep_codes(page)
    page.context.clear_cookies()
    authenticator.leave()
    page.reload()
    mail.fill_sign_in(person.email, PASSWORD)
    expect(page.get_by_text("เหลืออีกหนึ่งขั้นตอน")).to_be_visible()
    page.get_by_role("button", name="ใช้รหัสกู้คืนแทน").click()
    page.get_by_label("รหัสกู้คืนหนึ่งชุด").fill("ไม่ใช่")
    page.get_by_role("button", name="ยืนยัน").click()
    expect(page.get_by_role("alert")).to_contain_text("ใช้ไปแล้ว ลองชุดอื่น")
    page.get_by_label("รหัสกู้คืนหนึ่งชุด").fill(codes[0])
    page.get_by_role("button", name="ยืนยัน").click()
    expect(page.get_by_role("heading", level=2, name=SECURITY)).to_be_visible()


def test_an_app_is_set_up_and_asked_for(open_page: Opener, person: TestPerson, axe: str) -> None:
    mail = open_page(PHONE)
    page = mail.page
    mail.sign_in(person.email)
    go(mail, SECURITY)
    page.get_by_role("button", name="ตั้งค่าแอป").click()
    dialog = page.get_by_role("dialog", name="แอปยืนยันตัวตน")
    expect(dialog.get_by_role("img", name="รหัสคิวอาร์สำหรับแอปยืนยันตัวตน")).to_be_visible()
    secret = dialog.locator("code").inner_text().replace(" ", "")
    dialog.get_by_label("แล้วพิมพ์รหัส 6 หลัก").fill("000000")
    dialog.get_by_role("button", name="ยืนยัน").click()
    expect(dialog.get_by_text("รหัสไม่ถูกต้องหรือใช้ไปแล้ว")).to_be_visible()
    check(mail, axe, "phone-totp")
    dialog.get_by_label("แล้วพิมพ์รหัส 6 หลัก").fill(pyotp.TOTP(secret).now())
    dialog.get_by_role("button", name="ยืนยัน").click()
    keep_codes(page)
    expect(page.get_by_text("เปิดแอปยืนยันตัวตนแล้ว")).to_be_visible()
    page.context.clear_cookies()
    page.reload()
    mail.fill_sign_in(person.email, PASSWORD)
    field = page.get_by_label("รหัส 6 หลักจากแอปยืนยันตัวตน")
    expect(field).to_be_focused()
    check(mail, axe, "phone-second-factor")
    # The first code is used up: the next one is good already.
    field.fill(pyotp.TOTP(secret).at(time.time(), counter_offset=1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name=SECURITY)).to_be_visible()


def test_devices_are_seen_and_signed_out(open_page: Opener, person: TestPerson, axe: str) -> None:
    elsewhere = open_page(DESKTOP)
    elsewhere.sign_in(person.email)
    mail = open_page(DESKTOP)
    page = mail.page
    mail.fill_sign_in(person.email, "ไม่ถูกต้อง")
    expect(page.get_by_role("alert")).to_contain_text("ไม่ถูกต้อง")
    mail.sign_in(person.email)
    expect(mail.rows).to_have_count(1)
    check(mail, axe, "desktop-new-device-letter")
    go(mail, "อุปกรณ์และประวัติการเข้าใช้")
    devices = page.get_by_role("list", name="อุปกรณ์ที่เข้าใช้อยู่").get_by_role("listitem")
    expect(devices).to_have_count(2)
    expect(devices.first).to_contain_text("เครื่องนี้")
    lines = page.get_by_role("list", name="ประวัติการเข้าใช้ 90 วัน").get_by_role("listitem")
    expect(lines).to_have_count(3)
    expect(lines.nth(1)).to_contain_text("ไม่สำเร็จ")
    check(mail, axe, "desktop-devices")
    page.get_by_role("button", name="ออกจากระบบทุกเครื่องอื่น").click()
    expect(devices).to_have_count(1)
    elsewhere.page.reload()
    expect(elsewhere.page.get_by_role("button", name="เข้าสู่ระบบ")).to_be_visible()


def test_an_app_password_is_made_and_withdrawn(open_page: Opener, person: TestPerson, axe: str) -> None:
    mail = open_page(PHONE)
    page = mail.page
    mail.sign_in(person.email)
    go(mail, "รหัสผ่านสำหรับแอป")
    page.get_by_role("button", name="สร้างรหัสผ่านสำหรับแอป").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="สร้างรหัสผ่านสำหรับแอป").click()
    expect(dialog.get_by_role("alert")).to_have_text("กรุณาบอกว่าใช้กับอะไร")
    dialog.get_by_label("ใช้กับอะไร").fill("Thunderbird ที่ทำงาน")
    dialog.get_by_label("ใช้ได้จากเครือข่าย").fill("300.1.1.1/8")
    dialog.get_by_role("button", name="สร้างรหัสผ่านสำหรับแอป").click()
    expect(dialog.get_by_role("alert")).to_have_text("เครือข่ายไม่ถูกต้อง")
    check(mail, axe, "phone-new-app")
    dialog.get_by_label("ใช้ได้จากเครือข่าย").fill("203.0.113.0/24")
    dialog.get_by_role("button", name="สร้างรหัสผ่านสำหรับแอป").click()
    shown = page.get_by_role("dialog", name="รหัสผ่านสำหรับแอปของท่าน")
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", shown.locator("code").inner_text())
    check(mail, axe, "phone-app-secret")
    shown.get_by_role("button", name="เสร็จสิ้น").click()
    expect(page.get_by_role("heading", level=3, name="Thunderbird ที่ทำงาน")).to_be_visible()
    check(mail, axe, "phone-apps")
    page.get_by_role("button", name="ยกเลิก รหัสของ Thunderbird ที่ทำงาน").click()
    page.get_by_role("dialog").get_by_role("button", name="ยกเลิก", exact=True).last.click()
    expect(page.get_by_role("heading", level=3, name="Thunderbird ที่ทำงาน")).to_have_count(0)


def test_who_administers_is_led_to_a_second_factor(
    system: System, open_page: Opener, person: TestPerson, axe: str
) -> None:
    appoint_operator(system, person)
    mail = open_page()
    page = mail.page
    page.goto(f"{system.url}/?signin=unverified")
    expect(page.get_by_role("alert")).to_contain_text("ยังไม่รับรองอีเมลของท่าน")
    mail.fill_sign_in(person.email, PASSWORD)
    expect(page.get_by_role("heading", level=2, name=SECURITY)).to_be_visible()
    expect(page.get_by_text("หน้าที่ของท่านต้องใช้การยืนยันสองชั้น")).to_be_visible()
    check(mail, axe, "desktop-must-enrol")


def test_a_password_is_changed_with_reasons_and_english_words(open_page: Opener, person: TestPerson) -> None:
    mail: MailPage = open_page()
    page = mail.page
    mail.sign_in(person.email)
    go(mail, SECURITY)
    page.get_by_role("button", name="เปลี่ยนรหัสผ่าน").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("รหัสผ่านปัจจุบัน").fill("ผิด")
    dialog.get_by_label("รหัสผ่านใหม่").fill("1q2w3e4r5t6y")
    save = dialog.get_by_role("button", name="เปลี่ยนรหัสผ่าน")
    save.click()
    expect(dialog.get_by_text("รหัสผ่านไม่ถูกต้อง")).to_be_visible()
    dialog.get_by_label("รหัสผ่านปัจจุบัน").fill(PASSWORD)
    save.click()
    expect(dialog.get_by_text("อยู่ในรายการที่เคยรั่วไหล")).to_be_visible()
    dialog.get_by_label("รหัสผ่านใหม่").fill("ประโยคยาวๆ ที่จำง่าย 2570")
    save.click()
    expect(page.get_by_text("เปลี่ยนรหัสผ่านแล้ว")).to_be_visible()
