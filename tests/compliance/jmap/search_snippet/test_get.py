"""SearchSnippet/get (rfc8621#5)."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from pirab.core.ids import IdKind, decode_id
from pirab.jmap.capabilities import SEARCH
from pirab.store import actions as store
from pirab.store import queries
from tests.compliance.jmap.email.session import USING, JmapSession
from tests.conftest import letter

FAR = "คำนำยาวมาก " * 60


def _snippet(jmap: JmapSession, email_id: str, condition: Any) -> dict[str, Any]:
    result = jmap.call("SearchSnippet/get", filter=condition, emailIds=[email_id])
    assert result["notFound"] is None
    [snippet] = result["list"]
    assert set(snippet) == {"emailId", "subject", "preview"}
    assert snippet["preview"] is None or len(snippet["preview"].encode()) <= 255
    found: dict[str, Any] = snippet
    return found


def test_thai_is_marked_in_the_subject_and_deep_in_the_text(jmap: JmapSession) -> None:
    raw = letter("เชิญประชุมคณะกรรมการ", FAR + "โปรดเข้าร่วมประชุมคณะกรรมการในวันที่ ๒๔ พฤศจิกายน " + FAR)
    snippet = _snippet(jmap, jmap.import_(raw)["id"], {"text": "ประชุม"})
    assert snippet["subject"] == "เชิญ<mark>ประชุม</mark>คณะกรรมการ"
    assert "<mark>ประชุม</mark>คณะกรรมการในวันที่" in snippet["preview"]
    assert snippet["preview"].startswith("…")
    assert snippet["preview"].endswith("…")


def test_words_typed_in_one_run_are_marked_where_they_stand_apart(jmap: JmapSession) -> None:
    email_id = jmap.import_(letter("x", "ประชุมใหญ่ของคณะกรรมการ"))["id"]
    found = jmap.call("Email/query", filter={"text": "ประชุมคณะกรรมการ"})["ids"]
    assert found == [email_id]
    preview = _snippet(jmap, email_id, {"text": "ประชุมคณะกรรมการ"})["preview"]
    assert preview == "<mark>ประชุม</mark>ใหญ่ของ<mark>คณะกรรมการ</mark>"


def test_thai_digits_and_letter_case_do_not_matter(jmap: JmapSession) -> None:
    email_id = jmap.import_(letter("นร ๐๕๐๖/ว ๕", "The Foosball Competition"))["id"]
    assert _snippet(jmap, email_id, {"text": "0506"})["subject"] == "นร <mark>๐๕๐๖</mark>/ว ๕"
    assert "<mark>Foos</mark>ball" in _snippet(jmap, email_id, {"text": "foos"})["preview"]


def test_markup_in_a_letter_stays_text(jmap: JmapSession) -> None:
    raw = letter("<script>alert(1)</script> & foo", "if a < b && c > d then foo <b>")
    snippet = _snippet(jmap, jmap.import_(raw)["id"], {"text": "foo"})
    assert snippet["subject"] == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; <mark>foo</mark>"
    assert "a &lt; b &amp;&amp; c &gt; d then <mark>foo</mark> &lt;b&gt;" in snippet["preview"]


def test_html_is_searched_as_text(jmap: JmapSession) -> None:
    raw = (
        b"Subject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><p class=foo>"
        + ("คำนำ" * 200).encode()
        + b" the <b>needle</b> here</p>"
    )
    email_id = jmap.import_(raw)["id"]
    assert "the <mark>needle</mark> here" in _snippet(jmap, email_id, {"body": "needle"})["preview"]
    assert _snippet(jmap, email_id, {"body": "style"})["preview"] is None


def test_each_condition_marks_where_it_looks(jmap: JmapSession) -> None:
    email_id = jmap.import_(letter("word in subject", "word in body"))["id"]
    subject, preview = "<mark>word</mark> in subject", "<mark>word</mark> in body"
    expected: list[tuple[Any, str | None, str | None]] = [
        ({"subject": "word"}, subject, None),
        ({"body": "word"}, None, preview),
        ({"text": "word"}, subject, preview),
        ({"from": "word"}, None, None),
        ({"hasKeyword": "word"}, None, None),
        ({}, None, None),
        (None, None, None),
        ({"operator": "NOT", "conditions": [{"text": "word"}]}, None, None),
        ({"operator": "OR", "conditions": [{"body": "word"}, {"body": "zzz"}]}, None, preview),
        ({"text": '"in body" nothing'}, None, "word <mark>in body</mark>"),
    ]
    for condition, wanted_subject, wanted_preview in expected:
        snippet = _snippet(jmap, email_id, condition)
        assert (snippet["subject"], snippet["preview"]) == (wanted_subject, wanted_preview), condition


def test_words_are_not_marked_inside_others(jmap: JmapSession) -> None:
    email_id = jmap.import_(letter("x", "robust business"))["id"]
    assert _snippet(jmap, email_id, {"text": "bus"})["preview"] == "robust <mark>bus</mark>iness"


def test_unknown_emails_are_not_found(jmap: JmapSession, stranger_jmap: JmapSession) -> None:
    email_id = jmap.import_(letter())["id"]
    result = stranger_jmap.call(
        "SearchSnippet/get", filter={"text": "x"}, emailIds=[email_id, "e1", "nonexistent-email-xyz"]
    )
    assert result["list"] == []
    assert set(result["notFound"]) == {email_id, "e1", "nonexistent-email-xyz"}


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({}, "invalidArguments"),
        ({"emailIds": None}, "invalidArguments"),
        ({"emailIds": [], "filter": []}, "invalidArguments"),
        ({"emailIds": [], "filter": {"nosuch": 1}}, "unsupportedFilter"),
        ({"emailIds": [f"e{number}" for number in range(10_000)]}, "requestTooLarge"),
    ],
)
def test_bad_arguments_are_refused(jmap: JmapSession, arguments: dict[str, Any], kind: str) -> None:
    assert jmap.error("SearchSnippet/get", **arguments)["type"] == kind


@pytest.mark.parametrize(
    "text", ["(((", "[a-z]*", "\\", '"', "<b>", "&amp;", "…", "\u0e31", "a" * 5000, "x " * 4000]
)
def test_hostile_texts_do_no_harm(jmap: JmapSession, text: str) -> None:
    email_id = jmap.import_(letter("(((<b>&amp;", "a" * 3000 + " [a-z]* \\ ั"))["id"]
    snippet = _snippet(jmap, email_id, {"text": text})
    for shown in (snippet["subject"], snippet["preview"]):
        assert "<b>" not in (shown or "")


def _hits(jmap: JmapSession, email_id: str, condition: Any) -> list[tuple[str, str]]:
    jmap.using = [*USING, SEARCH]
    [snippet] = jmap.call("SearchSnippet/get", filter=condition, emailIds=[email_id])["list"]
    assert set(snippet) == {"emailId", "subject", "preview", "pirab:hits"}
    return [(hit["field"], hit["text"]) for hit in snippet["pirab:hits"]]


def _letter_with_names() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "สมศรี ใจงาม <somsri@moi.go.test>"
    message["To"] = "prasert@mof.go.test"
    message["Cc"] = "ประเสริฐ มั่นคง <p@mof.go.test>, nobody@example.test"
    message["Subject"] = "เรื่องทั่วไป"
    message.set_content("เนื้อความ")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="งบประมาณ ๒๕๖๙ <ร่าง>.pdf")
    return message


def test_people_and_attachments_are_told_to_those_who_ask_for_it(jmap: JmapSession) -> None:
    email_id = jmap.import_(_letter_with_names().as_bytes(policy=SMTP))["id"]
    cc = ("cc", "<mark>ประเสริฐ</mark> มั่นคง &lt;p@mof.go.test&gt;")
    name = ("attachmentName", "<mark>งบประมาณ</mark> <mark>๒๕๖๙</mark> &lt;ร่าง&gt;.pdf")
    expected: list[tuple[Any, list[tuple[str, str]]]] = [
        ({"cc": "ประเสริฐ"}, [cc]),
        ({"text": "ประเสริฐ"}, [cc]),
        ({"to": "ประเสริฐ"}, []),
        ({"from": "somsri"}, [("from", "สมศรี ใจงาม &lt;<mark>somsri</mark>@moi.go.test&gt;")]),
        ({"to": "prasert"}, [("to", "<mark>prasert</mark>@mof.go.test")]),
        ({"searchText": "filename:งบประมาณ filename:2569"}, [name]),
        ({"subject": "ประเสริฐ"}, []),
        ({"operator": "NOT", "conditions": [{"cc": "ประเสริฐ"}]}, []),
        ({}, []),
    ]
    for condition, wanted in expected:
        assert _hits(jmap, email_id, condition) == wanted, condition


def test_what_an_attachment_says_is_told_where_nothing_else_is(jmap: JmapSession) -> None:
    email_id = jmap.import_(_letter_with_names().as_bytes(policy=SMTP))["id"]
    key = decode_id(IdKind.EMAIL, email_id)
    [row] = queries.email_rows(jmap.member.account_id, [key])
    store.set_attachment_text(row.message_id, FAR + " แผนพัฒนา <เชียงใหม่> เนื้อความ " + FAR, "read")
    [(field, text)] = _hits(jmap, email_id, {"text": "เชียงใหม่"})
    assert field == "attachmentText"
    assert "&lt;<mark>เชียงใหม่</mark>&gt;" in text
    assert _hits(jmap, email_id, {"text": "เนื้อความ"}) == []


def test_a_letter_to_very_many_tells_only_some(jmap: JmapSession) -> None:
    people = ", ".join(f"word{number}@example.test" for number in range(300))
    email_id = jmap.import_(letter("x", to=people))["id"]
    assert len(_hits(jmap, email_id, {"to": "word1"})) == 20
