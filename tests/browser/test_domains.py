"""A domain is brought, proven, published, taken into use, and its keys are changed: in a browser, with a real DNS."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.acceptance.outside import NameServer
from tests.acceptance.people import _run, open_account
from tests.acceptance.system import System
from tests.browser.client import MailPage
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.test_screens import check

_ADMINISTRATOR = """
import json, sys
import django
django.setup()
from django.db import transaction
from pirab.directory import actions, queries
from pirab.directory.types import DutyKind
from pirab.signin import sessions
from pirab.signin.types import Strength
person = queries.person_with_login(json.loads(sys.stdin.read())).id
agency = actions.ensure_agency("Domains", "กรมทดสอบโดเมน")
actions.appoint(person, agency, DutyKind.ADMINISTRATOR)
print(sessions.open_session(person, Strength.STRONG))
"""


def console(system: System, mail: MailPage, path: str) -> None:
    """Open the console as an administrator who showed two things a moment ago."""
    admin = open_account(system, f"admin-{os.urandom(3).hex()}@moi.go.test")
    session = _run(system, _ADMINISTRATOR, admin.email)
    mail.page.context.add_cookies([{"name": "pirab_session", "value": session, "url": system.url}])
    mail.page.goto(f"{system.url}{path}")


def publish(nameserver: NameServer, zone: str) -> None:
    """What a zone file has, as the name server takes it."""
    origin = ""
    for line in zone.splitlines():
        if line.startswith("$ORIGIN"):
            origin = line.split()[1].rstrip(".")
        if line[0] in ";$":
            continue
        owner, _, kind, value = line.split("\t")
        name = origin if owner == "@" else f"{owner}.{origin}"
        if kind == "TXT":
            nameserver.publish_text(name, value.replace('" "', "").strip('"'))
        elif kind == "MX":
            nameserver.publish(f"mx-host={name},{value.split()[1].rstrip('.')},10")
        elif kind == "CNAME":
            nameserver.publish(f"host-record={name},127.0.0.9", f"host-record={value.rstrip('.')},127.0.0.9")


def download(page: Page, name: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_text()


@pytest.mark.parametrize(("kind", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_a_domain_is_brought_and_kept(
    system: System, nameserver: NameServer, open_page: Opener, axe: str, kind: str, size: ViewportSize
) -> None:
    mail = open_page(size)
    page, domain = mail.page, f"b{os.urandom(3).hex()}.go.test"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    console(system, mail, "/console/domains")
    page.get_by_role("button", name="เพิ่มโดเมน").first.click()
    page.get_by_label("ชื่อโดเมน").fill("go.th")
    page.get_by_role("button", name="เพิ่ม", exact=True).click()
    expect(page.get_by_text("ชื่อนี้สงวนไว้")).to_be_visible()
    check(mail, axe, f"{kind}-domain-new")
    page.get_by_label("ชื่อโดเมน").fill(domain)
    page.get_by_role("button", name="เพิ่ม", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(domain)
    check(mail, axe, f"{kind}-domain-claimed")

    page.get_by_role("button", name="คัดลอก ค่าของ TXT").click()
    proof = page.evaluate("navigator.clipboard.readText()")
    nameserver.publish_text(f"_pirab.{domain}", proof)
    page.get_by_role("button", name="ตรวจทุกระเบียน").click()
    expect(page.get_by_role("heading", name="กุญแจลงนาม (DKIM)")).to_be_visible()
    check(mail, axe, f"{kind}-domain-proven")

    publish(nameserver, download(page, "ดาวน์โหลดไฟล์โซน"))
    page.get_by_role("button", name="ตรวจทุกระเบียน").click()
    expect(page.get_by_text("ตรวจครบแล้ว")).to_be_visible()
    page.get_by_role("button", name="เริ่มรับจดหมาย").click()
    expect(page.get_by_text("ระบบรับจดหมายของโดเมนนี้แล้ว")).to_be_visible()
    check(mail, axe, f"{kind}-domain-taken")

    page.get_by_role("button", name="เปลี่ยนกุญแจ").click()
    expect(page.get_by_text("รอเพิ่มใน DNS").first).to_be_visible()
    publish(nameserver, download(page, "ดาวน์โหลดไฟล์โซน"))
    page.get_by_role("button", name="ตรวจทุกระเบียน").click()
    expect(page.get_by_text("เลิกใช้ รอ 7 วัน").first).to_be_visible()
    page.get_by_text("ประวัติ", exact=True).click()
    check(mail, axe, f"{kind}-domain-rotated")


def test_the_page_speaks_english(system: System, open_page: Opener, axe: str) -> None:
    mail = open_page(DESKTOP)
    mail.page.evaluate("localStorage.setItem('pirab.language', 'en')")
    console(system, mail, "/console/domains")
    expect(mail.page.get_by_role("heading", level=1)).to_be_visible()
    check(mail, axe, "desktop-domains-list")
