"""Tokens: what a message is found by.

Index side and query side share one rule, so that a search finds its words wherever they stand:

- Everything is folded: NFKC, case, one spelling of Thai, Arabic digits, no thousands commas, no invisible characters.
- Thai: every dictionary word on whole letters, words inside words too (a letter is a consonant with all its marks).
  Stretches that no word covers (foreign names, misspellings) give their letters, pairs of neighbouring letters, and
  the beginning of a word that they may be the end of.
- A space between two Thai words hides no word that both are part of ("กระทรวง มหาดไทย").
- Scripts without spaces other than Thai (Chinese, Japanese, Lao, Khmer, Burmese, Tibetan): pairs of neighbours.
- All else: runs of letters and digits. E-mail addresses and document numbers ("0506/ว 5") also as a whole.

No token is longer than 64 octets of UTF-8. `TOKENIZER_VERSION` is stored with each indexed row; it goes up whenever
one text gives other tokens than before, and a test pins the dictionary to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import msgspec

from pirab.core.thai import (
    LETTERS,
    LONGEST_WORD,
    Found,
    dictionary,
    fold_thai,
    letters,
    uncovered,
)

TOKENIZER_VERSION: Final = 2

LONGEST_TOKEN: Final = 64
"""Octets of UTF-8."""

LONGEST_QUERY: Final = 1000
"""Characters of a query that are looked at."""

MOST_OCTETS: Final = 900_000
"""Octets of all tokens of one text together: PostgreSQL refuses a tsvector of one mebibyte."""

_BLOCK: Final = 16_384
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Half a character, which no encoding of ours can carry."""
_UNSPACED: Final = (
    "\u0e80-\u0fff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_WORD: Final = re.compile(f"[^\\W_\u0e00-\u0e7f{_UNSPACED}]+")
_UNSPACED_RUN: Final = re.compile(f"[{_UNSPACED}]+")
_PIECE: Final = re.compile(
    f"(?P<thai>[{LETTERS}]+)|(?P<unspaced>{_UNSPACED_RUN.pattern})|(?P<word>{_WORD.pattern})"
)
_JOINT: Final = re.compile(f"(?<=[{LETTERS}])[ \\r\\n]{{1,3}}(?=[{LETTERS}])")
"""Space between two Thai letters."""
_SPACED_RUN: Final = re.compile(f"[{LETTERS}]+(?: [{LETTERS}]+)+")
_LAST_RUN: Final = re.compile(f"[{LETTERS}]+\\Z")
_ASCII_WORD: Final = re.compile("[a-z0-9]+")
_ADDRESS: Final = re.compile(r"[a-z0-9][a-z0-9.!#$%&'*+/=?^_`{|}~-]*@[a-z0-9-]+(?:\.[a-z0-9-]*[a-z0-9])+")
_DOCUMENT: Final = re.compile(
    "(?<![0-9])([0-9]{1,8})(?=\\s*/\\s*([\u0e01-\u0e2e]?)\\.?\\s*([0-9]{1,8})(?![0-9]))"
)
_THOUSANDS: Final = re.compile("(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")


class QueryTokens(msgspec.Struct, frozen=True):
    """What a query wants: all `words`, and a token that is `prefix` or begins with it; or one of the `others`."""

    words: tuple[str, ...]
    prefix: str | None = None
    others: tuple[QueryTokens, ...] = ()

    def words_and_prefix(self) -> tuple[str, ...]:
        """All words in one, the last one taken as complete."""
        return self.words if self.prefix is None else (*self.words, self.prefix)


def tokenize(text: str, limit: int = 262_144) -> set[str]:
    """The tokens of the first `limit` characters of `text`; an empty set when it has none. Never raises."""
    tokens: set[str] = set()
    for block in _blocks(folded_text(text[:limit])):
        tokens.update(_address_tokens(block))
        tokens.update(_document_number(match) for match in _DOCUMENT.finditer(block))
        if block.isascii():
            tokens.update(map(_short, _ASCII_WORD.findall(block)))
        else:
            tokens.update(_thai_tokens(block))
            tokens.update(_other_tokens(block))
    return _bounded(tokens)


def query_tokens(text: str) -> QueryTokens:
    """What a message must have to be found by `text`; a text that holds the query has these tokens.

    A last word that may be unfinished becomes the prefix; one that is a complete Thai word need not. An e-mail
    address is looked for as a whole.
    """
    folded = folded_text(text[:LONGEST_QUERY])
    others: list[QueryTokens] = []
    mended = _SPACED_RUN.sub(_mended, folded)
    if mended != folded:
        others.append(_tokens_wanted(mended))
    begun = _begun_word(folded)
    if begun:
        others.append(QueryTokens(_tokens_wanted(folded[: -len(begun)]).words_and_prefix(), begun))
    return msgspec.structs.replace(_tokens_wanted(folded), others=tuple(others))


def _tokens_wanted(folded: str) -> QueryTokens:
    words: dict[str, None] = {}
    last: str | None = None
    for address in _ADDRESS.finditer(folded):
        words[_short(address[0])] = None
        last = address[0] if address.end() == len(folded) else last
    rest = _ADDRESS.sub(lambda address: " " * len(address[0]), folded)
    for number in _DOCUMENT.finditer(rest):
        words[_document_number(number)] = None
        last = _document_number(number) if number.end(3) == len(folded) else last
    for piece in _PIECE.finditer(rest):
        is_last = piece.end() == len(folded)
        if not (is_last and last):  # the end of a whole that may be unfinished itself
            found = _wanted(piece, is_last=is_last)
            words.update(dict.fromkeys(found.words))
            last = found.prefix or last
    prefix = None if last is None else _short(last)
    return QueryTokens(tuple(word for word in words if word != prefix), prefix)


def folded_text(text: str) -> str:
    """The one spelling in which texts are compared; white space stays as it is."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        # Case folding can leave a form that NFKC changes once more.
        visible = _INVISIBLE.sub("", _SURROGATE.sub(" ", folded))
        if not unicodedata.is_normalized("NFKC", visible):
            visible = unicodedata.normalize("NFKC", visible)
        folded = fold_thai(visible)
    return _THOUSANDS.sub(lambda number: number[0].replace(",", ""), folded)


def _blocks(text: str) -> Iterator[str]:
    """Cut a long text at white space, so that the memory needed does not grow with it."""
    start = 0
    while len(text) - start > _BLOCK:
        limit = start + _BLOCK
        end = max(text.rfind(" ", start + 1, limit), text.rfind("\n", start + 1, limit))
        if end < 0:
            # One unspaced run: the next block begins a word earlier, so that no word is lost at the cut.
            yield text[start:limit]
            start = limit - LONGEST_WORD
        else:
            yield text[start:end]
            start = end
    yield text[start:]


def _address_tokens(text: str) -> Iterator[str]:
    return (_short(address) for address in _ADDRESS.findall(text)) if "@" in text else iter(())


def _document_number(match: re.Match[str]) -> str:
    """ "0506 / ว 5" as one token, however it was spaced."""
    return f"{match[1]}/{match[2]}{match[3]}"


def _other_tokens(text: str) -> Iterator[str]:
    yield from map(_short, _WORD.findall(text))
    for run in _UNSPACED_RUN.findall(text):
        yield from _pairs(list(run))


def _thai_tokens(text: str) -> set[str]:
    found = dictionary().words_in(text)
    tokens = {word for word, _, _ in found}
    tokens.update(_words_with_a_space(text, found))
    for start, end in uncovered(text, found):
        gap = letters(text[start:end])
        tokens.update(gap)
        tokens.update(_pairs(gap))
        tokens.update(dictionary().unfinished_words(text, start, end))
    return tokens


def _words_with_a_space(text: str, found: list[Found]) -> Iterator[str]:
    """Dictionary words that somebody wrote in two: both halves are words too, so `found` has them."""
    joints = {joint.start(): joint.end() for joint in _JOINT.finditer(text)}
    if not joints:
        return
    ends: dict[int, list[str]] = {place: [] for place in joints}
    starts: dict[int, list[str]] = {place: [] for place in joints.values()}
    for word, start, end in found:
        if end in ends:
            ends[end].append(word)
        if start in starts:
            starts[start].append(word)
    words = dictionary()
    for end, start in joints.items():
        yield from (
            first + second for first in ends[end] for second in starts[start] if first + second in words
        )


def _mended(run: re.Match[str]) -> str:
    """Thai words without the spaces between them, where nothing is left over that way."""
    joined = run[0].replace(" ", "")
    return run[0] if uncovered(joined, dictionary().words_in(joined)) else joined


def _begun_word(folded: str) -> str | None:
    """The beginning of a longer word that stands at the end and is not made of words alone: "อิเล็กทร"."""
    run = _LAST_RUN.search(folded)
    if run is None:
        return None
    known = dictionary()
    for gap, end in uncovered(run[0], known.words_in(run[0])):
        begun = [*known.unfinished_words(run[0], gap, len(run[0])), *known.beginnings(run[0][gap:])]
        if begun and end < len(run[0]):
            return max(begun, key=len)
    return None


def _pairs(parts: list[str]) -> Iterator[str]:
    """Neighbours joined; a single part stands for itself."""
    return map("".join, pairwise(parts)) if len(parts) > 1 else iter(parts)


def _wanted(piece: re.Match[str], *, is_last: bool) -> QueryTokens:
    text = piece[0]
    if piece.lastgroup == "thai":
        return _wanted_thai(text, is_last=is_last)
    if piece.lastgroup == "unspaced":
        return QueryTokens(tuple(_pairs(list(text))), text if len(text) == 1 else None)
    return QueryTokens((), text) if is_last and len(text) > 1 else QueryTokens((_short(text),))


def _wanted_thai(run: str, *, is_last: bool) -> QueryTokens:
    found = dictionary().words_in(run)
    prefix: str | None = None
    kept = len(run)
    words: list[str] = []
    for start, end in uncovered(run, found):
        gap = letters(run[start:end])
        if not is_last or end < len(run):
            words.extend(_pairs(gap))
            continue
        unfinished = dictionary().unfinished_words(run, start, end)
        if unfinished:
            prefix, kept = unfinished[-1], len(run) - len(unfinished[-1])
        elif len(gap) > 1:
            *begun, prefix = _pairs(gap)
            words.extend(begun)
        else:
            words.extend(gap)
    words.extend(word for word, start, _ in _outermost(found) if start < kept)
    return QueryTokens(tuple(words), prefix)


def _outermost(found: list[Found]) -> list[Found]:
    """Words that stand inside no other word: with them, those inside are there anyway."""
    outermost: list[Found] = []
    reach = -1
    for word in sorted(found, key=lambda place: (place[1], -place[2])):
        if word[2] > reach:
            outermost.append(word)
            reach = word[2]
    return outermost


def _short(token: str) -> str:
    """The token cut to `LONGEST_TOKEN` octets, between characters."""
    if len(token) <= LONGEST_TOKEN // 4:
        return token
    octets = token.encode("utf-8", "surrogatepass")
    return token if len(octets) <= LONGEST_TOKEN else octets[:LONGEST_TOKEN].decode("utf-8", "ignore")


def _bounded(tokens: set[str]) -> set[str]:
    """All tokens, or, for a text made to be huge, the shortest that fit into `MOST_OCTETS`."""
    room = MOST_OCTETS
    if len(tokens) * LONGEST_TOKEN <= room:
        return tokens
    bounded: set[str] = set()
    for token in sorted(tokens, key=lambda token: (len(token), token)):
        room -= len(token.encode("utf-8", "surrogatepass"))
        if room < 0:
            break
        bounded.add(token)
    return bounded
