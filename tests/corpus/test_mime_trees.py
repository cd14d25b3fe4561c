"""Our reading of the corpus beside another implementation's: where they differ, the standard is the judge."""

from pathlib import Path

import pytest

from pirab.wire.mime import ParsedMessage, Part, decode_part, parse_message, part_text
from tests.corpus.expected import WHY_SKIPPED, ExpectedMessage, corpus_files, load
from tests.unit.wire.trees import assert_ranges_fit, leaves_of

_FILES = [*corpus_files("mime/rfc/*.eml"), *corpus_files("mime/legacy/*.eml")]
_CASES = [
    pytest.param(path, ending, id=f"{path.parent.name}-{path.stem}-{ending}")
    for path in _FILES
    for ending in ("lf", "crlf")
]

_INLINE = (
    "rfc8621#4.1.4: inline media that both bodies show is no attachment (the last `if` of the algorithm)"
)
_UUENCODE = "x-uuencode is undone: the expectation leaves these parts encoded"
_OTHER_LATIN = "8-bit text under a label that cannot be right is shown as windows-1252, not as U+FFFD"
_NOT_TEXT = "base64 of other letters is still base64 (rfc2045#6.8): a picture does not turn into text"

CONTENT_EXCEPTIONS = {
    "rfc/000": _NOT_TEXT,
    "legacy/017": _UUENCODE,
    "legacy/026": _UUENCODE,
    "legacy/048": _UUENCODE,
    "legacy/033": _OTHER_LATIN,
    "legacy/052": _OTHER_LATIN,
}
BODY_EXCEPTIONS = {
    "rfc/000": _NOT_TEXT,
    "legacy/030": _INLINE,
    "legacy/032": _INLINE,
    "legacy/035": _INLINE,
    "legacy/037": _INLINE,
    "legacy/039": _INLINE,
    "legacy/044": _INLINE,
    "legacy/048": _INLINE,
}
_RAW_OCTETS = "raw 8-bit octets in a header that are no UTF-8 are read as what they look like, not as U+FFFD"
_ONE_WORD = "a single word is kept as an address: rfc8621#4.1.2.3 has `email` always, `name` sometimes"
HEADER_EXCEPTIONS = {
    "rfc/001": _ONE_WORD,
    "rfc/004": _ONE_WORD,
    "legacy/010": _RAW_OCTETS,
    "legacy/017": _RAW_OCTETS,
    "legacy/020": _RAW_OCTETS,
    "legacy/022": _RAW_OCTETS,
    "legacy/027": _RAW_OCTETS,
    "legacy/052": _RAW_OCTETS,
}


def _read(path: Path, ending: str) -> tuple[bytes, ExpectedMessage]:
    raw = path.read_bytes()
    if ending == "lf":
        return raw.replace(b"\r", b""), load(path.with_suffix(".json"))
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), load(path.with_suffix(".crlf.json"))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _content(raw: bytes, part: Part, expected: str | bytes | None) -> str | bytes | None:
    if expected is None:
        return None
    return part_text(raw, part).text if isinstance(expected, str) else decode_part(raw, part)


@pytest.mark.skipif(not _FILES, reason=WHY_SKIPPED)
@pytest.mark.parametrize(("path", "ending"), _CASES)
def test_offsets_and_content(path: Path, ending: str) -> None:
    raw, expected = _read(path, ending)
    message = parse_message(raw)
    leaves = leaves_of(message.root)
    assert_ranges_fit(message.root, len(raw))
    assert [(part.header_start, part.body_start, part.body_end) for part in leaves] == [
        leaf.offsets for leaf in expected.leaves
    ]
    same = [
        _content(raw, part, leaf.content) == leaf.content
        for part, leaf in zip(leaves, expected.leaves, strict=True)
    ]
    assert all(same) is (_name(path) not in CONTENT_EXCEPTIONS)


@pytest.mark.skipif(not _FILES, reason=WHY_SKIPPED)
@pytest.mark.parametrize(("path", "ending"), _CASES)
def test_bodies_and_attachments(path: Path, ending: str) -> None:
    raw, expected = _read(path, ending)
    message = parse_message(raw)
    ours = (message.text_body, message.html_body, message.attachments)
    theirs = (expected.text_body, expected.html_body, expected.attachments)
    assert (ours == theirs) is (_name(path) not in BODY_EXCEPTIONS)


@pytest.mark.skipif(not _FILES, reason=WHY_SKIPPED)
@pytest.mark.parametrize(("path", "ending"), _CASES)
def test_header_values(path: Path, ending: str) -> None:
    raw, expected = _read(path, ending)
    differences = _header_differences(parse_message(raw), expected)
    assert bool(differences) is (_name(path) in HEADER_EXCEPTIONS), differences


def _header_differences(message: ParsedMessage, expected: ExpectedMessage) -> list[str]:
    differences: list[str] = []
    for name, ours in (("from", message.from_), ("to", message.to), ("cc", message.cc)):
        value = expected.headers.get(name)
        theirs = (
            [(item["name"], item["address"]) for item in value["Address"]["List"]]
            if value and "List" in value["Address"]
            else None
        )
        if theirs is not None and [(item.name, item.email) for item in ours or ()] != theirs:
            differences.append(f"{name}: {ours} {theirs}")
    subject = expected.headers.get("subject")
    if isinstance(subject, dict) and message.subject != subject["Text"].strip():
        differences.append(f"subject: {message.subject!r} {subject['Text']!r}")
    date = expected.headers.get("date")
    if isinstance(date, dict) and "DateTime" in date:
        theirs_date = date["DateTime"]
        ours_date = message.sent_at
        wanted = [theirs_date[key] for key in ("year", "month", "day", "hour", "minute", "second")]
        if ours_date is None or list(ours_date.timetuple()[:6]) != wanted:
            differences.append(f"date: {ours_date} {theirs_date}")
    return differences
