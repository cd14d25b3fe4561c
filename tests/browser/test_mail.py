"""A day with the mail: it comes, is read, answered, put away, found again."""

from __future__ import annotations

import os
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.acceptance.outside import OutsideMailServer
from tests.acceptance.people import PASSWORD, TestPerson
from tests.acceptance.system import System
from tests.browser.client import MailPage
from tests.browser.conftest import Opener
from tests.browser.letters import SENDER, deliver, letter, unique

FILE_NAME = "รายงานการประชุม ครั้งที่ ๑-๒๕๖๙ (ฉบับแก้ไข).pdf"


def test_a_wrong_password_says_what_to_do_and_the_right_one_opens(
    open_page: Opener, person: TestPerson
) -> None:
    page = open_page()
    page.fill_sign_in(person.email, "not the password")
    expect(page.page.get_by_role("alert")).to_contain_text("ไม่ถูกต้อง")
    page.sign_in(person.email, PASSWORD)
    expect(page.page.get_by_text("อ่านครบทุกฉบับแล้ว")).to_be_visible()


def test_mail_appears_without_reload(system: System, person: TestPerson, mail: MailPage) -> None:
    subject = unique("ขอเชิญประชุมด่วน")
    mail.page.evaluate("window.notReloaded = true")
    deliver(system, person.email, letter(subject))
    expect(mail.row(subject)).to_be_visible()
    expect(mail.unread_count()).to_have_text("ยังไม่อ่าน 1 ฉบับ")
    expect(mail.page).to_have_title(re.compile(r"^\(1\) กล่องจดหมายเข้า"))
    mail.open_row(subject)
    expect(mail.reader.get_by_text("เพื่อโปรดทราบ")).to_be_visible()
    expect(mail.page).to_have_title(re.compile("^กล่องจดหมายเข้า"))
    assert mail.page.evaluate("window.notReloaded") is True


def test_a_reply_with_a_thai_file_name_leaves_the_house(
    system: System, person: TestPerson, mail: MailPage, outside: OutsideMailServer, tmp_path: Path
) -> None:
    subject, content = unique("ขอข้อมูลประกอบ"), os.urandom(200_000)
    (tmp_path / FILE_NAME).write_bytes(content)
    deliver(system, person.email, letter(subject))
    mail.open_row(subject)
    mail.page.keyboard.press("r")
    mail.write("ส่งเอกสารตามที่ขอครับ")
    mail.composer.locator("input[type=file]").set_input_files(tmp_path / FILE_NAME)
    expect(mail.composer.get_by_text("200 กิโลไบต์")).to_be_visible()
    mail.send()
    expect(mail.page.get_by_text("กำลังส่งจดหมาย")).to_be_visible()
    received = outside.take(SENDER)
    message = message_from_bytes(received.content, policy=policy.SMTP)
    assert message["Subject"] == f"Re: {subject}"
    (attachment,) = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == (FILE_NAME, content)
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "ส่งเอกสารตามที่ขอครับ" in plain.get_content()
    expect(mail.reader.get_by_role("button", name="ส่งแล้ว")).to_be_visible(timeout=60_000)


def test_a_refused_recipient_is_shown_with_the_remote_words(
    mail: MailPage, outside: OutsideMailServer
) -> None:
    address, subject = f"nobody-{os.urandom(3).hex()}@outside.test", unique("ทดสอบผู้รับผิด")
    outside.answers[address] = "550 5.1.1 No such person here"
    mail.compose(address, subject, "สวัสดี")
    mail.send()
    mail.go("ส่งแล้ว")
    mail.open_row(subject)
    state = mail.reader.get_by_role("button", name="ไม่สำเร็จ")
    expect(state).to_be_visible(timeout=60_000)
    state.click()
    expect(mail.reader.get_by_text("เครื่องปลายทางแจ้งว่า: 550 5.1.1 No such person here")).to_be_visible()
    mail.picture("desktop-delivery-failed")


def test_a_called_back_message_never_leaves_and_can_be_edited(
    mail: MailPage, outside: OutsideMailServer
) -> None:
    address, subject = f"far-{os.urandom(3).hex()}@outside.test", unique("ส่งผิดคน")
    mail.compose(address, subject, "ข้อความที่เปลี่ยนใจ")
    mail.send()
    mail.page.get_by_role("button", name="เลิกทำ").click()
    expect(mail.page.get_by_text("เรียกจดหมายคืนแล้ว")).to_be_visible()
    expect(mail.composer.get_by_text("ข้อความที่เปลี่ยนใจ")).to_be_visible()
    mail.go("ส่งแล้ว")
    expect(mail.page.get_by_text("ไม่มีจดหมายในกล่องนี้")).to_be_visible()
    mail.composer.get_by_role("button", name="ทิ้งฉบับร่าง").click()
    mail.go("ฉบับร่าง")
    expect(mail.page.get_by_text("ไม่มีจดหมายในกล่องนี้")).to_be_visible()
    assert not [message for message in outside.received if address in message.forward_paths]


