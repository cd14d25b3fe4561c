"""Whole mailboxes leave as one file that can be fetched in pieces."""

from __future__ import annotations

import io
import json
import mailbox
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pirab.core import clock, db
from pirab.core.ids import IdKind, decode_id, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import MailboxDraft
from pirab.transfer import actions, planning, queries, stream, zip_format
from pirab.transfer.types import ExportState, Format
from tests.conftest import Member, letter

BORN = datetime(2026, 3, 1, 2, 3, 4, tzinfo=UTC)


class Desk:
    """A person at the REST door."""

    def __init__(self, member: Member, account_id: int | None = None) -> None:
        self.member = member
        self.account = account_id or member.account_id
        self.base = f"/api/v1/accounts/{encode_id(IdKind.ACCOUNT, self.account)}/exports"
        self.headers = {"Authorization": f"Bearer {member.token}"}
        self.client = Client()

    def get(self, path: str = "", **headers: str) -> Any:
        return self.client.get(self.base + path, headers=self.headers | headers)

    def begin(self, **wanted: Any) -> str:
        response = self.client.post(self.base, wanted, content_type="application/json", headers=self.headers)
        assert response.status_code == 201, response.content
        name: str = response.json()["id"]
        return name

    def planned(self, **wanted: Any) -> str:
        name = self.begin(**wanted)
        key = decode_id(IdKind.TRANSFER, name)
        while planning.plan_some(self.account, key) is not ExportState.READY:
            pass
        return name

    def download(self, name: str, **headers: str) -> bytes:
        response = self.get(f"/{name}/content", **headers)
        assert response.status_code in (200, 206), response.content
        octets = b"".join(response.streaming_content)
        assert len(octets) == int(response["Content-Length"])
        return octets


@pytest.fixture
def desk(member: Member) -> Desk:
    return Desk(member)


def put(
    account: int,
    count: int,
    name: str = "โครงการ/ปี ๒๕๖๙",
    keywords: tuple[str, ...] = ("$seen", "งาน".encode().hex()),
) -> list[bytes]:
    box = store.create_mailbox(account, MailboxDraft(name))
    below = store.create_mailbox(account, MailboxDraft("..", parent_id=box))
    letters = [letter(f"ฉบับที่ {index}", "From me\r\n>From you\r\n") for index in range(count)]
    for index, raw in enumerate(letters):
        store.create_email(
            account,
            store.ensure_message(raw),
            {below if index % 2 else box},
            keywords,
            BORN + timedelta(days=index),
        )
    return letters


def test_a_zip_holds_every_letter_unchanged_and_where_it_was(desk: Desk) -> None:
    letters = put(desk.account, 5)
    name = desk.planned()
    octets = desk.download(name)
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert [archive.read(each) for each in names[:-1]] == letters
        lines = [json.loads(line) for line in archive.read("manifest.jsonl").splitlines()]
        assert archive.infolist()[0].date_time == (2026, 3, 1, 9, 3, 4)
    assert names[0].startswith("โครงการ∕ปี ๒๕๖๙/e")
    assert names[1].startswith("โครงการ∕ปี ๒๕๖๙/__/e")
    assert [line["file"] for line in lines] == names[:-1]
    assert lines[0]["receivedAt"] == "2026-03-01T02:03:04Z"
    assert "$seen" in lines[0]["keywords"]
    status = desk.get(f"/{name}").json()
    assert (status["state"], status["done"], status["size"]) == ("ready", 5, len(octets))


def test_an_mbox_is_read_by_others(desk: Desk, tmp_path: Path) -> None:
    letters = put(desk.account, 3, keywords=("$seen", "$flagged"))
    path = tmp_path / "all.mbox"
    path.write_bytes(desk.download(desk.planned(format="mbox")))
    found = list(mailbox.mbox(path))
    assert len(found) == 3
    assert [each.get_flags() for each in found] == ["FRO"] * 3 or [each.get_flags() for each in found] == [
        "ROF"
    ] * 3
    body = found[0].get_payload(decode=True)
    assert isinstance(body, bytes)
    original = letters[0].replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    assert body.replace(b">From me", b"From me").replace(b">>From", b">From").rstrip() == original.rstrip()


