"""rfc8620#6: blobs in and out."""

from __future__ import annotations

import base64
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.http import HttpResponse, UnreadablePostError

from pirab.blob.errors import BlobStoreFull
from pirab.core import clock
from pirab.core.ids import Section, SectionEncoding, decode_blob_id, encode_blob_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.jmap.limits import CORE_LIMITS
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.compliance.jmap.door import CORE, Door
from tests.conftest import letter


def upload(door: Door, data: bytes, content_type: str = "text/plain", **more: Any) -> HttpResponse:
    path = f"/jmap/upload/{more.pop('account_id', door.account_id)}/"
    headers = door.headers | more
    response: HttpResponse = door.client.post(path, data, content_type=content_type, headers=headers)  # type: ignore[assignment]
    return response


def uploaded(door: Door, data: bytes, content_type: str = "text/plain") -> dict[str, Any]:
    response = upload(door, data, content_type)
    assert response.status_code == 201, response.content
    found: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    return found


def download(door: Door, blob_id: str, name: str = "x", accept: str = "", **headers: str) -> HttpResponse:
    path = f"/jmap/download/{door.account_id}/{blob_id}/{quote(name)}"
    data = {"accept": accept} if accept else {}
    response: HttpResponse = door.client.get(path, data, headers=door.headers | headers)  # type: ignore[assignment]
    return response


@pytest.mark.parametrize("data", [b"", b"\x00\xff\r\n.\r\n", "ภาพ".encode(), bytes(range(256)) * 5000])
def test_what_goes_in_comes_out(door: Door, data: bytes) -> None:
    made = uploaded(door, data, "image/x-any; q=1")
    assert made == {
        "accountId": door.account_id,
        "blobId": made["blobId"],
        "type": "image/x-any; q=1" if data else "application/octet-stream",  # the test client's own
        "size": len(data),
    }
    response = download(door, made["blobId"], "ภาพ ถ่าย.png", "image/png")
    assert (response.status_code, response.content) == (200, data)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Length"] == str(len(data))
    assert "filename*=UTF-8''%E0%B8%A0" in response["Content-Disposition"]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"])
def test_a_blob_never_becomes_a_page_of_ours(door: Door, kind: str) -> None:
    made = uploaded(door, b"<script>alert(1)</script>", kind)
    response = download(door, made["blobId"], "a.html", kind)
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "accept", ["nonsense", "text/html\r\nX: y", "a/b; c", "ไทย/ไทย", "x" * 300 + "/y", "*/*"]
)
def test_a_type_that_is_none_becomes_octets(door: Door, accept: str) -> None:
    response = download(door, uploaded(door, b"x")["blobId"], "x", accept)
    assert response.status_code == 200
    assert response["Content-Type"] in ("application/octet-stream", "*/*")


def test_a_section_comes_with_its_encoding_undone(door: Door) -> None:
    inner = "เนื้อความ".encode() * 20
    raw = b"head\r\n\r\n" + base64.encodebytes(inner) + b"tail=20=E0\r\n"
    digest = decode_blob_id(uploaded(door, raw)["blobId"]).digest
    encoded = len(base64.encodebytes(inner))
    part = encode_blob_id(digest, Section(8, encoded, SectionEncoding.BASE64))
    assert download(door, part).content == inner
    plain = encode_blob_id(digest, Section(0, 4))
    assert download(door, plain).content == b"head"
    quoted = encode_blob_id(digest, Section(8 + encoded, 10, SectionEncoding.QUOTED_PRINTABLE))
    assert download(door, quoted).content == b"tail \xe0"
    for outside in (Section(0, len(raw) + 1), Section(2**40, 5)):
        assert download(door, encode_blob_id(digest, outside)).status_code == 404


@pytest.mark.parametrize(
    "blob_id",
    ["nonexistent", "b", "b" + "a" * 52, "B" + "a" * 52, "b" + "a" * 5000, "m1", "b" + "a" * 52 + "-0-0-9"],
)
def test_a_forged_blob_is_not_found(door: Door, blob_id: str) -> None:
    response = download(door, blob_id)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_somebody_elses_blob_looks_absent(door: Door, stranger_door: Door) -> None:
    blob_id = uploaded(stranger_door, b"secret")["blobId"]
    assert download(door, blob_id).content == download(door, "nonexistent").content
    path = f"/jmap/download/{stranger_door.account_id}/{blob_id}/x"
    response = door.client.get(path, headers=door.headers)
    assert response.status_code == 404
    assert uploaded(door, b"secret")["blobId"] == blob_id
    assert download(door, blob_id).content == b"secret"


