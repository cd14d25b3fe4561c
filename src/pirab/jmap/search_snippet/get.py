"""SearchSnippet/get (rfc8621#5.1)."""

from __future__ import annotations

from typing import Any, Final

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import AccountArguments, IdOrReference, Record, check_get_size
from pirab.jmap.capabilities import MAIL, SEARCH
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.filter import parse_filter
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.snippets import Snippet, SnippetFinder
from pirab.store.types import EmailView

HITS: Final = "pirab:hits"
"""What the standard has no place for: names of people and attachments in which the words stand (rfc8620#1.8)."""


class SearchSnippetGetArguments(AccountArguments, frozen=True, kw_only=True):
    """The arguments of rfc8621#5.1."""

    filter: Record | None = None
    email_ids: list[IdOrReference]


@method("SearchSnippet/get", capability=MAIL, arguments=SearchSnippetGetArguments)
def handle(context: RequestContext, arguments: SearchSnippetGetArguments) -> MethodResult:
    """Where the words of the filter stand in each Email."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.email_ids)
    finder = SnippetFinder(parse_filter(context, account, arguments.filter))
    keys = {text: context.key(IdKind.EMAIL, text) for text in arguments.email_ids}
    wanted = [key for key in keys.values() if key is not None]
    views = queries.email_views(account, wanted, structure=finder.structure)
    found = {view.email.id for view in views}
    not_found = [text for text, key in keys.items() if key not in found]
    render = _extended if SEARCH in context.using else _standard
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "list": [render(finder, view) for view in views],
        "notFound": not_found or None,
    }
    return MethodResult(response)


def _standard(finder: SnippetFinder, view: EmailView) -> dict[str, Any]:
    """The SearchSnippet object of rfc8621#5."""
    return _rendered(view, finder.snippet(view))


def _extended(finder: SnippetFinder, view: EmailView) -> dict[str, Any]:
    snippet = finder.snippet(view)
    return _rendered(view, snippet) | {HITS: finder.hits(view, snippet)}


def _rendered(view: EmailView, snippet: Snippet) -> dict[str, Any]:
    email_id = encode_id(IdKind.EMAIL, view.email.id)
    return {"emailId": email_id, "subject": snippet.subject, "preview": snippet.preview}