def test_a_draft_saves_itself_and_survives_a_reload(mail: MailPage) -> None:
    subject = unique("ร่างหนังสือ")
    mail.compose("สุดา <suda@moi.go.test>", subject, "ย่อหน้าแรก")
    mail.expect_saved()
    mail.write(" และข้อความที่ยังไม่ทันบันทึก")
    mail.page.reload()
    mail.go("ฉบับร่าง")
    expect(mail.composer.get_by_text("ข้อความที่ยังไม่ทันบันทึก")).to_be_visible()
    mail.expect_saved()
    mail.composer.get_by_role("button", name="เก็บเป็นฉบับร่างและปิด").click()
    expect(mail.row(subject)).to_have_count(1)
    mail.row(subject).click()
    expect(mail.composer.get_by_label("เรื่อง")).to_have_value(subject)
    expect(mail.composer.get_by_text("ย่อหน้าแรก")).to_be_visible()


def test_putting_away_by_key_can_be_undone(system: System, person: TestPerson, mail: MailPage) -> None:
    first, second = unique("ฉบับที่หนึ่ง"), unique("ฉบับที่สอง")
    for subject in (first, second):
        deliver(system, person.email, letter(subject))
        expect(mail.row(subject)).to_be_visible()
    mail.open_row(second)
    mail.page.keyboard.press("#")
    expect(mail.row(second)).to_have_count(0)
    mail.page.keyboard.press("z")
    expect(mail.row(second)).to_be_visible()
    mail.open_row(first)
    mail.page.keyboard.press("s")
    expect(mail.reader.get_by_role("button", name="เอาดาวออก")).to_be_visible()
    mail.page.keyboard.press("e")
    expect(mail.row(first)).to_have_count(0)
    mail.go("คลังจดหมาย")
    expect(mail.row(first)).to_be_visible()


def test_spam_and_back(system: System, person: TestPerson, mail: MailPage) -> None:
    subject = unique("รับรางวัล")
    deliver(system, person.email, letter(subject))
    mail.open_row(subject)
    mail.page.get_by_role("toolbar").get_by_role("button", name="แจ้งว่าเป็นจดหมายขยะ").click()
    expect(mail.row(subject)).to_have_count(0)
    mail.go("จดหมายขยะ")
    mail.open_row(subject)
    mail.page.get_by_role("toolbar").get_by_role("button", name="ไม่ใช่จดหมายขยะ").click()
    mail.go("กล่องจดหมายเข้า")
    expect(mail.row(subject)).to_be_visible()


def test_search_finds_a_thai_word_inside_running_text(
    system: System, person: TestPerson, mail: MailPage
) -> None:
    wanted, other = unique("หนังสือที่หนึ่ง"), unique("หนังสือที่สอง")
    deliver(system, person.email, letter(wanted, "ขออนุมัติจัดซื้อเครื่องคอมพิวเตอร์จำนวนสิบเครื่อง"))
    deliver(system, person.email, letter(other, "ขออนุญาตลาพักผ่อนประจำปี"))
    expect(mail.row(other)).to_be_visible()
    mail.page.keyboard.press("/")
    mail.page.keyboard.type("คอมพิวเตอร์")
    mail.page.keyboard.press("Enter")
    expect(mail.page.get_by_role("heading", level=1)).to_contain_text("คอมพิวเตอร์")
    expect(mail.row(wanted)).to_be_visible()
    expect(mail.row(other)).to_have_count(0)
    mail.picture("desktop-search")


def test_the_language_changes_and_stays(mail: MailPage) -> None:
    mail.page.get_by_role("button", name=re.compile("บัญชีของ")).click()
    mail.page.get_by_role("menuitemradio", name="English").click()
    expect(mail.page.get_by_role("heading", level=1)).to_have_text("Inbox")
    expect(mail.page.locator("html")).to_have_attribute("lang", "en")
    mail.picture("desktop-english")
    mail.page.reload()
    expect(mail.page.get_by_role("heading", level=1)).to_have_text("Inbox")
    mail.page.get_by_role("button", name=re.compile("Account of")).click()
    mail.page.get_by_role("menuitem", name="Sign out").click()
    expect(mail.page.get_by_role("button", name="Sign in")).to_be_visible()
    mail.page.reload()
    expect(mail.page.get_by_role("button", name="Sign in")).to_be_visible()


def test_forwarding_takes_the_attachments_along(
    system: System, person: TestPerson, mail: MailPage, outside: OutsideMailServer
) -> None:
    subject, address = unique("เอกสารประกอบ"), f"copy-{os.urandom(3).hex()}@outside.test"
    message = letter(subject)
    message.add_attachment(b"%PDF-1.4 test", maintype="application", subtype="pdf", filename=FILE_NAME)
    deliver(system, person.email, message)
    mail.open_row(subject)
    mail.page.keyboard.press("f")
    expect(mail.composer.get_by_text(FILE_NAME)).to_be_visible()
    mail.composer.get_by_label("ถึง", exact=True).fill(address)
    mail.composer.get_by_label("ถึง", exact=True).press("Enter")
    mail.send()
    forwarded = message_from_bytes(outside.wait_for(address).content, policy=policy.SMTP)
    (attachment,) = forwarded.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == (FILE_NAME, b"%PDF-1.4 test")


