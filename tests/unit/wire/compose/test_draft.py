"""Letters from drafts, read back by the reader."""

import email
import email.policy
import re
from datetime import UTC, datetime

import pytest

from pirab.wire.compose import (
    Attachment,
    ComposeError,
    Draft,
    compose,
    prepend_fields,
    raw_field,
    remove_fields,
    strip_bcc,
)
from pirab.wire.mime import decode_part, header_fields, parse_message, part_text
from pirab.wire.types import Address
from tests.unit.wire.trees import leaves_of

_NAME = "หนังสือเชิญประชุมคณะกรรมการพิจารณาแผนงานประจำปีงบประมาณ (ฉบับที่ ๑).pdf"
_DRAFT = Draft(
    from_=(Address("สมชาย ใจดี", "somchai@moi.go.test"),),
    to=(Address("สมศรี, มีสุข", "somsri@mof.go.test"),),
    bcc=(Address(None, "secret@mof.go.test"),),
    subject="ขอเชิญประชุม",
    message_id="1@moi.go.test",
    in_reply_to=("0@mof.go.test",),
    references=("00@mof.go.test", "0@mof.go.test"),
    date=datetime(2026, 11, 24, 12, tzinfo=UTC),
    text="เรียน ท่านผู้อำนวยการ\n\nจึงเรียนมาเพื่อทราบ\n",
    html='<p>เรียน <img src="cid:logo@x"></p>',
    attachments=(
        Attachment("application/pdf", _NAME, bytes(range(256))),
        Attachment("image/png", "logo.png", b"\x89PNG", cid="logo@x", disposition="inline"),
    ),
)


def _assert_sendable(raw: bytes) -> None:
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", raw)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_a_full_letter_comes_back() -> None:
    raw = compose(_DRAFT)
    _assert_sendable(raw)
    assert raw.isascii()
    message = parse_message(raw)
    assert message.defects == ()
    assert (message.from_, message.to, message.bcc) == (_DRAFT.from_, _DRAFT.to, _DRAFT.bcc)
    assert (message.subject, message.message_id, message.references) == (
        "ขอเชิญประชุม",
        ("1@moi.go.test",),
        _DRAFT.references,
    )
    assert message.sent_at == _DRAFT.date
    text, html, logo, pdf = leaves_of(message.root)
    assert part_text(raw, text).text == _DRAFT.text
    assert part_text(raw, html).text.rstrip("\n") == _DRAFT.html
    assert (logo.cid, logo.disposition, decode_part(raw, logo)) == ("logo@x", "inline", b"\x89PNG")
    assert (pdf.name, pdf.disposition, decode_part(raw, pdf)) == (_NAME, "attachment", bytes(range(256)))
    assert (message.text_body, message.html_body, message.attachments) == (("1",), ("2",), ("3", "4"))


def test_other_readers_agree() -> None:
    message = email.message_from_bytes(compose(_DRAFT), policy=email.policy.default)
    assert message["subject"] == "ขอเชิญประชุม"
    assert message["to"].addresses[0].display_name == "สมศรี, มีสุข"
    assert [part.get_filename() for part in message.walk() if part.get_filename()] == ["logo.png", _NAME]
    assert not message.defects


def test_the_same_draft_gives_the_same_octets() -> None:
    assert compose(_DRAFT) == compose(_DRAFT)


def test_bcc_stays_in_the_draft_and_leaves_the_copy_that_is_sent() -> None:
    raw = compose(_DRAFT)
    sent = strip_bcc(raw)
    assert b"secret@" in raw
    assert b"secret@" not in sent
    assert parse_message(sent).bcc is None
    assert sent.partition(b"\r\n\r\n")[2] == raw.partition(b"\r\n\r\n")[2]


def test_only_header_fields_called_bcc_go() -> None:
    raw = b"BCC : a@b\r\n c@d\r\nX-Bcc: keep\r\nResent-Bcc: e@f\nSubject: x\r\n\r\nBcc: in the body\r\n"
    assert strip_bcc(raw) == b"X-Bcc: keep\r\nSubject: x\r\n\r\nBcc: in the body\r\n"
    assert strip_bcc(b"\r\nBcc: body") == b"\r\nBcc: body"
    assert strip_bcc(b"Bcc: a") == b""
    assert strip_bcc(b"") == b""


def test_fields_on_top_and_fields_away() -> None:
    raw = b"Subject: x\r\n\r\n"
    assert prepend_fields(raw, (raw_field("X-A", "1"),)) == b"X-A: 1\r\nSubject: x\r\n\r\n"
    assert remove_fields(raw, ("subject",)) == b"\r\n"


@pytest.mark.parametrize(
    ("draft", "kinds"),
    [
        (Draft(), ["text/plain"]),
        (Draft(text="x"), ["text/plain"]),
        (Draft(html="<p>x"), ["text/plain", "text/html"]),
        (Draft(text="x", attachments=(Attachment("text/plain", None, b"y"),)), ["text/plain", "text/plain"]),
        (
            Draft(
                text="x", attachments=(Attachment("image/png", None, b"y", cid="a@b", disposition="inline"),)
            ),
            ["text/plain", "image/png"],
        ),
    ],
)
def test_shapes(draft: Draft, kinds: list[str]) -> None:
    raw = compose(draft)
    _assert_sendable(raw)
    assert [part.type for part in leaves_of(parse_message(raw).root)] == kinds


def test_ids_of_others_that_cannot_be_written_are_left_out() -> None:
    raw = compose(Draft(references=("good@x", "bad id@x", "ก@x", "a\r\nBcc: y"), in_reply_to=("<>",)))
    message = parse_message(raw)
    assert (message.references, message.in_reply_to, message.bcc) == (("good@x",), None, None)


def test_long_references_keep_the_first_and_the_last() -> None:
    references = parse_message(compose(Draft(references=tuple(f"{n}@x" for n in range(500))))).references
    assert references is not None
    assert (len(references), references[0], references[-1]) == (50, "0@x", "499@x")


def test_eai_addresses_make_utf8_fields() -> None:
    raw = compose(Draft(to=(Address("สมชาย", "สมชาย@ทดสอบ.ไทย"),)))
    assert "สมชาย@ทดสอบ.ไทย".encode() in raw
    assert parse_message(raw).to == (Address("สมชาย", "สมชาย@ทดสอบ.ไทย"),)


@pytest.mark.parametrize(
    "draft",
    [
        Draft(subject="a\r\nBcc: x@y.test"),
        Draft(to=(Address("a\nb", "a@b.test"),)),
        Draft(message_id="a b"),
        Draft(extra_headers=(("Bcc", "x@y.test"),)),
        Draft(extra_headers=(("X-A\r\nBcc", "x"),)),
        Draft(extra_headers=(("X-A", "x\nBcc: y"),)),
        Draft(attachments=(Attachment("text/plain\r\nBcc: x", "a", b""),)),
        Draft(attachments=(Attachment("nonsense", "a", b""),)),
        Draft(attachments=(Attachment("image/png", "a", b"", disposition="a\r\nb"),)),
        Draft(attachments=(Attachment("image/png", "a", b"", cid="a\r\nb"),)),
        Draft(attachments=(Attachment("text/plain", "a", b"", charset="x\r\ny"),)),
        Draft(date=datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_written(draft: Draft) -> None:
    with pytest.raises(ComposeError):
        compose(draft)


def test_extra_headers() -> None:
    raw = compose(Draft(extra_headers=(("X-Priority", "1"), ("X-Note", "หมายเหตุ"))))
    names = [field.name for field in header_fields(raw, parse_message(raw).root)]
    assert names[:2] == ["X-Priority", "X-Note"]
