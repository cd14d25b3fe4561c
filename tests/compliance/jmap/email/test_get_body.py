"""Body parts and their values (rfc8621#4.1.4, #4.2), and the vendor properties for showing HTML safely."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from tests.compliance.jmap.email.session import MAIL_SAFETY, JmapSession

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PDF = b"%PDF-1.7\n" + bytes(range(255, -1, -1)) * 20


def letter_with_everything() -> bytes:
    """mixed(alternative(text, related(html, png)), pdf with a Thai name)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "a@example.test"
    message["Subject"] = "everything"
    message.set_content("สวัสดี\r\nข้อความ <ธรรมดา>\r\n")
    message.add_alternative(
        '<p>สวัสดี <b>HTML</b><img src="cid:pic@x"><img src="https://evil.example/t.gif"><script>x()</script></p>',
        subtype="html",
    )
    _, html = message.iter_parts()
    assert isinstance(html, EmailMessage)
    html.add_related(PNG, "image", "png", cid="<pic@x>", filename="รูป.png", disposition="inline")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="หนังสือราชการ ที่ ๕.pdf")
    return message.as_bytes()


@pytest.fixture
def email_id(jmap: JmapSession) -> str:
    created: str = jmap.import_(letter_with_everything())["id"]
    return created


def test_the_structure_is_a_tree_with_ids_for_leaves_only(jmap: JmapSession, email_id: str) -> None:
    tree = jmap.get(
        email_id, "bodyStructure", bodyProperties=["partId", "blobId", "type", "subParts", "size"]
    )["bodyStructure"]
    assert tree["type"] == "multipart/mixed"
    assert tree["partId"] is None
    assert tree["blobId"] is None
    alternative, pdf = tree["subParts"]
    text, related = alternative["subParts"]
    assert [text["type"], related["type"], pdf["type"]] == [
        "text/plain",
        "multipart/related",
        "application/pdf",
    ]
    assert [part["type"] for part in related["subParts"]] == ["text/html", "image/png"]
    assert pdf["size"] == len(PDF)
    assert len({part["partId"] for part in (text, *related["subParts"], pdf)}) == 4


def test_the_lists_decompose_the_tree(jmap: JmapSession, email_id: str) -> None:
    email = jmap.get(email_id, "textBody", "htmlBody", "attachments", "hasAttachment")
    assert [part["type"] for part in email["textBody"]] == ["text/plain"]
    assert [part["type"] for part in email["htmlBody"]] == ["text/html"]
    assert [part["type"] for part in email["attachments"]] == ["image/png", "application/pdf"]
    assert email["hasAttachment"] is True
    png, pdf = email["attachments"]
    assert png["cid"] == "pic@x"
    assert png["disposition"] == "inline"
    assert pdf["name"] == "หนังสือราชการ ที่ ๕.pdf"
    assert set(pdf) == {
        "partId", "blobId", "size", "name", "type", "charset", "disposition", "cid", "language", "location",
    }  # fmt: skip


def test_a_part_downloads_by_its_blob_id(jmap: JmapSession, email_id: str) -> None:
    png, pdf = jmap.get(email_id, "attachments")["attachments"]
    assert jmap.download(png["blobId"]) == PNG
    assert jmap.download(pdf["blobId"]) == PDF


def test_the_whole_message_comes_back_bit_for_bit(jmap: JmapSession) -> None:
    raw = letter_with_everything()
    created = jmap.import_(raw)
    assert jmap.download(created["blobId"]) == raw
    assert jmap.get(created["id"], "blobId")["blobId"] == created["blobId"]


def test_part_headers_are_fetched_on_request(jmap: JmapSession, email_id: str) -> None:
    names = [
        "partId",
        "headers",
        "header:Content-Type",
        "header:Content-ID:asMessageIds",
        "header:X-None:all",
    ]
    png, pdf = jmap.get(email_id, "attachments", bodyProperties=names)["attachments"]
    assert set(png) == set(names)
    assert png["header:Content-ID:asMessageIds"] == ["pic@x"]
    assert "image/png" in png["header:Content-Type"]
    assert pdf["header:X-None:all"] == []
    assert "Content-Disposition" in [field["name"] for field in pdf["headers"]]


