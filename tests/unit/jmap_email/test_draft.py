"""From the body lists of an Email object to its MIME structure (rfc8621#4.6)."""

from __future__ import annotations

from pirab.jmap.email.draft import arrange
from pirab.jmap.email.draft_body import DraftPart

TEXT = DraftPart(path="textBody/0", type="text/plain", text="x")
HTML = DraftPart(path="htmlBody/0", type="text/html", text="<p>x")
FILE = DraftPart(path="attachments/0", type="application/pdf", blob_id="b", disposition="attachment")
PICTURE = DraftPart(path="attachments/1", type="image/png", blob_id="b", disposition="inline", cid="p@x")


def _shape(part: DraftPart) -> object:
    """Types only: a multipart as a tuple of its subtype and its parts."""
    if not part.is_multipart:
        return part.type
    return (part.type.partition("/")[2], *(_shape(below) for below in part.sub_parts))


def test_each_arrangement() -> None:
    alternative = ("alternative", "text/plain", "text/html")
    related = ("related", "text/html", "image/png")
    assert _shape(arrange(TEXT, None, [])) == "text/plain"
    assert _shape(arrange(None, HTML, [])) == "text/html"
    assert _shape(arrange(TEXT, HTML, [])) == alternative
    assert _shape(arrange(None, None, [])) == "text/plain"
    assert _shape(arrange(TEXT, None, [FILE])) == ("mixed", "text/plain", "application/pdf")
    assert _shape(arrange(TEXT, HTML, [FILE])) == ("mixed", alternative, "application/pdf")
    assert _shape(arrange(None, HTML, [PICTURE])) == related
    assert _shape(arrange(TEXT, HTML, [FILE, PICTURE])) == (
        "mixed",
        ("alternative", "text/plain", related),
        "application/pdf",
    )
    # Without HTML nothing can show a picture by its Content-Id: it is a file like any other.
    assert _shape(arrange(TEXT, None, [PICTURE])) == ("mixed", "text/plain", "image/png")
    assert _shape(arrange(None, None, [FILE])) == ("mixed", "application/pdf")
