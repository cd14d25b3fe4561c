"""ContactCard/get, changes, query, queryChanges, set and copy (rfc9610#3, rfc9553)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.capabilities import CONTACTS, CORE
from tests.compliance.jmap.door import Door

USING = [CORE, CONTACTS]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def book(door: Door) -> str:
    found = door.call("AddressBook/get", using=USING, ids=None)["list"]
    return str(next(each["id"] for each in found if each["isDefault"]))


def change(door: Door, **arguments: Any) -> dict[str, Any]:
    return door.call("ContactCard/set", using=USING, **arguments)


def get(door: Door, *ids: str, **arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = door.call("ContactCard/get", using=USING, ids=list(ids), **arguments)[
        "list"
    ]
    return found


def made(door: Door, **card: Any) -> str:
    answer = change(door, create={"k": {"addressBookIds": {book(door): True}} | card})
    assert answer["notCreated"] is None, answer
    return str(answer["created"]["k"]["id"])


def person(given: str, surname: str, **card: Any) -> dict[str, Any]:
    components = [{"kind": "given", "value": given}, {"kind": "surname", "value": surname}]
    return {"name": {"components": components, "full": f"{given} {surname}"}} | card


def query(door: Door, asked: dict[str, Any] | None = None, **arguments: Any) -> list[str]:
    found: list[str] = door.call("ContactCard/query", using=USING, filter=asked, **arguments)["ids"]
    return found


def test_a_card_lives(door: Door) -> None:
    before = door.call("ContactCard/get", using=USING, ids=None)
    answer = change(
        door,
        create={"k": person("สมชาย", "ใจดี") | {"addressBookIds": {book(door): True}}},
        ifInState=before["state"],
    )
    card = answer["created"]["k"]
    assert set(card) == {"id", "@type", "version", "uid", "created", "updated"}
    [whole] = get(door, card["id"])
    assert whole["version"] == "1.0"
    assert whole["uid"].startswith("urn:uuid:")
    assert whole["name"]["full"] == "สมชาย ใจดี"
    changed = change(
        door, update={card["id"]: {"name/full": "สมชาย ใจดีมาก", "emails": {"e": {"address": "a@b.test"}}}}
    )
    assert list(changed["updated"]) == [card["id"]]
    [short] = get(door, card["id"], properties=["emails", "notes", "example.com:x"])
    assert short == {"id": card["id"], "emails": {"e": {"address": "a@b.test"}}}
    changes = door.call("ContactCard/changes", using=USING, sinceState=before["state"])
    assert (changes["created"], changes["updated"], changes["destroyed"]) == ([card["id"]], [], [])
    assert change(door, destroy=[card["id"]])["destroyed"] == [card["id"]]
    assert get(door, card["id"]) == []


@pytest.mark.parametrize(
    ("record", "bad"),
    [
        ({"name": "สมชาย"}, "name"),
        ({"name": {}}, "name"),
        ({"name": {"components": [{"kind": "given"}]}}, "name"),
        ({"emails": {"e": {}}}, "emails"),
        ({"emails": {"e": {"address": " "}}}, "emails"),
        ({"emails": {"bad id": {"address": "a@b"}}}, "emails"),
        ({"emails": [{"address": "a@b"}]}, "emails"),
        ({"phones": {"p": {"number": "1", "pref": 101}}}, "phones"),
        ({"phones": {"p": {"number": "1", "features": {"voice": False}}}}, "phones"),
        ({"version": "2.0"}, "version"),
        ({"@type": "Group"}, "@type"),
        ({"uid": ""}, "uid"),
        ({"created": "2026-11-24"}, "created"),
        ({"created": "2026-13-24T00:00:00Z"}, "created"),
        ({"members": {"x": True}}, "members"),
        ({"colour": "red"}, "colour"),
        ({"links": {"l": {"uri": "not a uri"}}}, "links"),
        ({"notes": {"n": {"note": "a\0b"}}}, "notes"),
        ({"keywords": {"k": 1}}, "keywords"),
        ({"anniversaries": {"a": {"kind": "birth", "date": {"day": 1}}}}, "anniversaries"),
        ({"addresses": {"a": {"countryCode": "THA"}}}, "addresses"),
        ({"localizations": {"th": {"uid": "x"}}}, "localizations"),
        ({"localizations": {"th": {"name/full": 1}}, "name": {"full": "x"}}, "localizations"),
        ({"example.com:deep": [[[[[[[[["x"]]]]]]]]]}, "example.com:deep"),
        ({"media": {"m": {"kind": "photo", "blobId": "b" + "a" * 52}}}, "media"),
        ({"pirab.go.th:person": "x"}, "pirab.go.th:person"),
        ({"notes": {"n": {"note": "x" * 100_001}}}, "notes"),
    ],
)
def test_a_bad_card_is_refused(door: Door, record: dict[str, Any], bad: str) -> None:
    answer = change(door, create={"k": {"addressBookIds": {book(door): True}} | record})
    error = answer["notCreated"]["k"]
    assert (error["type"], error["properties"]) == ("invalidProperties", [bad]), error


def test_a_huge_card_is_refused(door: Door) -> None:
    notes = {f"n{number}": {"note": "x" * 90_000} for number in range(4)}
    answer = change(door, create={"k": {"addressBookIds": {book(door): True}, "notes": notes}})
    assert answer["notCreated"]["k"]["type"] == "invalidProperties"


def test_everything_of_the_standard_is_kept_as_it_came(door: Door) -> None:
    card = {
        "kind": "individual",
        "language": "th",
        "name": {
            "components": [
                {"kind": "given", "value": "สมชาย", "phonetic": "somchai"},
                {"kind": "separator", "value": " "},
                {"kind": "surname", "value": "ใจดี"},
            ],
            "isOrdered": True,
            "sortAs": {"surname": "ใจดี"},
            "phoneticSystem": "script",
        },
        "nicknames": {"n": {"name": "ชาย", "pref": 1}},
        "organizations": {"o": {"name": "กรม", "units": [{"name": "กอง"}]}},
        "speakToAs": {"grammaticalGender": "masculine", "pronouns": {"p": {"pronouns": "เขา"}}},
        "titles": {"t": {"name": "ผู้อำนวยการ", "kind": "title", "organizationId": "o"}},
        "emails": {"e": {"address": "a@b.test", "contexts": {"work": True}, "label": "x"}},
        "onlineServices": {"s": {"service": "Mastodon", "user": "@x"}},
        "phones": {"p": {"number": "tel:+66-2-222-2222", "features": {"voice": True}}},
        "preferredLanguages": {"l": {"language": "th-TH", "pref": 1}},
        "calendars": {"c": {"kind": "calendar", "uri": "https://x.test/c"}},
        "schedulingAddresses": {"s": {"uri": "mailto:a@b.test"}},
        "addresses": {
            "a": {
                "components": [{"kind": "locality", "value": "เชียงใหม่"}],
                "countryCode": "TH",
                "coordinates": "geo:18.79,98.98",
                "timeZone": "Asia/Bangkok",
            }
        },
        "cryptoKeys": {"k": {"uri": "https://x.test/k"}},
        "directories": {"d": {"kind": "directory", "uri": "ldap://x.test", "listAs": 1}},
        "links": {"l": {"uri": "https://x.test/"}},
        "anniversaries": {
            "b": {
                "kind": "birth",
                "date": {"@type": "PartialDate", "year": 2510, "calendarScale": "buddhist"},
            },
            "d": {"kind": "death", "date": {"@type": "Timestamp", "utc": "2026-11-24T00:00:00Z"}},
        },
        "keywords": {"เพื่อน": True},
        "notes": {"n": {"note": "x", "author": {"name": "y"}}},
        "personalInfo": {"i": {"kind": "hobby", "value": "นก", "level": "high"}},
        "relatedTo": {"urn:x:y": {"relation": {"friend": True}}},
        "localizations": {"en": {"name": {"full": "Somchai"}, "titles/t/name": "Director"}},
        "example.com:colour": {"is": ["red"]},
    }
    [found] = get(door, made(door, **card))
    assert {name: found[name] for name in card} == card


def test_a_uid_is_the_accounts_only_one_and_stays(door: Door) -> None:
    key = made(door, uid="urn:x:one")
    answer = change(door, create={"k": {"uid": "urn:x:one", "addressBookIds": {book(door): True}}})
    assert answer["notCreated"]["k"] | {"description": ""} == {
        "type": "alreadyExists",
        "description": "",
        "existingId": key,
    }
    assert change(door, update={key: {"uid": "urn:x:two"}})["notUpdated"][key]["properties"] == ["uid"]
    assert change(door, update={key: {"id": "czz"}})["notUpdated"][key]["properties"] == ["id"]
    assert change(door, update={key: {"uid": None}})["notUpdated"][key]["properties"] == ["uid"]


def test_a_card_is_in_a_book_of_its_account(door: Door, stranger_door: Door) -> None:
    foreign = book(stranger_door)
    for given in ({}, None, {foreign: True}, {book(door): False}, {"x": True}, [book(door)]):
        answer = change(door, create={"k": {"addressBookIds": given}})
        assert answer["notCreated"]["k"]["properties"] == ["addressBookIds"], given
    key = made(door)
    assert change(door, update={key: {f"addressBookIds/{book(door)}": None}})["notUpdated"][key][
        "properties"
    ] == ["addressBookIds"]
    new = door.call("AddressBook/set", using=USING, create={"b": {"name": "ข"}})["created"]["b"]["id"]
    assert change(door, update={key: {f"addressBookIds/{new}": True}})["notUpdated"] is None
    assert set(get(door, key)[0]["addressBookIds"]) == {book(door), new}


def test_a_picture_is_a_blob_of_the_account(door: Door, stranger_door: Door) -> None:
    def upload(who: Door, octets: bytes) -> str:
        response = who.client.post(
            f"/jmap/upload/{who.account_id}/", octets, content_type="image/png", headers=who.headers
        )
        return str(response.json()["blobId"])

    def photo(blob_id: str) -> dict[str, Any]:
        return {"addressBookIds": {book(door): True}, "media": {"m": {"kind": "photo", "blobId": blob_id}}}

    mine, text, theirs = upload(door, PNG), upload(door, b"<script>"), upload(stranger_door, PNG + b"x")
    answer = change(door, create={"a": photo(mine), "b": photo(text), "c": photo(theirs)})
    assert list(answer["created"]) == ["a"]
    assert {each["properties"][0] for each in answer["notCreated"].values()} == {"media"}


def test_filters_and_sorts(door: Door) -> None:
    somchai = made(
        door,
        **person("สมชาย", "ใจดี"),
        emails={"e": {"address": "somchai@moi.go.test"}},
        organizations={"o": {"name": "กรมการปกครอง"}},
        phones={"p": {"number": "+66 2 222 1111"}},
    )
    anong = made(
        door,
        **person("อนงค์", "เก่งกล้า"),
        nicknames={"n": {"name": "นง"}},
        notes={"n": {"note": "พบที่ เชียงใหม่"}},
        addresses={"a": {"full": "ถนนพระราม 1"}},
        onlineServices={"s": {"service": "LINE", "user": "anong9"}},
    )
    group = made(door, kind="group", name={"full": "เพื่อน"}, members={"urn:x:member": True}, uid="urn:x:group")
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"name": "สมชาย"}, [somchai]),
        ({"name/given": "อนงค์"}, [anong]),
        ({"name/surname": "อนงค์"}, []),
        ({"nickname": "นง"}, [anong]),
        ({"email": "SOMCHAI"}, [somchai]),
        ({"phone": "022221111"}, [somchai]),
        ({"organization": "การปกครอง"}, [somchai]),
        ({"address": "พระราม"}, [anong]),
        ({"onlineService": "anong9"}, [anong]),
        ({"note": '"พบที่ เชียงใหม่"'}, [anong]),
        ({"note": '"เชียงใหม่ พบที่"'}, []),
        ({"text": "เชียงใหม่ เก่งกล้า"}, [anong]),
        ({"text": "!!!"}, []),
        ({"kind": "group"}, [group]),
        ({"kind": "individual"}, [somchai, anong]),
        ({"hasMember": "urn:x:member"}, [group]),
        ({"uid": "urn:x:group"}, [group]),
        ({"inAddressBook": book(door)}, [somchai, anong, group]),
        ({"inAddressBook": "kzz"}, []),
        (
            {"createdAfter": "2020-01-01T00:00:00Z", "updatedBefore": "2999-01-01T00:00:00Z"},
            [somchai, anong, group],
        ),
        ({"createdBefore": "2020-01-01T00:00:00Z"}, []),
        ({"operator": "NOT", "conditions": [{"kind": "group"}, {"name": "สมชาย"}]}, [anong]),
        ({"operator": "OR", "conditions": [{"kind": "group"}, {"name": "สมชาย"}]}, [somchai, group]),
        ({"operator": "AND", "conditions": []}, [somchai, anong, group]),
        ({"operator": "OR", "conditions": []}, []),
        ({}, [somchai, anong, group]),
    ]
    for asked, expected in cases:
        assert query(door, asked, sort=[{"property": "created"}]) == expected, asked
    by_surname = query(door, {"kind": "individual"}, sort=[{"property": "name/surname"}])
    assert by_surname == [anong, somchai]  # เก่งกล้า before ใจดี: ก before จ
    assert query(door, {"kind": "individual"}, sort=[{"property": "name/given", "isAscending": False}]) == [
        anong,
        somchai,
    ]
    page = door.call("ContactCard/query", using=USING, anchor=anong, limit=1, calculateTotal=True)
    assert (page["ids"], page["total"]) == ([anong], 3)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"filter": {"colour": "red"}}, "unsupportedFilter"),
        ({"filter": {"name": 1}}, "invalidArguments"),
        ({"filter": {"name": "a\0"}}, "invalidArguments"),
        ({"filter": {"createdAfter": "now"}}, "invalidArguments"),
        ({"filter": {"operator": "XOR", "conditions": []}}, "invalidArguments"),
        ({"filter": {"operator": "OR", "conditions": [{}] * 300}}, "unsupportedFilter"),
        ({"sort": [{"property": "colour"}]}, "unsupportedSort"),
        ({"sort": [{"property": "created", "collation": "x"}]}, "unsupportedSort"),
    ],
)
def test_bad_queries(door: Door, given: dict[str, Any], kind: str) -> None:
    assert door.refusal("ContactCard/query", using=USING, **given)["type"] == kind


def test_query_changes_lead_to_a_fresh_query(door: Door) -> None:
    first, second = made(door, **person("ก", "ก")), made(door, **person("ข", "ข"))
    sort = [{"property": "name/given"}]
    before = door.call("ContactCard/query", using=USING, sort=sort)
    change(door, update={second: {"name": {"components": [{"kind": "given", "value": "กก"}]}}})
    third = made(door, **person("ค", "ค"))
    change(door, destroy=[first])
    answer = door.call(
        "ContactCard/queryChanges", using=USING, sort=sort, sinceQueryState=before["queryState"]
    )
    ids = [key for key in before["ids"] if key not in answer["removed"]]
    for item in answer["added"]:
        ids.insert(item["index"], item["id"])
    assert ids == query(door, sort=sort) == [second, third]
    refusal = door.refusal(
        "ContactCard/queryChanges", using=USING, sort=sort, sinceQueryState=before["queryState"], maxChanges=1
    )
    assert refusal["type"] == "tooManyChanges"


def test_copying_between_accounts(door: Door, stranger_door: Door) -> None:
    key = made(door, **person("ก", "ข"))
    own = stranger_door.account_id
    refused = stranger_door.refusal(
        "ContactCard/copy", using=USING, fromAccountId=door.account_id, create={"k": {"id": key}}
    )
    assert refused["type"] == "fromAccountNotFound"
    refused = stranger_door.refusal("ContactCard/copy", using=USING, fromAccountId=own, create={})
    assert refused["type"] == "invalidArguments"


def test_nobody_elses_cards(door: Door, stranger_door: Door) -> None:
    key = made(door)
    for name in ("get", "changes", "query", "queryChanges", "set"):
        given = {"changes": {"sinceState": "0"}, "queryChanges": {"sinceQueryState": "0"}}.get(name, {})
        refusal = stranger_door.refusal(
            f"ContactCard/{name}", using=USING, accountId=door.account_id, **given
        )
        assert refusal["type"] == "accountNotFound"
    answer = change(stranger_door, update={key: {"kind": "org"}}, destroy=[key])
    assert answer["notUpdated"][key]["type"] == answer["notDestroyed"][key]["type"] == "notFound"
    assert get(stranger_door, key) == []
    assert encode_id(IdKind.CONTACT_CARD, 1) != key
