"""The directory in the browser: found while typing, by keys alone, and a letter to a post."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.acceptance.system import System
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.test_screens import check

OFFICIAL = "somchai@moi.go.test"


@pytest.mark.parametrize(("kind", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_an_official_is_found_and_written_to(
    system: System, open_page: Opener, axe: str, kind: str, size: ViewportSize
) -> None:
    page = open_page(size)
    page.sign_in(OFFICIAL, system.account(OFFICIAL).password)
    expect(page.rows.first).to_be_visible()
    if kind == "phone":
        page.page.get_by_role("button", name="เปิดเมนู").click()
    page.page.get_by_role("link", name="นามสงเคราะห์").click()
    field = page.page.get_by_role("textbox", name="ค้นหาบุคคล")
    expect(field).to_be_focused()
    expect(page.page.get_by_role("link", name="กระทรวงมหาดไทย").first).to_be_visible()
    check(page, axe, f"{kind}-people")

    field.press_sequentially("วิชัย มั")
    found = page.page.get_by_role("link", name="วิชัย มั่นคง")
    expect(found).to_be_visible()
    check(page, axe, f"{kind}-people-found")
    field.press("ArrowDown")
    expect(found).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(page.page.get_by_text("wichai@moi.go.test")).to_be_visible()
    check(page, axe, f"{kind}-person")

    page.page.get_by_role("definition").get_by_role("link").first.click()
    post = page.page.get_by_role("button", name="เขียนถึงตำแหน่ง").first
    expect(post).to_be_visible()
    check(page, axe, f"{kind}-unit")
    post.click()
    expect(page.composer).to_contain_text("ผู้อำนวยการกองคลัง")