@pytest.mark.parametrize("reason", ["network", "session"])
def test_no_text_is_lost(mail: MailPage, person: TestPerson, reason: str) -> None:
    subject = unique("เขียนอยู่แล้วหลุด")
    mail.compose("suda@moi.go.test", subject, "ก่อนหลุด")
    mail.expect_saved()
    if reason == "network":
        mail.page.context.set_offline(True)
    else:
        mail.page.context.clear_cookies()
    mail.write(" หลังหลุดแล้วยังเขียนต่อ")
    if reason == "network":
        expect(mail.composer.get_by_text("บันทึกไว้ในเครื่องนี้แล้ว")).to_be_visible()
        mail.picture("desktop-offline")
        mail.page.context.set_offline(False)
    else:
        dialog = mail.page.get_by_role("dialog", name="กรุณาเข้าสู่ระบบอีกครั้ง")
        expect(dialog).to_be_visible()
        mail.picture("desktop-expired")
        dialog.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
        dialog.get_by_role("button", name="เข้าสู่ระบบ").click()
        expect(dialog).to_have_count(0)
    mail.expect_saved()
    mail.page.evaluate("localStorage.clear()")
    mail.page.reload()
    mail.go("ฉบับร่าง")
    mail.row(subject).click()
    expect(mail.composer.get_by_text("หลังหลุดแล้วยังเขียนต่อ")).to_be_visible()
    expect(mail.row(subject)).to_have_count(1)


def test_a_folder_is_made_renamed_and_coloured_by_keyboard(mail: MailPage) -> None:
    page = mail.page
    page.get_by_role("button", name="สร้างแฟ้ม").press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("ตั้งชื่อแฟ้มก่อน")).to_be_visible()
    page.get_by_label("ชื่อแฟ้ม").fill("งบประมาณ ๒๕๗๐")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    folder = page.get_by_role("link", name="งบประมาณ ๒๕๗๐")
    expect(folder.locator(".icon")).to_have_css("color", "rgb(179, 38, 30)")
    page.get_by_role("button", name="สร้างแฟ้ม").click()
    page.get_by_label("ชื่อแฟ้ม").fill("งบประมาณ ๒๕๗๐")
    page.keyboard.press("Enter")
    expect(page.get_by_text("มีแฟ้มชื่อนี้แล้ว")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="แก้ไขแฟ้ม งบประมาณ ๒๕๗๐").click()
    page.get_by_label("ชื่อแฟ้ม").fill("งบลงทุน")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="งบลงทุน")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="งบลงทุน").locator(".icon")).to_have_css("color", "rgb(179, 38, 30)")


def test_a_person_goes_away_and_comes_back(mail: MailPage) -> None:
    page = mail.page

    def open_form() -> None:
        page.get_by_role("button", name=re.compile("บัญชีของ")).click()
        page.get_by_role("menuitem", name="ตอบอัตโนมัติเมื่อไม่อยู่").click()

    open_form()
    page.get_by_role("switch").check()
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_text("เขียนข้อความก่อน")).to_be_visible()
    page.get_by_label("ข้อความ").fill("ลาพักผ่อน")
    page.get_by_label("วันแรก").fill("2030-01-02")
    page.get_by_label("วันสุดท้าย").fill("2030-01-01")
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_text("วันสุดท้ายอยู่ก่อนวันแรก")).to_be_visible()
    page.get_by_label("วันสุดท้าย").fill("2030-01-05")
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_text("เปิดการตอบอัตโนมัติแล้ว")).to_be_visible()
    page.reload()
    open_form()
    expect(page.get_by_role("switch")).to_be_checked()
    expect(page.get_by_label("วันสุดท้าย")).to_have_value("2030-01-05")
    page.get_by_role("switch").uncheck()
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_text("ปิดการตอบอัตโนมัติแล้ว")).to_be_visible()


def test_a_rule_made_in_the_form_sorts_the_next_letter(
    system: System, person: TestPerson, mail: MailPage
) -> None:
    page, subject = mail.page, unique("เชิญประชุม")
    page.get_by_role("button", name=re.compile("บัญชีของ")).click()
    page.get_by_role("menuitem", name="กฎการคัดแยกจดหมาย").click()
    page.get_by_role("button", name="สร้างกฎ").click()
    page.get_by_label("ชื่อกฎ").fill("ประชุม")
    page.get_by_label("ส่วนที่ตรวจ").select_option(label="เรื่อง")
    page.get_by_label("ข้อความ", exact=True).fill("เชิญประชุม")
    page.get_by_label("ย้ายไปที่").select_option(label="คลังจดหมาย")
    page.get_by_label("ส่งต่อไปที่").fill("ไม่ใช่ที่อยู่")
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("alert")).to_contain_text("บันทึกกฎนี้ไม่ได้")
    page.get_by_label("ส่งต่อไปที่").fill("")
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("checkbox", name="ใช้กฎ ประชุม")).to_be_checked()
    page.get_by_role("dialog").get_by_role("button", name="ปิด").click()
    deliver(system, person.email, letter(subject))
    mail.go("คลังจดหมาย")
    expect(mail.row(subject)).to_be_visible()
