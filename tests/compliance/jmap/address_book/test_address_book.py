"""AddressBook/get, changes and set (rfc9610#2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.jmap.capabilities import CONTACTS, CORE, UNIT_BOOKS
from pirab.personnel import provisioning
from tests.compliance.jmap.door import Door
from tests.conftest import Member

USING = [CORE, CONTACTS]


def get(door: Door, **arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = door.call("AddressBook/get", using=USING, **{"ids": None} | arguments)[
        "list"
    ]
    return found


def change(door: Door, **arguments: Any) -> dict[str, Any]:
    return door.call("AddressBook/set", using=USING, **arguments)


def made(door: Door, name: str = "งาน", **properties: Any) -> str:
    answer = change(door, create={"k": {"name": name} | properties})
    assert answer["notCreated"] is None, answer
    return str(answer["created"]["k"]["id"])


def test_the_session_says_what_may_be_done(door: Door) -> None:
    session = door.client.get("/.well-known/jmap", headers=door.headers).json()
    assert session["capabilities"][CONTACTS] == {}
    assert session["accounts"][door.account_id]["accountCapabilities"][CONTACTS] == {
        "maxAddressBooksPerCard": None,
        "mayCreateAddressBook": True,
    }
    assert session["primaryAccounts"][CONTACTS] == door.account_id


def test_every_account_has_a_default_book(door: Door) -> None:
    [book] = get(door)
    assert book | {"id": ""} == {
        "id": "",
        "name": "Contacts",
        "description": None,
        "sortOrder": 0,
        "isDefault": True,
        "isSubscribed": True,
        "shareWith": None,
        "myRights": {"mayRead": True, "mayWrite": True, "mayShare": False, "mayDelete": False},
    }
    answer = change(door, destroy=[book["id"]])
    assert answer["notDestroyed"][book["id"]]["type"] == "forbidden"


def test_a_book_is_made_changed_and_destroyed(door: Door) -> None:
    before = door.call("AddressBook/get", using=USING, ids=None)
    key = made(door, "ก" * 85, description="ของฉัน", sortOrder=3)
    answer = change(door, update={key: {"name": "ข", "description": None, "isDefault": False, "id": key}})
    assert answer["updated"] == {key: None}
    [book] = get(door, ids=[key], properties=["name", "sortOrder", "description"])
    assert book == {"id": key, "name": "ข", "sortOrder": 3, "description": None}
    changes = door.call("AddressBook/changes", using=USING, sinceState=before["state"])
    assert changes["created"] == [key]
    assert change(door, destroy=[key, "kzz"])["destroyed"] == [key]
    assert [row["isDefault"] for row in get(door)] == [True]


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"name": ""},
        {"name": "ก" * 86},
        {"name": "a\nb"},
        {"name": 1},
        {"name": "a", "sortOrder": -1},
        {"name": "a", "sortOrder": True},
        {"name": "a", "isDefault": True},
        {"name": "a", "shareWith": {"x": {}}},
        {"name": "a", "myRights": {}},
        {"name": "a", "colour": "red"},
        {"name": "a", "description": "\0"},
    ],
)
def test_a_bad_book_is_refused(door: Door, record: dict[str, Any]) -> None:
    assert change(door, create={"k": record})["notCreated"]["k"]["type"] == "invalidProperties"


def test_one_book_is_the_default_one(door: Door) -> None:
    [first] = get(door)
    answer = change(door, create={"k": {"name": "ใหม่"}}, onSuccessSetIsDefault="#k")
    second = answer["created"]["k"]
    assert second["isDefault"] is True
    assert answer["updated"] == {first["id"]: {"isDefault": False}}
    assert change(door, onSuccessSetIsDefault="kzz")["updated"] is None
    refused = change(door, destroy=["kzz"], onSuccessSetIsDefault=first["id"])
    assert refused["updated"] is None
    assert change(door, destroy=[first["id"]])["destroyed"] == [first["id"]]


def test_contents_are_kept_unless_they_may_go(door: Door) -> None:
    key, other = made(door, "หนึ่ง"), made(door, "สอง")
    cards = {
        "a": {"name": {"full": "ก"}, "addressBookIds": {key: True}},
        "b": {"name": {"full": "ข"}, "addressBookIds": {key: True, other: True}},
    }
    created = door.call("ContactCard/set", using=USING, create=cards)["created"]
    assert change(door, destroy=[key])["notDestroyed"][key]["type"] == "addressBookHasContents"
    state = door.call("ContactCard/get", using=USING, ids=[])["state"]
    assert change(door, destroy=[key], onDestroyRemoveContents=True)["destroyed"] == [key]
    changes = door.call("ContactCard/changes", using=USING, sinceState=state)
    assert changes["destroyed"] == [created["a"]["id"]]
    assert changes["updated"] == [created["b"]["id"]]
    [left] = door.call("ContactCard/get", using=USING, ids=None)["list"]
    assert left["addressBookIds"] == {other: True}


def test_nobody_elses_books(door: Door, stranger_door: Door) -> None:
    [book] = get(door)
    for name in ("get", "changes", "set"):
        given = {"sinceState": "0"} if name == "changes" else {}
        refusal = stranger_door.refusal(
            f"AddressBook/{name}", using=USING, accountId=door.account_id, **given
        )
        assert refusal["type"] == "accountNotFound"
    assert (
        change(stranger_door, update={book["id"]: {"name": "x"}})["notUpdated"][book["id"]]["type"]
        == "notFound"
    )


@pytest.fixture
def office(make_member: Callable[..., Member]) -> tuple[Door, Door, Door]:
    """Who keeps the account of an office, a colleague of the same unit, and somebody of another agency."""
    keeper = make_member("keeper", domain="office.go.test")
    colleague = make_member("colleague", domain="office.go.test")
    outsider = make_member("outsider", domain="elsewhere.go.test")
    agency = directory.ensure_agency("office.go.test", "หน่วยงาน office.go.test")
    shared = provisioning.open_shared_account(
        "saraban@office.go.test", "สารบรรณ", quota_bytes=10**9, agency_id=agency
    )
    directory.grant(keeper.person_id, shared, Role.MEMBER)
    doors = (Door(keeper), Door(colleague), Door(outsider))
    for door in doors:
        door.account_id = encode_id(IdKind.ACCOUNT, shared)
    return doors


def test_a_units_book_is_read_by_its_people_and_written_by_named_ones(
    office: tuple[Door, Door, Door],
) -> None:
    keeper, colleague, outsider = office
    agency = encode_id(IdKind.AGENCY, directory.ensure_agency("office.go.test", "หน่วยงาน office.go.test"))
    using = [*USING, UNIT_BOOKS]
    assert colleague.refusal("AddressBook/get", using=using)["type"] == "accountNotFound"
    [own] = keeper.call("AddressBook/get", using=using, ids=None)["list"]
    book = keeper.call(
        "AddressBook/set", using=using, create={"k": {"name": "ผู้รับเหมา", "pirab:unitId": agency}}
    )
    key = book["created"]["k"]["id"]
    cards = {
        "in": {"name": {"full": "ในสมุดของกอง"}, "addressBookIds": {key: True}},
        "out": {"name": {"full": "นอกสมุดของกอง"}, "addressBookIds": {own["id"]: True}},
    }
    made_cards = keeper.call("ContactCard/set", using=using, create=cards)["created"]
    [seen] = colleague.call("AddressBook/get", using=using, ids=None)["list"]
    assert (seen["id"], seen["myRights"]["mayWrite"], seen["pirab:unitId"]) == (key, False, agency)
    ids = [each["id"] for each in made_cards.values()]
    [card] = colleague.call("ContactCard/get", using=using, ids=ids)["list"]
    assert card["name"]["full"] == "ในสมุดของกอง"
    assert colleague.call("ContactCard/query", using=using)["ids"] == [card["id"]]
    assert colleague.call("ContactCard/changes", using=using, sinceState="0")["created"] == [card["id"]]
    assert colleague.refusal("ContactCard/set", using=using, destroy=ids)["type"] == "accountNotFound"
    assert colleague.refusal("Mailbox/get")["type"] == "accountNotFound"
    session = colleague.client.get("/.well-known/jmap", headers=colleague.headers).json()
    assert set(session["accounts"][colleague.account_id]["accountCapabilities"]) == {CONTACTS, UNIT_BOOKS}
    assert outsider.refusal("AddressBook/get", using=using)["type"] == "accountNotFound"
    assert (
        outsider.account_id
        not in outsider.client.get("/.well-known/jmap", headers=outsider.headers).json()["accounts"]
    )


def test_a_personal_book_is_shown_to_no_unit(door: Door) -> None:
    agency = encode_id(IdKind.AGENCY, directory.ensure_agency("moi.go.test", "หน่วยงาน moi.go.test"))
    answer = door.call(
        "AddressBook/set", using=[*USING, UNIT_BOOKS], create={"k": {"name": "x", "pirab:unitId": agency}}
    )
    assert answer["notCreated"]["k"]["type"] == "forbidden"
