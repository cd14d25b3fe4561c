"""Thai as people write it, through every charset and encoding it comes in."""

import itertools
from collections.abc import Iterator

import pytest

from pirab.wire.charset import decode, looks_thai
from pirab.wire.compose import Attachment, Draft, compose
from pirab.wire.headers import as_text
from pirab.wire.mime import parse_message, part_text
from tests.corpus.expected import CORPUS, WHY_SKIPPED, corpus_files
from tests.unit.wire.trees import leaves_of

_POSTS = CORPUS / "thai" / "posts.txt"

pytestmark = pytest.mark.skipif(not _POSTS.is_file(), reason=WHY_SKIPPED)


def _posts(limit: int) -> Iterator[str]:
    with _POSTS.open(encoding="utf-8") as lines:
        yield from (line.strip() for line in itertools.islice(lines, limit))


def _in_tis620(text: str) -> bytes | None:
    try:
        return text.encode("cp874")
    except UnicodeEncodeError:
        return None


def test_posts_in_tis620_are_recognised_under_wrong_labels() -> None:
    encoded = [
        (post, data) for post in _posts(4000) if (data := _in_tis620(post)) is not None and not data.isascii()
    ]
    assert len(encoded) > 2000
    wrong = [
        post
        for post, data in encoded
        for label in ("us-ascii", "iso-8859-1", "utf-8", None)
        if decode(data, label).text != post
    ]
    assert len(wrong) <= len(encoded) * 4 * 0.01, wrong[:20]


def test_posts_are_subjects_and_bodies_that_come_back() -> None:
    for post in _posts(300):
        message = parse_message(compose(Draft(subject=post, text=post)))
        assert message.subject == as_text(post.encode())
        assert message.preview == " ".join(post.split())[:256] or "\u200b" in post


def test_the_gazette_travels_as_text_html_and_file() -> None:
    for path in corpus_files("thai/gazette/*.md")[:20]:
        text = path.read_text(encoding="utf-8")
        file = Attachment("text/markdown", f"{path.stem}.md", path.read_bytes(), charset="utf-8")
        raw = compose(Draft(text=text, html=f"<p>{path.stem}</p>", attachments=(file,)))
        plain, _, sent = leaves_of(parse_message(raw).root)
        assert part_text(raw, plain).text.rstrip("\n") == text.replace("\r\n", "\n").rstrip("\n")
        assert part_text(raw, sent).text == text.replace("\r\n", "\n")


def test_the_gazette_in_tis620_looks_thai() -> None:
    for path in corpus_files("thai/gazette/*.md")[:50]:
        assert looks_thai(path.read_text(encoding="utf-8").encode("cp874", "ignore"))
