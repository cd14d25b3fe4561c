"""Mail that people bring along: exactly once, scanned, and nothing hostile gets anywhere."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from pirab.core.ids import IdKind, decode_id, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.scanning.errors import ScannerUnavailable
from pirab.scanning.types import Action, Verdict
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import MailboxDraft
from pirab.transfer import importing, imports, incoming, parts, planning, queries, stream
from pirab.transfer.actions import begin_export
from pirab.transfer.errors import ImportTooLarge
from pirab.transfer.paths import mailbox_paths
from pirab.transfer.types import ExportState, Format, Import, ImportFormat, ImportState
from tests.conftest import Member, letter

BORN = datetime(2026, 3, 1, 2, 3, 4, tzinfo=UTC)
State = dict[bytes, tuple[frozenset[str], frozenset[str], datetime]]


@pytest.fixture(autouse=True)
def scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    def scan(raw: bytes, _: object) -> Verdict:
        return Verdict(Action.REJECT if b"EICAR" in raw else Action.ACCEPT)

    monkeypatch.setattr(importing, "scan", scan)


def bring(account: int, form: ImportFormat, content: bytes, part: int = 10**6) -> Import:
    key = imports.begin_import(account, form)
    for start in range(0, len(content), part):
        imports.add_part(account, key, start, content[start : start + part])
    imports.start_import(account, key)
    importing.import_some(account, key, lambda: False)
    return imports.import_of(account, key)


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def contents(account: int) -> State:
    paths = mailbox_paths(stored.mailboxes(account))
    views = stored.email_views(account, stored.all_email_ids(account, 1000))
    return {
        view.digest: (
            view.email.keywords,
            frozenset(paths[box] for box in view.email.mailbox_ids),
            view.email.received_at,
        )
        for view in views
    }


@pytest.mark.parametrize("form", list(Format))
def test_what_leaves_comes_back_the_same(make_member: Callable[..., Member], form: Format) -> None:
    old, new = make_member().account_id, make_member().account_id
    box = store.create_mailbox(old, MailboxDraft("โครงการ/ปี ๒๕๖๙"))
    below = store.create_mailbox(old, MailboxDraft("ย่อย", parent_id=box))
    inbox = stored.mailboxes(old)[0].id
    for index, keywords in enumerate([("$seen",), ("$flagged", "ngan"), ("$draft", "$answered"), ()]):
        raw = letter(f"ฉบับ {index}", "From me\nFrom you\n>From all\n")
        store.create_email(
            old, store.ensure_message(raw), {below if index % 2 else inbox, box}, keywords, BORN
        )
    key = begin_export(old, form, None)
    while planning.plan_some(old, key) is not ExportState.READY:
        pass
    octets = b"".join(stream.octets(queries.export(old, key)))
    result = bring(new, ImportFormat(form.value), octets, 777)
    assert (result.state, result.imported, result.problems) == (ImportState.DONE, 4, 0)
    assert contents(new) == contents(old)
    again = bring(new, ImportFormat(form.value), octets)
    assert (again.imported, again.duplicates) == (0, 4)
    assert stored.wrong_counters(new) == []


def test_a_maildir_keeps_folders_and_flags(member: Member) -> None:
    files = {"Maildir/.งาน.ด่วน/cur/1.host:2,FS": letter("a"), "Maildir/.งาน/new/2.host": letter("b")}
    assert bring(member.account_id, ImportFormat.ZIP, zipped(files)).imported == 2
    found = sorted((sorted(each[0]), *each[1]) for each in contents(member.account_id).values())
    assert found == [([], "Maildir/งาน"), (["$flagged", "$seen"], "Maildir/งาน/ด่วน")]


def test_names_without_a_charset_are_read_as_thai(member: Member) -> None:
    content = zipped({"XXXX/1.eml": letter("a")}).replace(b"XXXX", "หนู".encode("cp874") + b"1")
    bring(member.account_id, ImportFormat.ZIP, content)
    assert [box.name for box in stored.mailboxes(member.account_id) if box.role is None] == ["หนู1"]


def test_hostile_archives(member: Member) -> None:
    encrypted = bytearray(zipped({"a.eml": letter("secret")}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.find(mark) + place] |= 1
    files = {
        "../../etc/passwd/1.eml": letter("climbs"),
        "/abs\\..\\x/2.eml": letter("absolute"),
        "bomb.eml": b"Subject: x\r\n\r\n" + b"0" * 60_000_000,
        "virus.eml": letter("v", "EICAR"),
        "picture.png": b"\x89PNG",
        "empty.eml": b"",
        "noise.eml": bytes(range(256)) * 10,
        "manifest.jsonl": b'{"file": "bomb.eml", "keywords": 7}\n[]\n',
    }
    result = bring(member.account_id, ImportFormat.ZIP, zipped(files))
    told = dict(imports.problems_of(member.account_id, result.id))
    assert (result.state, result.imported) == (ImportState.DONE, 2)
    assert told == {
        "bomb.eml": "tooLarge",
        "virus.eml": "infected",
        "picture.png": "notMail",
        "empty.eml": "notMail",
        "noise.eml": "notMail",
    }
    paths = {path for _, boxes, _ in contents(member.account_id).values() for path in boxes}
    assert paths == {"etc/passwd", "abs/x"}
    locked = bring(member.account_id, ImportFormat.ZIP, bytes(encrypted))
    assert imports.problems_of(member.account_id, locked.id) == [("a.eml", "encrypted")]


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip" * 100, zipped({"a.eml": letter()})[:-30]])
def test_what_is_no_archive_fails_whole(member: Member, content: bytes) -> None:
    result = bring(member.account_id, ImportFormat.ZIP, content)
    assert result.state is ImportState.FAILED
    assert imports.problems_of(member.account_id, result.id) == [("", "notZip")]


def test_a_directory_too_large_to_read_is_refused(member: Member) -> None:
    content = bytearray(zipped({"a.eml": letter()}))
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = (10**9).to_bytes(4, "little")
    assert bring(member.account_id, ImportFormat.ZIP, bytes(content)).state is ImportState.FAILED


def test_no_reading_is_as_large_as_a_file_asks_for(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second, false record in front of the true one hides how large the directory is."""
    monkeypatch.setattr(parts, "MOST_AT_ONCE", 70_000)
    padding = b"PK\x01\x02" + b"\0" * 100_000
    wide = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(padding), 0)
    locator = struct.pack("<4sL8sL", b"PK\x06\x07", 0, (0).to_bytes(8, "little"), 1)
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    result = bring(member.account_id, ImportFormat.ZIP, padding + wide + locator + end)
    assert imports.problems_of(member.account_id, result.id) == [("", "notZip")]


