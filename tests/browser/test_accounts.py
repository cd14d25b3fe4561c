"""An office's mail beside one's own: the demo's reader looks in, marks for themselves, and comes back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.acceptance.system import System
from tests.browser.conftest import Opener

READER = "somchai@moi.go.test"
OFFICE = "saraban.klang@moi.go.test"


def test_a_reader_goes_to_the_office_and_back(system: System, open_page: Opener) -> None:
    mail = open_page()
    mail.sign_in(READER, system.account(READER).password)
    navigation = mail.page.get_by_role("navigation")
    own, office = (
        navigation.get_by_role("button", name=name, exact=True) for name in ("จดหมายของฉัน", OFFICE)
    )
    expect(own).to_have_attribute("aria-current", "true")
    office.focus()
    mail.page.keyboard.press("Enter")
    expect(office).to_have_attribute("aria-current", "true")
    expect(mail.rows.first).to_be_visible()
    expect(mail.page.get_by_role("button", name="เขียนจดหมาย")).to_have_count(0)
    mail.page.keyboard.press("c")
    expect(mail.page.get_by_role("alert")).to_be_visible()
    mail.picture("office")
    mail.page.reload()
    expect(office).to_have_attribute("aria-current", "true")
    own.click()
    expect(own).to_have_attribute("aria-current", "true")
    expect(mail.page.get_by_role("button", name="เขียนจดหมาย").first).to_be_visible()