@pytest.mark.parametrize("form", ["zip", "mbox"])
def test_a_cut_download_goes_on_anywhere(desk: Desk, form: str) -> None:
    put(desk.account, 4)
    name = desk.planned(format=form)
    whole = desk.download(name)
    assert desk.download(name) == whole
    store.destroy_emails(desk.account, stored.all_email_ids(desk.account, 10)[:2])
    for place in (0, 1, 40, len(whole) // 3, len(whole) // 2, len(whole) - 300, len(whole) - 1):
        response = desk.get(f"/{name}/content", Range=f"bytes={place}-")
        assert b"".join(response.streaming_content) == whole[place:]
        assert response.status_code == (206 if place else 200)
    assert desk.download(name, Range="bytes=10-19") == whole[10:20]
    assert desk.download(name, Range="bytes=-7") == whole[-7:]
    assert desk.download(name, **{"Range": "bytes=5-", "If-Range": '"other"'}) == whole
    assert desk.download(name, **{"Range": "bytes=5-", "If-Range": f'"{name}"'}) == whole[5:]


@pytest.mark.parametrize(
    "given", ["bytes=9-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=1-2,4-5", "bytes=๑-๒"]
)
def test_what_is_no_range_means_all(desk: Desk, given: str) -> None:
    put(desk.account, 1)
    name = desk.planned()
    whole = desk.download(name)
    assert desk.download(name, Range=given.encode().decode("latin-1")) == whole


def test_a_range_behind_the_end_is_refused(desk: Desk) -> None:
    name = desk.planned()
    size = len(desk.download(name))
    response = desk.get(f"/{name}/content", Range=f"bytes={size}-")
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{size}")


def test_a_killed_worker_goes_on_and_new_mail_moves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(desk.account, 6)
    monkeypatch.setattr(planning, "LETTERS_AT_ONCE", 2)
    key = decode_id(IdKind.TRANSFER, desk.begin())
    assert planning.plan_some(desk.account, key) is ExportState.PLANNING
    first = list(queries.items(desk.account, key))
    monkeypatch.setattr(planning, "_note", _dies)
    with pytest.raises(KeyboardInterrupt):
        planning.plan_some(desk.account, key)
    monkeypatch.undo()
    put(desk.account, 1, name="ใหม่")
    while planning.plan_some(desk.account, key) is not ExportState.READY:
        pass
    assert list(queries.items(desk.account, key))[:2] == first
    octets = b"".join(stream.octets(queries.export(desk.account, key)))
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert len(archive.namelist()) == 8


def _dies(*_: object) -> None:
    raise KeyboardInterrupt


def test_only_the_chosen_mailboxes(desk: Desk) -> None:
    put(desk.account, 4)
    box = next(row for row in stored.mailboxes(desk.account) if row.name == "..")
    octets = desk.download(desk.planned(mailboxIds=[encode_id(IdKind.MAILBOX, box.id)]))
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert len(archive.namelist()) == 3


def test_beyond_four_gigabytes_the_wide_records_are_used() -> None:
    far = zip_format.Entry("ก.eml", 5, 7, 2**33, BORN)
    assert len(zip_format.central_record(far)) == zip_format.central_length(far.path, far.start)
    end = zip_format.end_of_archive(70_000, 2**33, 100)
    assert end.startswith(b"PK\x06\x06")
    assert len(end) == 56 + 20 + 22


@pytest.mark.parametrize(
    "wanted",
    [
        {"format": "pst"},
        {"mailboxIds": ["m1"]},
        {"mailboxIds": []},
        {"mailboxIds": ["../x"]},
        {"mailboxIds": 7},
    ],
)
def test_bad_wishes(desk: Desk, wanted: dict[str, Any]) -> None:
    response = desk.client.post(desk.base, wanted, content_type="application/json", headers=desk.headers)
    assert response.status_code == 422


def test_no_more_than_a_few_and_they_are_forgotten(desk: Desk) -> None:
    names = [desk.planned() for _ in range(actions.MOST_EXPORTS)]
    response = desk.client.post(desk.base, {}, content_type="application/json", headers=desk.headers)
    assert response.status_code == 409
    assert desk.client.delete(f"{desk.base}/{names[0]}", headers=desk.headers).status_code == 204
    assert desk.get(f"/{names[0]}").status_code == 404
    db.execute(
        "update transfer_export set created_at = %s where account_id = %s",
        (clock.now() - timedelta(days=4), desk.account),
    )
    assert actions.forget_exports() >= 4
    assert desk.get().json() == []


def test_how_much_there_is_to_do(desk: Desk) -> None:
    put(desk.account, 3)
    boxes = [encode_id(IdKind.MAILBOX, box.id) for box in stored.mailboxes(desk.account) if box.total_emails]
    desk.begin()
    desk.begin(mailboxIds=boxes)
    told = [(each["done"], each["total"]) for each in desk.get().json()]
    assert told == [(0, 3), (0, 3)]


def test_unready_is_said(desk: Desk) -> None:
    assert desk.get(f"/{desk.begin()}/content").status_code == 409


def test_other_people_and_nobody(desk: Desk, stranger: Member, make_member: Callable[..., Member]) -> None:
    put(desk.account, 1)
    name = desk.planned()
    other = Desk(stranger, desk.account)
    assert {other.get(path).status_code for path in ("", f"/{name}", f"/{name}/content")} == {404}
    assert (
        other.client.post(other.base, {}, content_type="application/json", headers=other.headers).status_code
        == 404
    )
    assert other.client.delete(f"{other.base}/{name}", headers=other.headers).status_code == 404
    own = Desk(stranger)
    assert own.get(f"/{name}/content").status_code == 404
    assert Client().get(f"{desk.base}/{name}/content").status_code == 401
    directory.grant(stranger.person_id, desk.account, Role.READER)
    assert other.get(f"/{name}").status_code == 200
    assert desk.get("/x0").status_code == desk.get("/..%2f").status_code == 404


@pytest.mark.parametrize("form", list(Format))
def test_an_empty_account(desk: Desk, form: Format) -> None:
    octets = desk.download(desk.planned(format=form.value))
    if form is Format.ZIP:
        assert zipfile.ZipFile(io.BytesIO(octets)).namelist() == ["manifest.jsonl"]
    else:
        assert octets == b""