def test_a_cached_blob_is_not_sent_again_but_still_guarded(door: Door, stranger_door: Door) -> None:
    blob_id = uploaded(door, b"once")["blobId"]
    tag = download(door, blob_id)["ETag"]
    response = download(door, blob_id, **{"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")
    assert download(stranger_door, blob_id, **{"If-None-Match": tag}).status_code == 404


def test_an_upload_over_the_limit_is_413(door: Door) -> None:
    with patch("django.core.handlers.wsgi.WSGIRequest.read", side_effect=AssertionError("must not be read")):
        response = door.client.generic(
            "POST",
            f"/jmap/upload/{door.account_id}/",
            b"",
            content_type="text/plain",
            headers=door.headers,
            CONTENT_LENGTH=str(CORE_LIMITS.max_size_upload + 1),
        )
    assert response.status_code == 413
    assert response.json()["limit"] == "maxSizeUpload"


@pytest.mark.parametrize("length", ["-1", "abc", "1.5", "9" * 30, "+5", "1_0"])
def test_a_length_that_is_no_number_is_refused(door: Door, length: str) -> None:
    response = door.client.generic(
        "POST", "/jmap/", b"{}", "application/json", headers=door.headers, CONTENT_LENGTH=length
    )
    assert response.status_code == 400


def test_an_upload_cut_short_is_refused_and_kept_nowhere(door: Door) -> None:
    path = f"/jmap/upload/{door.account_id}/"
    for fault in ({"return_value": b"123"}, {"side_effect": UnreadablePostError("connection lost")}):
        with patch("django.core.handlers.wsgi.WSGIRequest.read", **fault):
            response = door.client.generic("POST", path, b"1234567890", "text/plain", headers=door.headers)
        assert response.status_code == 400


def test_a_reader_may_download_but_not_upload(door: Door, stranger_door: Door) -> None:
    raw = letter(subject="shared")
    message = store.ensure_message(raw)
    store.deliver(message, [Delivery(stranger_door.member.account_id, clock.now())])
    directory.grant(door.member.person_id, stranger_door.member.account_id, Role.READER)
    path = f"/jmap/download/{stranger_door.account_id}/{encode_blob_id(message.digest)}/x"
    assert door.client.get(path, headers=door.headers).content == raw
    assert upload(door, b"x", account_id=stranger_door.account_id).status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_what_no_mail_uses_yet_is_its_uploaders_alone(door: Door, stranger_door: Door, role: Role) -> None:
    """rfc8620#6.1: unreferenced blobs are accessible to the uploader only, also in a shared account."""
    raw = letter(subject="not sent yet")
    blob_id = uploaded(stranger_door, raw)["blobId"]
    directory.grant(door.member.person_id, stranger_door.member.account_id, role)
    theirs, inbox = stranger_door.account_id, stranger_door.role("inbox")
    path = f"/jmap/download/{theirs}/{blob_id}/x"
    assert door.client.get(path, headers=door.headers).status_code == 404
    assert door.call("Email/parse", accountId=theirs, blobIds=[blob_id])["notFound"] == [blob_id]
    blob = "urn:ietf:params:jmap:blob"
    _, got = door.outcome("Blob/get", using=(CORE, blob), accountId=theirs, ids=[blob_id])
    assert got["notFound"] == [blob_id]
    source = {"accountId": door.account_id, "fromAccountId": theirs, "blobIds": [blob_id]}
    assert blob_id in door.call("Blob/copy", **source)["notCopied"]
    taken = {"x": {"blobId": blob_id, "mailboxIds": {inbox: True}}}
    if role is not Role.READER:
        imported = door.call("Email/import", accountId=theirs, emails=taken)
        assert imported["notCreated"]["x"]["type"] in ("blobNotFound", "invalidProperties"), imported
    assert stranger_door.call("Email/import", emails=taken)["created"]
    assert door.client.get(path, headers=door.headers).content == raw


@pytest.mark.parametrize("account_id", ["a1zzzzzz", "nonexistent", "m1"])
def test_an_upload_into_nowhere_is_not_found(door: Door, account_id: str) -> None:
    assert upload(door, b"x", account_id=account_id).status_code == 404


def test_a_full_disk_means_later(door: Door) -> None:
    with patch("pirab.blob.actions.put", side_effect=BlobStoreFull()):
        response = upload(door, b"x")
    assert response.status_code == 503
    assert response["Retry-After"]


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", 'a"b', "a\\b", "x\u202egpj.exe", "นก พิราบ.pdf", "%0d%0aX: y", ".", "a" * 5000],
)
def test_a_file_name_stays_one_name(door: Door, name: str) -> None:
    response = download(door, uploaded(door, b"x")["blobId"], name)
    assert response.status_code == 200
    value = response["Content-Disposition"]
    assert value.isascii()
    assert value.count('"') == 2
    assert not set("\r\n/\\") & set(value)
    assert "%E2%80%AE" not in value