def test_values_come_for_the_lists_asked_for(jmap: JmapSession, email_id: str) -> None:
    email = jmap.get(email_id, "textBody", "htmlBody", "bodyValues", fetchTextBodyValues=True)
    [text], [html] = email["textBody"], email["htmlBody"]
    assert email["bodyValues"] == {
        text["partId"]: {
            "value": "สวัสดี\nข้อความ <ธรรมดา>\n",
            "isEncodingProblem": False,
            "isTruncated": False,
        }
    }
    assert set(jmap.get(email_id, "bodyValues", fetchHTMLBodyValues=True)["bodyValues"]) == {html["partId"]}
    both = {text["partId"], html["partId"]}
    assert set(jmap.get(email_id, "bodyValues", fetchAllBodyValues=True)["bodyValues"]) == both
    assert jmap.get(email_id, "bodyValues")["bodyValues"] == {}


def test_a_value_is_cut_between_characters(jmap: JmapSession, email_id: str) -> None:
    for most in range(1, 30):
        [value] = jmap.get(email_id, "bodyValues", fetchTextBodyValues=True, maxBodyValueBytes=most)[
            "bodyValues"
        ].values()
        assert len(value["value"].encode()) <= most
        assert "สวัสดี\nข้อความ".startswith(value["value"])
        assert value["isTruncated"] is True


def test_an_html_value_is_cut_between_tags(jmap: JmapSession, email_id: str) -> None:
    for most in range(1, 120):
        [value] = jmap.get(email_id, "bodyValues", fetchHTMLBodyValues=True, maxBodyValueBytes=most)[
            "bodyValues"
        ].values()
        assert value["value"].count("<") == value["value"].count(">"), value


@pytest.mark.parametrize("charset", ["tis-620", "windows-874", "iso-8859-11"])
def test_old_thai_charsets_are_read(jmap: JmapSession, charset: str) -> None:
    body = "หนังสือราชการ".encode("cp874")
    raw = b"Subject: x\r\nContent-Type: text/plain; charset=" + charset.encode() + b"\r\n\r\n" + body
    email = jmap.get(jmap.import_(raw)["id"], "textBody", "bodyValues", "preview", fetchTextBodyValues=True)
    [value] = email["bodyValues"].values()
    assert value["value"] == "หนังสือราชการ"
    assert value["isEncodingProblem"] is False
    assert email["textBody"][0]["charset"] == charset
    assert email["preview"] == "หนังสือราชการ"


def test_a_damaged_text_says_so(jmap: JmapSession) -> None:
    raw = b"Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nab\xff\xfecd\x00"
    [value] = jmap.get(jmap.import_(raw)["id"], "bodyValues", fetchAllBodyValues=True)["bodyValues"].values()
    assert value["isEncodingProblem"] is True
    assert "\x00" not in value["value"]


def test_safe_html_is_sanitised_and_shows_its_own_pictures(jmap: JmapSession, email_id: str) -> None:
    jmap.using.append(MAIL_SAFETY)
    email = jmap.get(email_id, "pirab:safeHtml", "pirab:hasRemoteResources", "attachments")
    html = email["pirab:safeHtml"]
    assert "<b>HTML</b>" in html
    assert "script" not in html
    assert f"/jmap/download/{jmap.account}/{email['attachments'][0]['blobId']}/" in html
    assert ' src="https://evil.example' not in html
    assert email["pirab:hasRemoteResources"] is True


def test_text_is_shown_as_html_where_there_is_no_html(jmap: JmapSession) -> None:
    jmap.using.append(MAIL_SAFETY)
    raw = b"Subject: x\r\n\r\n<b>a & b</b> see https://go.test/x?a=1&b=2. javascript:alert(1)\r\n"
    email = jmap.get(jmap.import_(raw)["id"], "pirab:safeHtml", "pirab:hasRemoteResources")
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in email["pirab:safeHtml"]
    assert 'href="https://go.test/x?a=1&amp;b=2"' in email["pirab:safeHtml"]
    assert 'href="javascript' not in email["pirab:safeHtml"]
    assert email["pirab:hasRemoteResources"] is False


def test_a_message_without_a_body_has_no_safe_html(jmap: JmapSession) -> None:
    jmap.using.append(MAIL_SAFETY)
    raw = b"Subject: x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    email_id = jmap.import_(raw + base64.b64encode(PDF))["id"]
    assert jmap.get(email_id, "pirab:safeHtml")["pirab:safeHtml"] is None
