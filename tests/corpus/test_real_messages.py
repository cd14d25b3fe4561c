"""Real and odd messages: nothing raises, nothing is lost, reports are understood, writing them again is a
fixed point."""

from pathlib import Path

import pytest

from pirab.wire.dsn import DsnAction, parse_dsn
from pirab.wire.mime import decode_part, parse_message, part_text
from tests.corpus.expected import CORPUS, WHY_SKIPPED, corpus_files
from tests.unit.wire.trees import assert_ranges_fit, leaves_of, parts_of

_FILES = [
    path for pattern in ("mime/*/*.eml", "mime/mimekit/*.txt", "dkim/*.msg") for path in corpus_files(pattern)
]
_REPORTS = {
    "delivery-status.txt": ("newsletter-request@imusic.com", DsnAction.FAILED, "5.0.0"),
    "delivery-status-no-blank-line.txt": ("newsletter-request@imusic.com", DsnAction.FAILED, "5.0.0"),
    "delivery-status-multiple-blank-lines.txt": ("orig_recip@customer.com", DsnAction.FAILED, "5.5.0"),
    "delivery-status2.txt": ("source@domain.com", DsnAction.FAILED, "5.0.0"),
    "bounce.txt": ("netec.test@netecgc.com", DsnAction.FAILED, "5.1.1"),
}

pytestmark = pytest.mark.skipif(not _FILES, reason=WHY_SKIPPED)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_every_message_is_read(path: Path) -> None:
    raw = path.read_bytes()
    message = parse_message(raw)
    assert_ranges_fit(message.root, len(raw))
    for part in leaves_of(message.root):
        assert len(decode_part(raw, part)) == part.size
        assert "\0" not in part_text(raw, part).text


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_every_cut_of_a_message_is_read(path: Path) -> None:
    raw = path.read_bytes()
    for end in range(0, min(len(raw), 4000), 97):
        assert_ranges_fit(parse_message(raw[:end]).root, end)


@pytest.mark.parametrize(("name", "expected"), _REPORTS.items())
def test_reports_are_understood(name: str, expected: tuple[str, DsnAction, str]) -> None:
    report = parse_dsn((CORPUS / "mime" / "mimekit" / name).read_bytes())
    assert report is not None
    (recipient,) = report.recipients
    assert (recipient.final or recipient.original, recipient.action, recipient.status) == expected


@pytest.mark.parametrize(
    "name", ["disposition-notification.txt", "feedback-report.txt", "simple-multipart.eml", "epilogue.txt"]
)
def test_other_reports_are_no_delivery_reports(name: str) -> None:
    assert parse_dsn((CORPUS / "mime" / "mimekit" / name).read_bytes()) is None


def test_a_very_deep_message_has_a_body() -> None:
    raw = (CORPUS / "mime" / "mimekit" / "stack-overflow.txt").read_bytes()
    message = parse_message(raw)
    assert message.preview == "Message Body"
    assert max(1 for _ in parts_of(message.root)) == 1


def test_a_multipart_without_an_end_keeps_its_last_part() -> None:
    raw = (CORPUS / "dkim" / "multipart-no-end-boundary.msg").read_bytes()
    message = parse_message(raw)
    assert message.defects == ("multipart-not-closed",)
    assert len(leaves_of(message.root)) >= 2
