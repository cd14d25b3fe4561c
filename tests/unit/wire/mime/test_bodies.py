"""Bodies and attachments (rfc8621#4.1.4)."""

import pytest

from pirab.wire.mime import parse_message
from pirab.wire.mime.bodies import sort_bodies
from pirab.wire.types import Part


def _leaf(
    part_id: str, kind: str, disposition: str | None = None, name: str | None = None, cid: str | None = None
) -> Part:
    return Part(part_id, kind, None, disposition, name, cid, None, None, "7bit", 0, 0, 0, 0, 0, ())


def _multi(subtype: str, *children: Part) -> Part:
    return Part(
        None, f"multipart/{subtype}", None, None, None, None, None, None, "7bit", 0, 0, 0, 0, 0, children
    )


def _ids(parts: tuple[Part, ...]) -> str:
    return "".join(part.part_id or "?" for part in parts)


def test_the_example_of_the_standard() -> None:
    root = _multi(
        "mixed",
        _leaf("A", "text/plain", "inline"),
        _multi(
            "mixed",
            _multi(
                "alternative",
                _multi(
                    "mixed",
                    _leaf("B", "text/plain", "inline"),
                    _leaf("C", "image/jpeg", "inline"),
                    _leaf("D", "text/plain", "inline"),
                ),
                _multi("related", _leaf("E", "text/html"), _leaf("F", "image/jpeg")),
            ),
            _leaf("G", "image/jpeg", "attachment"),
            _leaf("H", "application/x-excel"),
            _leaf("J", "message/rfc822"),
        ),
        _leaf("K", "text/plain", "inline"),
    )
    bodies = sort_bodies(root)
    assert (_ids(bodies.text), _ids(bodies.html), _ids(bodies.attachments)) == ("ABCDK", "AEK", "CFGHJ")


@pytest.mark.parametrize(
    ("root", "text", "html", "attachments"),
    [
        (_leaf("1", "text/plain"), "1", "1", ""),
        (_leaf("1", "text/html"), "1", "1", ""),
        (_leaf("1", "application/pdf"), "", "", "1"),
        (_leaf("1", "text/plain", "attachment"), "", "", "1"),
        (_multi("alternative", _leaf("1", "text/plain"), _leaf("2", "text/html")), "1", "2", ""),
        (_multi("alternative", _leaf("1", "text/html")), "1", "1", ""),
        (_multi("alternative", _leaf("1", "text/plain"), _leaf("2", "text/calendar")), "1", "1", "2"),
        (_multi("related", _leaf("1", "text/html"), _leaf("2", "image/png")), "1", "1", "2"),
        (
            _multi("mixed", _leaf("1", "text/plain"), _leaf("2", "text/plain", None, "notes.txt")),
            "1",
            "1",
            "2",
        ),
        (_multi("mixed", _leaf("1", "text/plain", None, "first.txt")), "1", "1", ""),
        (
            _multi(
                "alternative",
                _multi("mixed", _leaf("1", "text/plain")),
                _multi("mixed", _leaf("2", "text/html")),
            ),
            "1",
            "2",
            "",
        ),
    ],
)
def test_where_parts_go(root: Part, text: str, html: str, attachments: str) -> None:
    bodies = sort_bodies(root)
    assert (_ids(bodies.text), _ids(bodies.html), _ids(bodies.attachments)) == (text, html, attachments)


def test_alternatives_inside_alternatives_do_not_break_it() -> None:
    inner = _multi("alternative", _leaf("2", "text/plain"), _leaf("3", "text/html"))
    root = _multi("alternative", _multi("mixed", _leaf("1", "text/html"), inner))
    assert _ids(sort_bodies(root).html) == "13"


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (_leaf("2", "image/png", "inline", "a.png", "cid@x"), False),
        (_leaf("2", "image/png", None, None, "cid@x"), False),
        (_leaf("2", "image/png", "attachment", "a.png", "cid@x"), True),
        (_leaf("2", "application/pdf", "inline", "a.pdf"), True),
        (_leaf("2", "application/pgp-signature", "attachment", "signature.asc"), False),
        (_leaf("2", "message/delivery-status"), False),
        (_leaf("2", "message/rfc822"), True),
    ],
)
def test_what_a_person_calls_an_attachment(part: Part, expected: bool) -> None:
    assert sort_bodies(_multi("related", _leaf("1", "text/html"), part)).has_attachment is expected


def test_preview_is_collapsed_and_short() -> None:
    message = parse_message(b"\r\n  " + "สวัสดี\r\n\t ครับ ".encode() + b"x" * 500)
    assert message.preview.startswith("สวัสดี ครับ xxx")
    assert len(message.preview) == 256


def test_preview_and_search_of_html_alone() -> None:
    markup = b"<style>p{}</style><title>t</title><p>one&amp;<b>two</b></p><!-- no --><p>three"
    message = parse_message(b"Content-Type: text/html; charset=utf-8\n\n" + markup)
    assert message.preview == "one&two three"
    assert message.search_text.body == "one&two\nthree"


def test_a_stub_beside_html_does_not_hide_the_html_from_search() -> None:
    html = b"<p>" + b"the real content " * 50
    raw = (
        b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nsee HTML\n--b\nContent-Type: text/html\n\n"
        + html
        + b"\n--b--\n"
    )
    message = parse_message(raw)
    assert message.preview == "see HTML"
    assert "the real content" in message.search_text.body


def test_search_text_has_names_addresses_and_files() -> None:
    raw = (
        "From: สมชาย <a@xn--12c8df.xn--o3cw4h>\nTo: g: b@x.test, c@x.test;\nSubject: เรื่อง\n"
        "Content-Type: application/pdf; name=f.pdf\n\n"
    ).encode()
    found = parse_message(raw).search_text
    assert (found.subject, found.to, found.attachment_names) == ("เรื่อง", "b@x.test\nc@x.test", "f.pdf")
    assert found.from_.startswith("สมชาย a@xn--")
    assert found.from_.endswith(".ไทย")
