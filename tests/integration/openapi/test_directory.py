"""The directory over REST: finding, walking, publishing, and the brake on carrying it away."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from pirab.core import db
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions
from pirab.directory.finding import reading
from pirab.directory.types import AccountKind, DutyKind, Scope
from pirab.openapi import organisation, saraban_addresses
from pirab.openapi.directory import EntryShown, PeopleFound
from pirab.signin import tokens
from tests.integration.finding.government import Government, government

__all__ = ["government"]
BASE = "/api/v1/directory"
PURPOSE = "จัดทำหนังสือเชิญประชุมผู้บริหาร"


class Caller:
    """Somebody of the small government with a token."""

    def __init__(self, government: Government, name: str) -> None:
        self.key = government.people[name]
        self.headers = {"Authorization": f"Bearer {tokens.issue_token(self.key, 'test')}"}

    def get(self, path: str, **query: Any) -> Any:
        return Client().get(f"{BASE}{path}", query, headers=self.headers)

    def post(self, path: str, body: Any) -> Any:
        return Client().post(f"{BASE}{path}", json.dumps(body), "application/json", headers=self.headers)


@pytest.fixture
def caller(government: Government) -> Caller:
    return Caller(government, "somsak")


def unit_id(government: Government, name: str) -> str:
    return encode_id(IdKind.AGENCY, government.units[name])


def test_people_are_found_with_their_place(government: Government, caller: Caller) -> None:
    answer = caller.get("/search", q="ผอ.กองคลัง").json()
    first = answer["people"][0]
    assert (first["nameTh"], first["posts"][0]["titleTh"]) == ("สมชาย ใจดี", "ผู้อำนวยการ")
    names = {unit["id"]: unit["nameTh"] for unit in answer["units"]}
    assert names[first["unitId"]] == "กองคลัง"
    path = next(unit["path"] for unit in answer["units"] if unit["id"] == first["unitId"])
    assert [names[key] for key in path] == ["กระทรวงมหาดไทย", "กรมการปกครอง", "กองคลัง"]
    assert answer["isExact"]
    assert answer["next"] is None


def test_answers_are_as_they_are_described(government: Government, caller: Caller) -> None:
    person = encode_id(IdKind.PERSON, government.people["somchai"])
    unit = f"/units/{unit_id(government, 'cgd')}"
    for path, shape in (
        ("/search?q=ส", PeopleFound),
        (f"/people/{person}", EntryShown),
        ("/units", organisation.Children),
        (unit, organisation.UnitWhole),
        (f"{unit}/children", organisation.Children),
        (f"{unit}/posts", organisation.Posts),
        (f"{unit}/people", organisation.People),
        ("/saraban-addresses", saraban_addresses.SarabanAddresses),
    ):
        answer = caller.get(path).json()
        assert shape.model_validate(answer).model_dump(by_alias=True, mode="json") == answer, path


def test_pages_lead_to_each_other(caller: Caller) -> None:
    first = caller.get("/search", q="ส", limit=2).json()
    second = caller.get("/search", q="ส", limit=2, cursor=first["next"]).json()
    assert len(first["people"]) == len(second["people"]) == 2
    assert not {each["id"] for each in first["people"]} & {each["id"] for each in second["people"]}


@pytest.mark.parametrize("cursor", ["0", "-1", "200", "999999999", "x", "1e1", "๑", "", "1\0"])
def test_nobody_pages_deep(caller: Caller, cursor: str) -> None:
    assert caller.get("/search", q="ส", cursor=cursor).status_code == 422


HOSTILE = [
    "%", "_", "%%", "\\", "\\%", "*", ".*", "'", '"', "[[:alpha:]]", "ก%", "%ก%", "*@*", "@", "@.", ".", "..", "--",
    "' or true --", "\x00", "สม\x00ชาย", "\u202eยาชมส", "\u200b", "🙂", "{}", "%5", "(((((", "\ufffe", "ๆ", "ฯ",
    "์" * 200,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_wildcards_find_nobody_and_break_nothing(caller: Caller, text: str) -> None:
    answer = caller.get("/search", q=text)
    assert answer.status_code == 200, answer.content
    assert len(answer.json()["people"]) <= 3


@pytest.mark.parametrize("text", ["ก" * 10_000, "a " * 5_000, "1" * 10_000, "@" * 201])
def test_long_questions_are_refused(caller: Caller, text: str) -> None:
    assert caller.get("/search", q=text).status_code == 422


@pytest.mark.parametrize(
    "text", ["ก" * 200, "ก " * 100, "a." * 100, "1" * 200, "ส ม ช า ย " * 20, "x@" * 100]
)
def test_the_longest_questions_are_answered(caller: Caller, text: str) -> None:
    assert caller.get("/search", q=text).status_code == 200


def test_direction_marks_and_nul_do_not_hide_a_name(caller: Caller) -> None:
    for text in ("\u202eสมชาย\u202c ใจดี", "สม\u200bชาย ใจดี", "สมชาย\x00 ใจดี"):
        assert caller.get("/search", q=text).json()["people"][0]["nameTh"] == "สมชาย ใจดี"


def test_nobody_is_found_without_signing_in(government: Government) -> None:
    for path in ("/search?q=x", "/units", "/bulk-reads", f"/units/{unit_id(government, 'moi')}/people"):
        assert Client().get(f"{BASE}{path}").status_code == 401


def test_a_token_for_mail_alone_opens_no_directory(government: Government) -> None:
    token = "only-for-mail"
    tokens.record_token(government.people["somsak"], token, "mail", [Scope.MAIL])
    answer = Client().get(f"{BASE}/search?q=ส", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_an_entry_shows_all_and_hides_what_is_hidden(government: Government, caller: Caller) -> None:
    person = government.people["somchai"]
    actions.edit_profile(person, {"expertise": "การคลัง", "about": "ชอบวิ่ง"}, 1)
    path = f"/people/{encode_id(IdKind.PERSON, person)}"
    shown = caller.get(path).json()
    assert (shown["expertise"], shown["about"], shown["mobile"]) == ("การคลัง", "ชอบวิ่ง", "081 234 5678")
    actions.choose_hidden(person, ["about", "expertise", "mobile"], 2)
    shown = caller.get(path).json()
    assert (shown["expertise"], shown["about"], shown["mobile"]) == ("", "", "")
    assert shown["officePhone"] == "02 221 0001"
    actions.set_listed(person, 3, is_listed=False)
    assert caller.get(path).status_code == 404


@pytest.mark.parametrize("key", ["n1", "nzzzzzzzzzzzzz", "x", "a1", "N1", "n0", "n01"])
def test_ids_that_name_nobody_look_alike(caller: Caller, key: str) -> None:
    assert caller.get(f"/people/{key}").status_code == 404
    assert caller.get(f"/people/{key}/picture").status_code == 404
    assert caller.get(f"/units/{key}").status_code == 404


def test_the_tree_is_walked_down_to_posts(government: Government, caller: Caller) -> None:
    roots = caller.get("/units").json()["items"]
    assert "กระทรวงมหาดไทย" in [unit["nameTh"] for unit in roots]
    ministry = next(unit for unit in roots if unit["nameTh"] == "กระทรวงการคลัง")
    assert ministry["hasChildren"]
    department = caller.get(f"/units/{ministry['id']}/children").json()["items"][0]
    assert [unit["nameTh"] for unit in caller.get(f"/units/{department['id']}").json()["above"]] == [
        "กระทรวงการคลัง",
        "กรมบัญชีกลาง",
    ]
    head, deputy = caller.get(f"/units/{department['id']}/posts").json()["items"]
    assert head["holders"][0]["person"]["nameTh"] == "ศิริพร บุญมี"
    assert (deputy["titleTh"], deputy["holders"][0]["isActing"]) == ("รองอธิบดี", True)
    assert head["writeTo"] == ["siriporn.b@mof.go.test"]


def test_an_empty_post_is_written_to_at_the_central_address(government: Government, caller: Caller) -> None:
    unit = government.units["opdc"]
    actions.ensure_domain("opdc.go.test", unit)
    account = actions.open_account("สารบรรณ", AccountKind.SHARED, None, unit)
    actions.add_address(account, "saraban@opdc.go.test")
    actions.create_post(unit, "รองเลขาธิการ", position=9)
    empty = caller.get(f"/units/{unit_id(government, 'opdc')}/posts").json()["items"][-1]
    assert (empty["holders"], empty["writeTo"]) == ([], ["saraban@opdc.go.test"])
    assert caller.get(f"/units/{unit_id(government, 'opdc')}").json()["writeTo"] == ["saraban@opdc.go.test"]


@pytest.mark.parametrize(
    ("path", "limit"), [("/units", 2), ("/units/{opdc}/people", 1), ("/units/{opdc}/posts", 1)]
)
def test_lists_are_paged_without_gaps(government: Government, caller: Caller, path: str, limit: int) -> None:
    path = path.replace("{opdc}", unit_id(government, "opdc"))
    whole = [each["id"] for each in caller.get(path, limit=100).json()["items"]]
    pages, cursor = [], None
    while True:
        page = caller.get(path, limit=limit, **({"cursor": cursor} if cursor else {})).json()
        pages += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == whole
    assert len(whole) > limit


@pytest.mark.parametrize("cursor", ["x", "W10", "WzFd", "bnVsbA", "!!", "WzEsIlx1MDAwMCIsMV0", "e30"])
def test_cursors_that_were_never_given_are_refused(
    government: Government, caller: Caller, cursor: str
) -> None:
    for path in (
        "/units",
        f"/units/{unit_id(government, 'moi')}/people",
        f"/units/{unit_id(government, 'moi')}/posts",
    ):
        assert caller.get(path, cursor=cursor).status_code == 422


def test_central_addresses_are_public_and_machine_readable(government: Government) -> None:
    unit = government.units["moi"]
    actions.ensure_domain("moi.go.test", unit)
    for name, address in (("สารบรรณ", "saraban@moi.go.test"), ("สารบรรณกลาง", "saraban.klang@moi.go.test"),
                          ("ไม่ใช่", "sarabanist@moi.go.test")):  # fmt: skip
        actions.add_address(actions.open_account(name, AccountKind.SHARED, None, unit), address)
    saraban_addresses.forget_kept()
    answer = Client().get(f"{BASE}/saraban-addresses")
    assert {row["address"] for row in answer.json()["addresses"]} == {
        "saraban@moi.go.test",
        "saraban.klang@moi.go.test",
    }
    assert "public" in answer["Cache-Control"]
    again = Client().get(f"{BASE}/saraban-addresses", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    table = Client().get(f"{BASE}/saraban-addresses.csv").content.decode("utf-8-sig")
    assert [row["agencyTh"] for row in csv.DictReader(io.StringIO(table))] == ["กระทรวงมหาดไทย"] * 2


def test_taking_many_needs_a_purpose_and_is_on_record(government: Government, caller: Caller) -> None:
    wanted = {"unitId": unit_id(government, "cgd"), "purpose": " "}
    assert caller.post("/exports", wanted).status_code == 422
    answer = caller.post("/exports", wanted | {"purpose": PURPOSE})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 7
    officer = Caller(government, "wichai")
    assert officer.get("/bulk-reads").status_code == 403
    actions.appoint(officer.key, None, DutyKind.OPERATOR)
    record = officer.get("/bulk-reads").json()["items"]
    assert [(each["login"], each["entries"], each["purpose"]) for each in record] == [
        ("somsak.p@moi.go.test", 7, PURPOSE)
    ]


def test_no_cell_of_an_export_is_a_formula(government: Government, caller: Caller) -> None:
    actions.edit_profile(government.people["wanna"], {"given_th": "=cmd|' /C calc'!A0", "extension": "+1"}, 1)
    wanted = {"unitId": unit_id(government, "opdc"), "purpose": PURPOSE}
    table = caller.post("/exports", wanted).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_nobody_takes_more_than_the_measure_of_a_day(
    government: Government, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_TAKEN_A_DAY", 10)
    wanted = {"unitId": unit_id(government, "cgd"), "purpose": PURPOSE}
    assert caller.post("/exports", wanted).status_code == 200
    refused = caller.post("/exports", wanted)
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/problem+json")
    assert Caller(government, "wanna").post("/exports", wanted).status_code == 200
    monkeypatch.setattr(reading, "MOST_TAKEN_AT_ONCE", 3)
    assert Caller(government, "prasert").post("/exports", wanted).status_code == 429
    assert db.scalar("select sum(entries) from finding_bulk_read") == 14


def test_who_looks_up_far_too_many_is_stopped_for_the_day(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_SEEN_A_DAY", 8)
    statuses = [caller.get("/search", q="ส", limit=5).status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    assert caller.get("/units").status_code == 429