def test_entries_that_unpack_to_too_much_are_not_begun(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST_EXPANDED", 1_000_000)
    files = {f"{number}.eml": b"Subject: x\r\n\r\n" + b"0" * 300_000 for number in range(4)}
    result = bring(member.account_id, ImportFormat.ZIP, zipped(files))
    assert (result.state, result.imported) == (ImportState.FAILED, 0)
    assert imports.problems_of(member.account_id, result.id) == [("", "tooMuch")]


def test_a_file_that_is_no_mail_ends(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "TOO_MANY_PROBLEMS", 50)
    result = bring(member.account_id, ImportFormat.MBOX, b"From x\n\n\n" * 10_000)
    assert (result.state, result.problems) == (ImportState.FAILED, 51)
    assert imports.problems_of(member.account_id, result.id)[-1] == ("", "tooManyProblems")


def test_a_hundred_thousand_from_lines_take_no_more_than_their_length(member: Member) -> None:
    """Each line of the text below begins like a letter and follows no empty line: it is one letter."""
    text = b"From a\nSubject: x\n\n" + b"From b\n" * 100_000
    assert bring(member.account_id, ImportFormat.MBOX, text).imported == 1


def test_all_imports_of_an_account_share_one_room(
    make_member: Callable[..., Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGEST_IMPORT", 100)
    account = make_member().account_id
    first, second = (imports.begin_import(account, ImportFormat.ZIP) for _ in range(2))
    imports.add_part(account, first, 0, b"x" * 60)
    imports.add_part(account, second, 0, b"x" * 40)
    with pytest.raises(ImportTooLarge):
        imports.add_part(account, second, 40, b"x")
    imports.delete_import(account, first)
    imports.add_part(account, second, 40, b"x")


def test_a_killed_worker_and_a_scanner_that_is_away(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    account = member.account_id
    key = imports.begin_import(account, ImportFormat.ZIP)
    imports.add_part(account, key, 0, zipped({f"{index}.eml": letter(f"{index}") for index in range(4)}))
    imports.start_import(account, key)
    assert importing.import_some(account, key, lambda: True) is ImportState.RUNNING
    with monkeypatch.context() as patch:
        patch.setattr(importing, "scan", _away)
        with pytest.raises(ScannerUnavailable):
            importing.import_some(account, key, lambda: False)
    assert imports.import_of(account, key).imported == 1
    assert importing.import_some(account, key, lambda: False) is ImportState.DONE
    assert imports.import_of(account, key).imported == stored.usage(account).email_count == 4


def _away(*_: object) -> Verdict:
    raise ScannerUnavailable("away")


def test_a_full_account_takes_what_fits(make_member: Callable[..., Member]) -> None:
    files = {f"{index}.eml": letter(f"{index}", "x" * 1000) for index in range(3)}
    account = make_member(quota_bytes=len(files["0.eml"]) + 100).account_id
    result = bring(account, ImportFormat.ZIP, zipped(files))
    assert (result.imported, result.problems) == (1, 2)


def test_the_door(member: Member, stranger: Member) -> None:
    from django.test import Client

    client, headers = Client(), {"Authorization": f"Bearer {member.token}"}
    base = f"/api/v1/accounts/{encode_id(IdKind.ACCOUNT, member.account_id)}/imports"
    made = client.post(base, {"format": "eml"}, content_type="application/json", headers=headers)
    assert made.status_code == 201
    one, raw = f"{base}/{made.json()['id']}", letter("ก")

    def put(content: bytes, start: int, who: dict[str, str] = headers) -> Any:
        path = f"{one}/content?start={start}"
        return client.put(path, content, content_type="application/octet-stream", headers=who)

    assert put(raw[:50], 0).json()["received"] == 50
    assert put(raw[:50], 0).json()["received"] == 50
    assert put(raw[60:], 60).status_code == put(raw[:10], -1).status_code == 409
    assert put(b"", 50).status_code in (411, 413)
    assert put(raw[50:], 50).json()["received"] == len(raw)
    other = {"Authorization": f"Bearer {stranger.token}"}
    assert {put(b"x", 0, other).status_code, client.get(one, headers=other).status_code} == {404}
    assert client.post(f"{one}/start", headers=other).status_code == 404
    assert client.delete(one, headers=other).status_code == 404
    assert client.get(one).status_code == 401
    directory.grant(stranger.person_id, member.account_id, Role.READER)
    assert client.get(one, headers=other).status_code == 403
    assert client.post(f"{one}/start", headers=headers).json()["state"] == "running"
    assert put(b"x", len(raw)).status_code == 409
    importing.import_some(member.account_id, decode_id(IdKind.TRANSFER, made.json()["id"]), lambda: False)
    assert client.get(one, headers=headers).json()["imported"] == 1
    assert client.get(f"{one}/problems", headers=headers).json() == []
    assert client.delete(one, headers=headers).status_code == 204


def test_its_owner_finds_it_again(member: Member, stranger: Member) -> None:
    from django.test import Client

    client, headers = Client(), {"Authorization": f"Bearer {member.token}"}
    base = f"/api/v1/accounts/{encode_id(IdKind.ACCOUNT, member.account_id)}/imports"

    def begin(**wanted: Any) -> Any:
        return client.post(base, wanted, content_type="application/json", headers=headers)

    content = zipped({f"{index}.eml": letter(f"{index}") for index in range(4)})
    one = begin(name="จดหมาย เก่า.zip", size=len(content)).json()
    path = f"{base}/{one['id']}/content?start=0"
    client.put(path, content, content_type="application/octet-stream", headers=headers)
    (listed,) = client.get(base, headers=headers).json()
    assert (listed["name"], listed["size"], listed["received"]) == (
        "จดหมาย เก่า.zip",
        len(content),
        len(content),
    )
    assert (listed["state"], listed["progress"]) == ("receiving", None)
    client.post(f"{base}/{one['id']}/start", headers=headers)
    key = decode_id(IdKind.TRANSFER, one["id"])
    importing.import_some(member.account_id, key, lambda: True)
    assert client.get(base, headers=headers).json()[0]["progress"] == 0.25
    importing.import_some(member.account_id, key, lambda: False)
    assert client.get(base, headers=headers).json()[0]["progress"] == 1
    other = {"Authorization": f"Bearer {stranger.token}"}
    assert client.get(base, headers=other).status_code == 404
    assert client.get(base).status_code == 401
    directory.grant(stranger.person_id, member.account_id, Role.READER)
    assert client.get(base, headers=other).status_code == 403
    bad = ({"name": "x" * 256}, {"name": "a\0b"}, {"name": 7}, {"size": -1}, {"size": "many"})
    assert {begin(**wanted).status_code for wanted in bad} == {422}
    assert begin(size=imports.LARGEST_IMPORT + 1).status_code == 413


def test_how_far_an_mbox_is(member: Member) -> None:
    content = b"".join(b"From x\n" + letter(f"{index}") + b"\n" for index in range(3))
    key = imports.begin_import(member.account_id, ImportFormat.MBOX)
    imports.add_part(member.account_id, key, 0, content)
    imports.start_import(member.account_id, key)
    importing.import_some(member.account_id, key, lambda: True)
    found = imports.import_of(member.account_id, key)
    assert (found.imported, found.total) == (1, len(content))
    assert 0 < found.place < len(content)
