"""Whole mailboxes to take away: `/api/v1/accounts/{account_id}/exports`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Router, Schema, Status
from ninja.errors import HttpError

from pirab.core.ids import IdError, IdKind, decode_id, encode_id
from pirab.directory.types import Right
from pirab.openapi.accounts import account_for
from pirab.store import queries as store
from pirab.transfer import actions, queries, stream
from pirab.transfer.errors import ExportNotFound, TooManyExports
from pirab.transfer.types import Export, ExportState, Format

router: Final = Router(tags=["exports"])
_ALL: Final = "/accounts/{account_id}/exports"
_ONE: Final = f"{_ALL}/{{export_id}}"

_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)
_TYPES: Final = {Format.ZIP: "application/zip", Format.MBOX: "application/mbox"}


class Wanted(Schema):
    """What to export: `mailboxIds` null means all mail. Ids are those of JMAP."""

    format: Format = Format.ZIP
    mailboxIds: list[str] | None = None  # noqa: N815 - as it is called in JMAP


class ExportStatus(Schema):
    """An export: `done` letters of about `total` (null: not counted) are noted. `size` is the length of the file in
    octets, null until it is ready."""

    id: str
    format: Format
    state: ExportState
    done: int
    total: int | None
    size: int | None
    created: datetime
    expires: datetime


def _status(export: Export) -> ExportStatus:
    return ExportStatus(
        id=encode_id(IdKind.TRANSFER, export.id),
        format=export.format,
        state=export.state,
        done=export.done,
        total=export.total,
        size=export.octets if export.state is ExportState.READY else None,
        created=export.created_at,
        expires=export.created_at + actions.KEPT_FOR,
    )


@router.post(_ALL, response={201: ExportStatus}, summary="Begin an export")
def begin(request: HttpRequest, account_id: str, wanted: Wanted) -> Status[ExportStatus]:
    """Have a file of the account's mail prepared; ask for its status until it is `ready`."""
    account = account_for(request, account_id, Right.READ)
    boxes = None if wanted.mailboxIds is None else _mailboxes(account, wanted.mailboxIds)
    try:
        made = actions.begin_export(account, wanted.format, boxes)
    except TooManyExports as error:
        raise HttpError(409, error.message) from error
    return Status(201, _status(queries.export(account, made)))


@router.get(_ALL, response=list[ExportStatus], summary="All exports")
def listing(request: HttpRequest, account_id: str) -> list[ExportStatus]:
    """The account's exports, the newest first."""
    return [_status(export) for export in queries.exports(account_for(request, account_id, Right.READ))]


@router.get(_ONE, response=ExportStatus, summary="How far an export is")
def status(request: HttpRequest, account_id: str, export_id: str) -> ExportStatus:
    """One export."""
    return _status(_export(account_for(request, account_id, Right.READ), export_id))


@router.delete(_ONE, response={204: None}, summary="Delete an export")
def delete(request: HttpRequest, account_id: str, export_id: str) -> Status[None]:
    """The file is gone; the mail stays."""
    account = account_for(request, account_id, Right.READ)
    actions.delete_export(account, _export(account, export_id).id)
    return Status(204, None)


@router.get(f"{_ONE}/content", response={200: None, 206: None}, summary="Download an export")
def content(request: HttpRequest, account_id: str, export_id: str) -> HttpResponseBase:
    """The file. The same octets every time: a download that was cut goes on with `Range` (and `If-Range`)."""
    export = _export(account_for(request, account_id, Right.READ), export_id)
    if export.state is not ExportState.READY:
        raise HttpError(409, "The export is still being prepared.")
    tag = f'"{export_id}"'
    part = _range(request, tag, export.octets)
    if part is None:
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{export.octets}"
        return response
    start, end = part
    response = StreamingHttpResponse(stream.octets(export, start, end), content_type=_TYPES[export.format])
    if "Range" in request.headers and (start, end) != (0, export.octets):
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{export.octets}"
    response["Content-Length"] = str(end - start)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-transform"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'attachment; filename="mail-{export_id}.{export.format}"'
    return response


def _range(request: HttpRequest, tag: str, size: int) -> tuple[int, int] | None:
    """Which octets are wanted (rfc9110#14.2): one range; what is no range of ours means all, None none."""
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    is_same = request.headers.get("If-Range", tag) == tag
    if match is None or not is_same or not (match[1] or match[2]):
        return 0, size
    if not match[1]:
        return (max(size - int(match[2]), 0), size) if int(match[2]) and size else None
    start = int(match[1])
    end = min(int(match[2]) + 1, size) if match[2] else size
    if match[2] and int(match[2]) < start:
        return 0, size
    return (start, end) if start < size else None


def _export(account: int, export_id: str) -> Export:
    try:
        return queries.export(account, decode_id(IdKind.TRANSFER, export_id))
    except (IdError, ExportNotFound) as error:
        raise HttpError(404, "No such export.") from error


def _mailboxes(account: int, ids: list[str]) -> set[int]:
    known = {row.id for row in store.mailboxes(account)}
    try:
        wanted = {decode_id(IdKind.MAILBOX, each) for each in ids}
    except IdError as error:
        raise HttpError(422, "No such mailbox.") from error
    if not wanted or not wanted <= known:
        raise HttpError(422, "No such mailbox.")
    return wanted
