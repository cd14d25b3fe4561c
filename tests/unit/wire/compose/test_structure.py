"""Arbitrary trees: every octet of every leaf arrives, whatever it is."""

import re

import pytest

from pirab.wire.compose import ComposeError, MimeNode, compose_structure, raw_field
from pirab.wire.mime import decode_part, parse_message
from tests.unit.wire.trees import leaves_of

_CONTENTS = [
    b"",
    b"\r\n",
    b"ascii\r\n",
    b"ascii without an end",
    b"bare\nline\rbreaks",
    b"trailing space \r\nand tab\t\r\n",
    b"From the start\r\n.\r\n..\r\n--\r\n",
    b"x" * 5000,
    b"x" * 998 + b"\r\n",
    b"x" * 999 + b"\r\n",
    "ภาษาไทย\r\n".encode() * 100,
    "ภาษาไทยไม่มีท้ายบรรทัด".encode(),
    ("a" * 900 + "é\r\n").encode(),
    "é".encode() + b"a" * 3000,
    bytes(range(256)),
    b"\0",
    b"=3D=\r\n=",
    b"--=_\r\n--=_--\r\n",
]


@pytest.mark.parametrize("content", _CONTENTS, ids=range(len(_CONTENTS)))
@pytest.mark.parametrize(
    "kind", ["text/plain", "text/html", "application/octet-stream", "message/rfc822", "image/png"]
)
def test_octets_arrive(content: bytes, kind: str) -> None:
    for node in (
        MimeNode(kind, content=content),
        MimeNode(
            "multipart/mixed", children=(MimeNode(kind, content=content), MimeNode(kind, content=content))
        ),
    ):
        raw = compose_structure(node)
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", raw)
        assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
        for leaf in leaves_of(parse_message(raw).root):
            assert decode_part(raw, leaf) == content
            assert leaf.size == len(content)


def test_text_gets_crlf_and_utf8() -> None:
    raw = compose_structure(MimeNode("text/plain", content="หนึ่ง\nสอง\rสาม\r\nจบ\ud800\0"))
    root = parse_message(raw).root
    assert decode_part(raw, root).decode() == "หนึ่ง\r\nสอง\r\nสาม\r\nจบ\ufffd\ufffd\r\n"
    assert root.charset == "utf-8"


def test_an_enclosed_message_is_not_encoded() -> None:
    inner = "Subject: ไทย\r\n\r\nเนื้อความ\r\n".encode()
    raw = compose_structure(
        MimeNode("multipart/mixed", children=(MimeNode("message/rfc822", content=inner),))
    )
    (leaf,) = leaves_of(parse_message(raw).root)
    assert (leaf.type, leaf.encoding, parse_message(raw).root.encoding) == ("message/rfc822", "8bit", "8bit")


def test_an_enclosed_message_that_cannot_travel_bare() -> None:
    raw = compose_structure(MimeNode("message/rfc822", content=b"Subject: x\n\nbare\n"))
    root = parse_message(raw).root
    assert (root.type, root.encoding) == ("message/global", "base64")  # rfc6532#3.7


def test_a_boundary_occurs_in_no_part() -> None:
    inner = MimeNode("multipart/mixed", children=(MimeNode(content="x"),))
    first = compose_structure(MimeNode("multipart/mixed", children=(inner,)))
    outer = MimeNode("multipart/mixed", children=(MimeNode("message/rfc822", content=first), inner))
    raw = compose_structure(outer)
    message = parse_message(raw)
    assert message.defects == ()
    assert decode_part(raw, message.root.sub_parts[0]) == first


def test_every_property_comes_back() -> None:
    leaf = MimeNode(
        "text/plain",
        content="ข้อความ",
        disposition="inline",
        name="ชื่อ.txt",
        cid="a@b",
        language=("th", "en"),
        location="https://x.test/a",
        headers=(raw_field("X-A", "1"),),
    )
    raw = compose_structure(MimeNode("multipart/mixed", children=(leaf,)))
    (part,) = leaves_of(parse_message(raw).root)
    assert (part.disposition, part.name, part.cid) == ("inline", "ชื่อ.txt", "a@b")
    assert (part.language, part.location) == (("th", "en"), "https://x.test/a")


@pytest.mark.parametrize(
    "name",
    [
        "a.pdf",
        'q"\\.pdf',
        "ก" * 200 + ".pdf",
        "=?utf-8?q?x?=",
        "a;b=c.pdf",
        "a'b.pdf",
        " x",
        "x" * 300,
        "😀.png",
    ],
)
def test_file_names_come_back(name: str) -> None:
    raw = compose_structure(MimeNode("application/pdf", content=b"", name=name))
    assert parse_message(raw).root.name == name.strip()
    assert raw.isascii()


def test_control_characters_leave_file_names() -> None:
    raw = compose_structure(MimeNode("application/pdf", content=b"", name="a\r\nBcc: x\0.pdf"))
    message = parse_message(raw)
    assert message.bcc is None
    assert message.root.name == "a  Bcc: x\ufffd.pdf"


@pytest.mark.parametrize(
    "node",
    [
        MimeNode("multipart/mixed"),
        MimeNode("multipart/mixed", children=(MimeNode(content="x"),), content="y"),
        MimeNode("text/plain", children=(MimeNode(content="x"),)),
        MimeNode("text/plain; charset=utf-8", content="x"),
        MimeNode("text/plain", content="x", headers=(raw_field("Content-Transfer-Encoding", "7bit"),)),
        MimeNode(
            "multipart/mixed",
            children=(MimeNode(content="x"),),
            headers=(raw_field("Content-Type", "text/plain"),),
        ),
        MimeNode("text/plain", content="x", parameters=(("a b", "c"),)),
        MimeNode("text/plain", content="x", parameters=(("a", "c\r\nd"),)),
        MimeNode("text/plain", content="x", language=("th\r\n",)),
        MimeNode("text/plain", content="x", location="a b"),
    ],
)
def test_trees_that_cannot_be_written(node: MimeNode) -> None:
    with pytest.raises(ComposeError):
        compose_structure(node)


def test_nesting_has_an_end() -> None:
    node = MimeNode(content="x")
    for _ in range(200):
        node = MimeNode("multipart/mixed", children=(node,))
    with pytest.raises(ComposeError):
        compose_structure(node)


def test_a_leaf_may_bring_its_own_content_type() -> None:
    raw = compose_structure(
        MimeNode("text/x-special", content=b"x", headers=(raw_field("Content-Type", "text/x-special; a=b"),))
    )
    assert raw.count(b"Content-Type") == 1
