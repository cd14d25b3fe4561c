"""SearchSnippet/get (rfc8621#5.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import AccountArguments, IdOrReference, Record, check_get_size
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.filter import StoreFilter, parse_filter
from pirab.jmap.email.get import stored_content
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.search_snippet.highlight import Span, find_spans, mark_all, mark_section, terms_of
from pirab.store import queries
from pirab.store.types import EmailView, FilterCondition, Structure
from pirab.wire.html import html_to_text
from pirab.wire.mime import part_text

MAX_OCTETS_READ: Final = 64_000_000
"""Octets of messages one call reads; snippets of the Emails after that come from the stored preview alone."""
MAX_BODY_CHARS: Final = 1_000_000
"""Characters of one body that are looked through."""


class SearchSnippetGetArguments(AccountArguments, frozen=True, kw_only=True):
    """The arguments of rfc8621#5.1."""

    filter: Record | None = None
    email_ids: list[IdOrReference]


class SearchSnippet(msgspec.Struct, frozen=True, rename="camel"):
    """rfc8621#5; both texts are HTML."""

    email_id: str
    subject: str | None
    preview: str | None


@method("SearchSnippet/get", capability=MAIL, arguments=SearchSnippetGetArguments)
def handle(context: RequestContext, arguments: SearchSnippetGetArguments) -> MethodResult:
    """Where the words of the filter stand in each Email."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.email_ids)
    finder = _SnippetFinder(parse_filter(context, account, arguments.filter))
    keys = {text: context.key(IdKind.EMAIL, text) for text in arguments.email_ids}
    wanted = [key for key in keys.values() if key is not None]
    # Only a search in bodies can need the structure, by which the text parts are found.
    structure = Structure.FULL if finder.looks_in_bodies else Structure.NONE
    views = queries.email_views(account, wanted, structure=structure)
    found = {view.email.id for view in views}
    not_found = [text for text, key in keys.items() if key not in found]
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "list": [finder.snippet(view) for view in views],
        "notFound": not_found or None,
    }
    return MethodResult(response)


class _SnippetFinder:
    """Looks for the words of one filter in one Email after another."""

    def __init__(self, wanted: StoreFilter | None) -> None:
        self._subject_terms = _terms(wanted, ("text", "subject"))
        self._body_terms = _terms(wanted, ("text", "body"))
        self._octets_left = MAX_OCTETS_READ

    @property
    def looks_in_bodies(self) -> bool:
        """Whether the filter looks for anything in bodies."""
        return any(self._body_terms)

    def snippet(self, view: EmailView) -> SearchSnippet:
        """The snippet of one Email."""
        return SearchSnippet(encode_id(IdKind.EMAIL, view.email.id), self._subject(view), self._preview(view))

    def _subject(self, view: EmailView) -> str | None:
        subject = view.envelope.subject or ""
        spans = _hits(subject, self._subject_terms)
        return mark_all(subject, spans) if spans else None

    def _preview(self, view: EmailView) -> str | None:
        if not self.looks_in_bodies:
            return None
        for text in self._body_texts(view):
            flat = " ".join(text.split())
            spans = _hits(flat, self._body_terms)
            if spans:
                return mark_section(flat, spans)
        return None

    def _body_texts(self, view: EmailView) -> Iterator[str]:
        """The texts to look through, cheapest first: the stored preview, then the bodies themselves."""
        yield view.envelope.preview
        self._octets_left -= view.email.size
        if self._octets_left < 0:
            return
        content = stored_content(view)
        for part in content.listed("textBody") or content.listed("htmlBody"):
            if part.type.startswith("text/"):
                text = part_text(content.raw, part).text[:MAX_BODY_CHARS]
                yield html_to_text(text) if part.type == "text/html" else text


def _terms(wanted: StoreFilter | None, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """What to mark: the words and phrases as they were typed, and of unspaced scripts, second best, the words in them
    that the index looks for."""
    typed = terms_of(_texts(wanted, names))
    unspaced = [term for term in typed if not term.isascii()]
    return typed, terms_of(word for term in unspaced for word in queries.words_of(term))


def _hits(text: str, terms: tuple[list[str], list[str]]) -> list[Span]:
    """Where the terms stand. A run of Thai typed without spaces may stand in pieces, as the index found it."""
    as_typed, as_indexed = terms
    return find_spans(text, as_typed) or find_spans(text, as_indexed)


def _texts(wanted: StoreFilter | None, names: tuple[str, ...]) -> Iterator[str]:
    """What the filter looks for under these conditions; what must not match (NOT) is no hit."""
    if isinstance(wanted, FilterCondition):
        for name in names:
            text = getattr(wanted, name)
            if text:
                yield text
    elif wanted is not None and wanted.operator != "NOT":
        for condition in wanted.conditions:
            yield from _texts(condition, names)
