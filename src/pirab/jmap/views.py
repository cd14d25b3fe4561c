"""The HTTP resources of JMAP: session, API, upload, download (rfc8620#2, #3.1, #6.1, #6.2)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from pirab.blob import actions as blobs
from pirab.core.ids import IdError, IdKind, decode_id, encode_blob_id
from pirab.directory import policy
from pirab.directory.errors import AccountNotFound, AccountReadOnly
from pirab.directory.types import Principal, Right
from pirab.jmap import blob_content, dispatch, media, problems
from pirab.jmap import request as requests
from pirab.jmap.concurrency import PerPerson
from pirab.jmap.context import RequestContext
from pirab.jmap.http import answering_problems, json_response, signed_in
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.problems import RequestProblem
from pirab.jmap.session import session_object, session_state
from pirab.store import actions as store
from pirab.store.errors import BlobNotFound, UploadsFull

_HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
_SANDBOX: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""What a downloaded blob may do if a browser shows it after all: nothing, in an origin of its own."""
_FOREVER: Final = "private, max-age=31536000, immutable"


def _meeting_place() -> Path:
    directory: Path = settings.ENVIRONMENT.run_dir
    return directory


_requests: Final = PerPerson("maxConcurrentRequests", CORE_LIMITS.max_concurrent_requests, _meeting_place)
_uploads: Final = PerPerson("maxConcurrentUpload", CORE_LIMITS.max_concurrent_upload, _meeting_place)


@answering_problems("GET", "HEAD")
def session(request: HttpRequest) -> HttpResponse:
    """`/.well-known/jmap`: the session object."""
    caller = signed_in(request)
    return json_response(session_object(caller.principal, base_url(request)))


@answering_problems("POST")
def api(request: HttpRequest) -> HttpResponse:
    """`/jmap/`: one Request object in, one Response object out."""
    caller = signed_in(request)
    principal = caller.principal
    with _requests.hold(principal.person_id):
        body = _body(request, CORE_LIMITS.max_size_request, "maxSizeRequest", 400)
        parsed = requests.parse(request.headers.get("Content-Type", ""), body)
        created = dict(parsed.created_ids) if parsed.created_ids is not None else None
        context = RequestContext(caller, frozenset(parsed.using), created)
        return json_response(dispatch.run(parsed, context, session_state(principal)))


@answering_problems("POST")
def upload(request: HttpRequest, account_id: str) -> HttpResponse:
    """`/jmap/upload/{accountId}/`: the body becomes a blob the account may use (rfc8620#6.1)."""
    principal = signed_in(request).principal
    account = _account(principal, account_id, Right.WRITE)
    with _uploads.hold(principal.person_id):
        body = _body(request, CORE_LIMITS.max_size_upload, "maxSizeUpload", 413)
        kind = media.media_type(request.headers.get("Content-Type"))
        blob = blobs.put(body)
        try:
            store.record_upload(account, blob.digest, blob.size, kind, person=principal.person_id)
        except UploadsFull as error:
            raise problems.over_limit("maxSizeUnusedUploads", store.UPLOAD_ROOM, 413) from error
    made = {
        "accountId": account_id,
        "blobId": encode_blob_id(blob.digest),
        "type": kind,
        "size": blob.size,
    }
    return json_response(msgspec.json.encode(made), status=201)


@answering_problems("GET", "HEAD")
def download(request: HttpRequest, account_id: str, blob_id: str, name: str) -> HttpResponse:
    """`/jmap/download/{accountId}/{blobId}/{name}?accept={type}`: the octets, to be saved (rfc8620#6.2)."""
    principal = signed_in(request).principal
    account = _account(principal, account_id, Right.READ)
    tag = f'"{blob_id}"'
    try:
        blob = blob_content.accessible(account, blob_id, person=principal.person_id)
        if request.headers.get("If-None-Match") == tag:
            response = HttpResponse(status=304)
        else:
            kind = media.media_type(request.GET.get("accept") or request.GET.get("type"))
            response = HttpResponse(blob_content.content(blob), content_type=kind)
            response["Content-Length"] = str(len(response.content))
    except BlobNotFound as error:
        raise problems.not_found() from error
    response["ETag"] = tag
    response["Cache-Control"] = _FOREVER
    response["Content-Disposition"] = media.attachment_disposition(name)
    response["Content-Security-Policy"] = _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response


def base_url(request: HttpRequest) -> str:
    """`scheme://host[:port]` for absolute links: the configured one, or in development what the client used.

    A developer reaches the service as localhost, by address or through a tunnel, and each should work. In
    production the Host header is never trusted.
    """
    environment = settings.ENVIRONMENT
    configured: str = environment.public_url
    is_default = configured == f"http://localhost:{environment.ports.http}"
    host = request.headers.get("Host", "")
    if environment.is_production or not is_default or not _HOST.fullmatch(host):
        return configured
    scheme = "https" if request.headers.get("X-Forwarded-Proto") == "https" else "http"
    return f"{scheme}://{host}"


def _body(request: HttpRequest, largest: int, limit: str, status: int) -> bytes:
    """The whole body; raises `RequestProblem` when it is larger than `largest` octets or was cut short."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if "Transfer-Encoding" in request.headers and length == "0":
        raise RequestProblem("about:blank", "Say how long the body is.", status=411)
    if not length.isascii() or not length.isdigit() or len(length) > 18:
        raise RequestProblem("about:blank", "Content-Length is not a number.", status=400)
    announced = int(length)
    if announced > largest:
        raise problems.over_limit(limit, largest, status)
    try:
        body: bytes = request.read(announced)
    except UnreadablePostError:
        body = b""
    if len(body) != announced:
        raise RequestProblem("about:blank", "The body is shorter than announced.", status=400)
    return body


def _account(principal: Principal, account_id: str, right: Right) -> int:
    try:
        account = decode_id(IdKind.ACCOUNT, account_id)
        policy.require_account(principal, account, right)
    except (IdError, AccountNotFound) as error:
        raise problems.not_found() from error
    except AccountReadOnly as error:
        raise RequestProblem("about:blank", error.message, status=403) from error
    return account
