"""The tree of well-formed and sloppy messages."""

import pytest

from pirab.wire.mime import decode_part, header_fields, parse_message
from tests.unit.wire.trees import assert_ranges_fit, leaves_of

_NESTED = (
    b'Subject: x\r\nContent-Type: multipart/mixed; boundary="out er"\r\n\r\npreamble\r\n'
    b"--out er\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n"
    b"--in\r\n\r\nplain\r\n--in\r\nContent-Type: text/html\r\n\r\n<p>x\r\n--in--\r\ninner epilogue\r\n"
    b"--out er\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"JVBERg==\r\n--out er--\r\nepilogue\r\n"
)


def test_nested_multiparts_become_a_tree_with_exact_ranges() -> None:
    message = parse_message(_NESTED)
    assert message.root.type == "multipart/mixed"
    assert [part.type for part in message.root.sub_parts] == ["multipart/alternative", "application/pdf"]
    plain, html, pdf = leaves_of(message.root)
    assert [decode_part(_NESTED, part) for part in (plain, html, pdf)] == [b"plain", b"<p>x", b"%PDF"]
    assert (pdf.name, pdf.size, pdf.encoding, pdf.charset) == ("a.pdf", 4, "base64", None)
    assert (message.text_body, message.html_body, message.attachments) == (("1",), ("2",), ("3",))
    assert message.defects == ()
    assert_ranges_fit(message.root, len(_NESTED))


def test_bare_line_feeds_give_the_same_tree() -> None:
    crlf, lf = parse_message(_NESTED), parse_message(_NESTED.replace(b"\r\n", b"\n"))
    assert [part.size for part in leaves_of(crlf.root)] == [part.size for part in leaves_of(lf.root)]
    assert crlf.preview == lf.preview == "plain"


def test_the_line_break_before_a_boundary_belongs_to_the_boundary() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n\r\n--b\r\n\r\n--b--\r\n"
    one, empty = leaves_of(parse_message(raw).root)
    assert decode_part(raw, one) == b"one\r\n"
    assert decode_part(raw, empty) == b""


def test_a_bare_carriage_return_ends_no_line() -> None:
    raw = (
        b"Subject: a\rBcc: evil@x.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\n\r\nx\r--b\ry\r\n--b--\r\n"
    )
    message = parse_message(raw)
    assert message.bcc is None
    assert message.subject == "a Bcc: evil@x.test"
    assert [decode_part(raw, part) for part in leaves_of(message.root)] == [b"x\r--b\ry"]


def test_a_part_without_any_header_and_one_cut_in_its_header() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nno header here\n--b\nContent-Type: text/html\n--b--\n"
    message = parse_message(raw)
    first, second = leaves_of(message.root)
    assert decode_part(raw, first) == b"no header here"
    assert (second.type, second.size) == ("text/html", 0)
    assert {"header-not-closed", "header-cut-by-boundary"} <= set(message.defects)


def test_one_boundary_that_is_the_beginning_of_another() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b1\n\n"
        b"--b1\n\ninner\n--b1--\n--b\n\nouter\n--b--\n"
    )
    message = parse_message(raw)
    assert [decode_part(raw, part) for part in leaves_of(message.root)] == [b"inner", b"outer"]


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (b"multipart/mixed", "multipart-without-boundary"),
        (b"multipart/mixed; boundary=never", "multipart-without-parts"),
        (b"nonsense", "invalid-content-type"),
    ],
)
def test_broken_containers_show_their_text(content_type: bytes, expected: str) -> None:
    raw = b"Content-Type: " + content_type + b"\r\n\r\nthe text\r\n"
    message = parse_message(raw)
    assert message.root.type == "text/plain"
    assert message.preview == "the text"
    assert expected in message.defects


def test_an_unclosed_multipart_keeps_its_last_part() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo and no end"
    message = parse_message(raw)
    assert [decode_part(raw, part) for part in leaves_of(message.root)] == [b"one", b"two and no end"]
    assert message.defects == ("multipart-not-closed",)


def test_an_enclosed_message_is_one_leaf() -> None:
    inner = b"Subject: in\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n--c--\n"
    raw = b"Content-Type: multipart/digest; boundary=b\n\n--b\n\n" + inner + b"--b--\n"
    (leaf,) = leaves_of(parse_message(raw).root)
    assert leaf.type == "message/rfc822"  # rfc2046#5.1.5
    assert parse_message(decode_part(raw, leaf)).subject == "in"


def test_header_fields_come_as_they_stand() -> None:
    raw = b"From x@y Mon\nA: 1\r\nB :  two\r\n\tmore\r\nA: \xff\r\n\r\n"
    message = parse_message(raw)
    assert [(field.name, field.value) for field in header_fields(raw, message.root)] == [
        ("A", b" 1"),
        ("B", b"  two\r\n\tmore"),
        ("A", b" \xff"),
    ]


def test_of_repeated_fields_the_last_counts() -> None:
    message = parse_message(b"Subject: one\nSubject: two\nMessage-ID: <a@b>\nMessage-ID: <c@d>\n\n")
    assert (message.subject, message.message_id) == ("two", ("c@d",))  # rfc8621#4.1.3
