"""Finding mail as people type it: `GET /api/v1/search`.

The text is the one of the web client's search box and of JMAP's `searchText`. Pages are cut behind the last letter of
the page before: what arrives or goes meanwhile shifts nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from pirab.core import clock
from pirab.core.ids import IdError, IdKind, decode_id, encode_blob_id, encode_id
from pirab.directory import policy
from pirab.directory.types import Right
from pirab.openapi.accounts import account_for
from pirab.signin import http as signin
from pirab.store import queries
from pirab.store.errors import UnsupportedFilter
from pirab.store.search_text import search_filter
from pirab.store.snippets import SnippetFinder
from pirab.store.types import EmailQuery, EmailView
from pirab.wire.search import LONGEST_SEARCH

router: Final = Router(tags=["mail"])
LARGEST_PAGE: Final = 100

_CURSOR: Final = re.compile(r"(-?[0-9]{1,18})\.(e[0-9a-z]{1,13})", re.ASCII)
"""Microseconds since 1970 and the id of the last letter of a page."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Wanted(Schema):
    """What to find. `q` is the search as people type it; `account` is the own one unless it is given."""

    q: Annotated[str, Field(max_length=LONGEST_SEARCH, description="The search, operators included.")]
    account: Annotated[str | None, Field(description="Id of the account, as in JMAP.", max_length=255)] = None
    cursor: Annotated[str | None, Field(description="`next` of the page before.", max_length=64)] = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="Letters on a page.")] = 20


class Person(Schema):
    """Somebody in an address field."""

    name: str | None
    email: str


class Marked(Schema):
    """A name or text the words stand in; `text` is HTML, `<mark>` its only markup.

    `field` is from, to, cc, bcc, attachmentName or attachmentText.
    """

    field: str
    text: str


class Snippet(Schema):
    """Where the words stand: HTML, `<mark>` its only markup; null where they do not."""

    subject: str | None
    preview: str | None
    hits: list[Marked]


class Found(Schema):
    """A letter, its properties called as in JMAP. `size` counts octets."""

    id: str
    threadId: str  # noqa: N815 - as it is called in JMAP
    blobId: str  # noqa: N815 - as above
    mailboxIds: list[str]  # noqa: N815 - as above
    keywords: list[str]
    receivedAt: datetime  # noqa: N815 - as above
    size: int
    hasAttachment: bool  # noqa: N815 - as above
    subject: str | None
    from_: Annotated[list[Person], Field(serialization_alias="from")]
    to: list[Person]
    preview: str
    snippet: Snippet


class Results(Schema):
    """A page of letters, the newest first; `next` is the cursor of the next page, null on the last one."""

    account: str
    results: list[Found]
    next: str | None


@router.get("/search", response=Results, by_alias=True, summary="Search mail")
def search(request: HttpRequest, response: HttpResponse, wanted: Query[Wanted]) -> Results:
    """Letters of an account that match, the newest first. Any text is a search; what is no operator is a word. Trash
    and junk are left out unless the text says where to look."""
    account = _account(request, wanted.account)
    viewer = policy.viewer(signin.caller_of(request).principal, account)
    filters = search_filter(account, wanted.q, clock.now())
    behind = None if wanted.cursor is None else _moment_of(wanted.cursor)
    query = EmailQuery(filter=filters, limit=wanted.limit + 1, older_than=behind)
    try:
        ids = queries.query_emails(account, query, viewer=viewer).ids
    except UnsupportedFilter as error:
        raise HttpError(422, "The search has too many parts.") from error
    finder = SnippetFinder(filters)
    views = queries.email_views(account, ids[: wanted.limit], structure=finder.structure, viewer=viewer)
    response["Cache-Control"] = "no-store"
    return Results(
        account=encode_id(IdKind.ACCOUNT, account),
        results=[_found(view, finder) for view in views],
        next=_cursor(views[-1]) if views and len(ids) > wanted.limit else None,
    )


def _account(request: HttpRequest, account_id: str | None) -> int:
    if account_id is not None:
        return account_for(request, account_id, Right.READ)
    own = signin.caller_of(request).principal.primary_account_id
    if own is None:
        raise HttpError(404, "No such account.")
    return own


def _found(view: EmailView, finder: SnippetFinder) -> Found:
    email, envelope = view.email, view.envelope
    snippet = finder.snippet(view)
    hits = [Marked(field=hit.field, text=hit.text) for hit in finder.hits(view, snippet)]
    return Found(
        id=encode_id(IdKind.EMAIL, email.id),
        threadId=encode_id(IdKind.THREAD, email.thread_id),
        blobId=encode_blob_id(view.digest),
        mailboxIds=[encode_id(IdKind.MAILBOX, key) for key in email.mailbox_ids],
        keywords=sorted(email.keywords),
        receivedAt=email.received_at,
        size=email.size,
        hasAttachment=envelope.has_attachment,
        subject=envelope.subject,
        from_=_people(envelope.from_),
        to=_people(envelope.to),
        preview=envelope.preview,
        snippet=Snippet(subject=snippet.subject, preview=snippet.preview, hits=hits),
    )


def _people(encoded: msgspec.Raw) -> list[Person]:
    return [Person(**person) for person in msgspec.json.decode(encoded) or ()]


def _cursor(last: EmailView) -> str:
    return f"{(last.email.received_at - _EPOCH) // _MICROSECOND}.{encode_id(IdKind.EMAIL, last.email.id)}"


def _moment_of(cursor: str) -> tuple[datetime, int]:
    """What `_cursor` wrote; anything else is refused. It names no account: it only says where to go on."""
    match = _CURSOR.fullmatch(cursor)
    try:
        if match is None:
            raise IdError("cursor")
        return _EPOCH + int(match[1]) * _MICROSECOND, decode_id(IdKind.EMAIL, match[2])
    except (IdError, OverflowError) as error:
        raise HttpError(422, "This is no cursor of a search.") from error
