"""Where the words of a search stand in the Emails it found (rfc8621#5).

Subject and preview are those of the standard. `hits` say the same of the rest a search looks at: people, the names of
attachments and the text inside them. Every text is HTML with `<mark>` as its only markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import msgspec

from pirab.store import queries
from pirab.store.types import EmailView, FilterCondition, FilterOperator, Structure, decode_structure
from pirab.wire.html import html_to_text
from pirab.wire.mime import part_text
from pirab.wire.search.highlight import Span, find_spans, mark_all, mark_section, terms_of
from pirab.wire.types import Part

MAX_OCTETS_READ: Final = 64_000_000
"""Octets of messages one finder reads; snippets of the Emails after that come from the stored preview alone."""
MAX_BODY_CHARS: Final = 1_000_000
"""Characters of one body that are looked through."""
MAX_HITS: Final = 20
"""Names that are told of one Email; a circular's recipients may be many more."""

_PEOPLE: Final = {"from": "from_", "to": "to", "cc": "cc", "bcc": "bcc"}
"""Name of the condition and the field of `Envelope`; of `FilterCondition`, too."""
_ATTACHMENT: Final = "attachmentName"
_INSIDE: Final = "attachmentText"

Terms = tuple[list[str], list[str]]
"""What to mark: as it was typed, and second best as the index knows it."""
StoreFilter = FilterOperator | FilterCondition


class Hit(msgspec.Struct, frozen=True):
    """A name or text in which words stand: `field` is from, to, cc, bcc, attachmentName or attachmentText."""

    field: str
    text: str


class Snippet(msgspec.Struct, frozen=True):
    """What the words of a search have marked in one Email; None where they do not stand."""

    subject: str | None
    preview: str | None

    @property
    def is_empty(self) -> bool:
        """Whether the words stand in neither."""
        return self.subject is None and self.preview is None


class SnippetFinder:
    """Looks for the words of one filter in one Email after another."""

    def __init__(self, wanted: StoreFilter | None) -> None:
        self._subject_terms = _terms(wanted, "subject")
        self._body_terms = _terms(wanted, "body")
        self._people_terms = {name: _terms(wanted, field) for name, field in _PEOPLE.items()}
        self._name_terms = _terms(wanted, "attachment_name")
        self._octets_left = MAX_OCTETS_READ

    @property
    def structure(self) -> Structure:
        """What the views given to `snippet` and `hits` must carry: text parts and names stand in the structure."""
        return Structure.FULL if any(self._body_terms) or any(self._name_terms) else Structure.NONE

    def snippet(self, view: EmailView) -> Snippet:
        """Subject and preview, marked."""
        return Snippet(self._subject(view), self._preview(view))

    def hits(self, view: EmailView, snippet: Snippet) -> list[Hit]:
        """The people and attachments whose names hold words of the search, at most `MAX_HITS`. Where there is none and
        `snippet` is empty too, what the attachments say."""
        found = islice(self._hits_in(self._names(view)), MAX_HITS)
        return list(found) or list(self._hits_in(self._inside(view) if snippet.is_empty else ()))

    def _hits_in(self, texts: Iterable[tuple[str, str, Terms]]) -> Iterator[Hit]:
        for field, text, terms in texts:
            spans = _spans(text, terms)
            if spans:
                yield Hit(field, mark_section(text, spans))

    def _inside(self, view: EmailView) -> Iterator[tuple[str, str, Terms]]:
        if any(self._body_terms) and view.envelope.attachments and self._octets_left > 0:
            text = " ".join(queries.attachment_text(view.email.message_id).split())
            self._octets_left -= len(text)
            yield _INSIDE, text, self._body_terms

    def _names(self, view: EmailView) -> Iterator[tuple[str, str, Terms]]:
        for name, terms in self._people_terms.items():
            if any(terms):
                for person in _people(getattr(view.envelope, _PEOPLE[name])):
                    yield name, person, terms
        if any(self._name_terms) and view.envelope.attachments:
            for part in _parts(view, view.envelope.attachments):
                if part.name:
                    yield _ATTACHMENT, " ".join(part.name.split()), self._name_terms

    def _subject(self, view: EmailView) -> str | None:
        subject = view.envelope.subject or ""
        spans = _spans(subject, self._subject_terms)
        return mark_all(subject, spans) if spans else None

    def _preview(self, view: EmailView) -> str | None:
        if not any(self._body_terms):
            return None
        for text in self._body_texts(view):
            flat = " ".join(text.split())
            spans = _spans(flat, self._body_terms)
            if spans:
                return mark_section(flat, spans)
        return None

    def _body_texts(self, view: EmailView) -> Iterator[str]:
        """The texts to look through, cheapest first: the stored preview, then the bodies themselves."""
        yield view.envelope.preview
        self._octets_left -= view.email.size
        if self._octets_left < 0:
            return
        raw: bytes | None = None
        for part in _parts(view, view.envelope.text_body or view.envelope.html_body):
            if part.type.startswith("text/"):
                raw = queries.message_bytes(view.digest) if raw is None else raw
                text = part_text(raw, part).text[:MAX_BODY_CHARS]
                yield html_to_text(text) if part.type == "text/html" else text


class _Person(msgspec.Struct):
    name: str | None
    email: str


_read_people: Final = msgspec.json.Decoder(list[_Person] | None).decode


def _people(encoded: msgspec.Raw) -> Iterator[str]:
    for person in _read_people(encoded) or ():
        yield f"{person.name} <{person.email}>" if person.name else person.email


def _parts(view: EmailView, part_ids: tuple[str, ...]) -> Iterator[Part]:
    assert view.structure is not None
    stack = [decode_structure(view.structure)]
    while stack:
        part = stack.pop()
        if part.part_id in part_ids:
            yield part
        stack.extend(reversed(part.sub_parts))


def _terms(wanted: StoreFilter | None, field: str) -> Terms:
    """The words and phrases as they were typed, and of unspaced scripts, second best, the words in them that the index
    looks for."""
    typed = terms_of(_texts(wanted, ("text", field)))
    unspaced = [term for term in typed if not term.isascii()]
    return typed, terms_of(word for term in unspaced for word in queries.words_of(term))


def _spans(text: str, terms: Terms) -> list[Span]:
    """Where the terms stand. A run of Thai typed without spaces may stand in pieces, as the index found it."""
    as_typed, as_indexed = terms
    return find_spans(text, as_typed) or find_spans(text, as_indexed)


def _texts(wanted: StoreFilter | None, fields: tuple[str, str]) -> Iterator[str]:
    """What the filter looks for under these conditions; what must not match (NOT) is no hit."""
    if isinstance(wanted, FilterCondition):
        for field in fields:
            text = getattr(wanted, field)
            if text:
                yield text
    elif wanted is not None and wanted.operator != "NOT":
        for condition in wanted.conditions:
            yield from _texts(condition, fields)
