"""The made-up mailbox: the same octets every time, and the planted words where it says."""

import re
import zipfile
from functools import cache
from io import BytesIO

from benchmarks.mailbox import PROFILES, Folder, Letter, Profile, write
from benchmarks.mailbox.vocabulary import COMMON, DEEP, RARE
from pirab.wire.mime import decode_part, parse_message
from pirab.wire.types import Part

TINY = Profile("tiny", 250, 30_000, 1, 1, 1)


@cache
def written() -> list[Letter]:
    return list(write(TINY))


def leaves(part: Part) -> list[Part]:
    return [leaf for below in part.sub_parts for leaf in leaves(below)] if part.sub_parts else [part]


def test_the_same_octets_every_time() -> None:
    assert [letter.raw for letter in write(TINY)] == [letter.raw for letter in written()]


def test_planted_words_stand_where_they_are_said_to_and_nowhere_else() -> None:
    for letter in written():
        text = parse_message(letter.raw).search_text.body
        for word in (RARE, COMMON, DEEP):
            assert (word in text) == (word in letter.planted)


def test_planted_words_are_as_many_as_true_hits() -> None:
    inbox = [letter for letter in written() if letter.folder is Folder.INBOX]
    for word in (RARE, COMMON, DEEP):
        assert sum(word in letter.planted for letter in inbox) == TINY.true_hits(word)
    assert [PROFILES["full"].true_hits(word) for word in (RARE, COMMON, DEEP)] == [40, 2_000, 47]


def test_the_deep_word_stands_150_letters_into_a_run_without_spaces() -> None:
    text = next(parse_message(each.raw).search_text.body for each in written() if DEEP in each.planted)
    before = re.split(r"\s", text[: text.index(DEEP)])[-1]
    assert len(before) >= 150


def test_attachments_are_what_they_say() -> None:
    signs = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG"}
    kinds = set()
    for letter in written():
        for part in leaves(parse_message(letter.raw).root):
            if part.type.startswith("text/"):
                continue
            kinds.add(part.type)
            content = decode_part(letter.raw, part)
            if part.type in signs:
                assert content.startswith(signs[part.type])
            else:
                assert zipfile.ZipFile(BytesIO(content)).testzip() is None
    assert len(kinds) == 4


def test_there_are_threads_and_legacy_charsets() -> None:
    raws = [letter.raw for letter in written()]
    assert sum(b"In-Reply-To:" in raw for raw in raws) > 60
    assert any(b"charset=tis-620" in raw for raw in raws)
    assert any(b"charset=windows-874" in raw for raw in raws)
