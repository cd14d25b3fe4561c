"""rfc8620#5: what is true of every object's /get, /changes, /set, /query and /queryChanges, asked of all of them."""

from __future__ import annotations

from typing import Any, Final

import pytest

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.jmap import registry
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.compliance.jmap.door import Door
from tests.conftest import letter

registry.load()
WITHOUT_ACCOUNT: Final = frozenset({"PushSubscription"})
"""rfc8620#7.2: neither accountId nor states."""
WITHOUT_STATE: Final = frozenset({"PushSubscription", "FilterRules", "RemovedEmail"})


def objects(verb: str) -> list[str]:
    names = (name.partition("/") for name in registry._METHODS)
    return sorted(kind for kind, _, found in names if found == verb)


READ: Final = [kind for kind in objects("get") if kind not in ("SearchSnippet", "Blob")]


@pytest.fixture
def full(door: Door) -> Door:
    """An account with three letters, so that there is something to ask for."""
    for number in range(3):
        message = store.ensure_message(letter(subject=f"เรื่องที่ {number}"))
        store.deliver(message, [Delivery(door.member.account_id, clock.now())])
    return door


def ask(door: Door, name: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    """One call with every capability; objects without an account are asked without one."""
    if name.partition("/")[0] not in WITHOUT_ACCOUNT:
        arguments = {"accountId": door.account_id} | arguments
    response = door.request([[name, arguments, "c"]], sorted(registry.capabilities()))
    answer, result, _ = response["methodResponses"][0]
    return str(answer), dict(result)


def refused(door: Door, name: str, **arguments: Any) -> str:
    answer, result = ask(door, name, **arguments)
    assert answer == "error", (name, arguments, result)
    return str(result["type"])


def absent(kind: str) -> str:
    """An id of the right kind that nobody has: any other kind would be refused for its letter alone."""
    kinds = {
        "Email": IdKind.EMAIL,
        "Mailbox": IdKind.MAILBOX,
        "Thread": IdKind.THREAD,
        "Identity": IdKind.IDENTITY,
        "EmailSubmission": IdKind.SUBMISSION,
        "SieveScript": IdKind.SIEVE,
        "AddressBook": IdKind.ADDRESS_BOOK,
        "ContactCard": IdKind.CONTACT_CARD,
    }
    return encode_id(kinds[kind], 2**60) if kind in kinds else "nobodyhasthis"


@pytest.mark.parametrize("kind", READ)
def test_get_names_each_id_once(kind: str, full: Door) -> None:
    _, everything = ask(full, f"{kind}/get", ids=None)
    ids = [record["id"] for record in everything["list"]]
    if kind == "Thread":
        _, emails = ask(full, "Email/get", ids=None, properties=["threadId"])
        ids = [email["threadId"] for email in emails["list"]]
    nobody = absent(kind)
    answer, found = ask(full, f"{kind}/get", ids=[*ids, nobody, *reversed(ids), nobody])
    assert answer == f"{kind}/get", found
    assert sorted(record["id"] for record in found["list"]) == sorted(set(ids))
    assert found["notFound"] == [nobody]


@pytest.mark.parametrize("kind", READ)
def test_get_of_no_ids_and_of_no_properties(kind: str, full: Door) -> None:
    _, none = ask(full, f"{kind}/get", ids=[])
    assert (none["list"], none["notFound"]) == ([], [])
    answer, bare = ask(full, f"{kind}/get", ids=None, properties=[])
    if kind not in ("Thread",):
        assert answer == f"{kind}/get", bare
        assert all(set(record) == {"id"} for record in bare["list"])
    assert refused(full, f"{kind}/get", ids=[], properties=["id", "noSuchProperty"]) == "invalidArguments"


@pytest.mark.parametrize("kind", [kind for kind in READ if kind not in WITHOUT_STATE])
def test_a_state_stays_while_nothing_changes(kind: str, full: Door) -> None:
    first, second = (ask(full, f"{kind}/get", ids=[])[1]["state"] for _ in range(2))
    assert first == second
    assert isinstance(first, str)


@pytest.mark.parametrize("kind", objects("changes"))
def test_changes_since_now_are_none(kind: str, full: Door) -> None:
    state = ask(full, f"{kind}/get", ids=[])[1]["state"]
    _, changes = ask(full, f"{kind}/changes", sinceState=state, maxChanges=1)
    lists = [changes[name] for name in ("created", "updated", "destroyed")]
    assert lists == [[], [], []]
    assert (changes["oldState"], changes["newState"], changes["hasMoreChanges"]) == (state, state, False)


@pytest.mark.parametrize("kind", objects("changes"))
def test_changes_of_no_state_of_ours_cannot_be_calculated(kind: str, full: Door) -> None:
    state = ask(full, f"{kind}/get", ids=[])[1]["state"]
    for strange in ("nonsense", "", "-1", "0" + state, state + " ", "9" * 18, "9" * 200, "١"):
        assert refused(full, f"{kind}/changes", sinceState=strange) == "cannotCalculateChanges", strange
    for none in (0, -1, 1.5, True, "1", 2**53):
        assert refused(full, f"{kind}/changes", sinceState=state, maxChanges=none) == "invalidArguments"


@pytest.mark.parametrize("kind", [kind for kind in objects("set") if kind not in WITHOUT_STATE])
def test_set_in_another_state_changes_nothing(kind: str, full: Door) -> None:
    state = ask(full, f"{kind}/get", ids=[])[1]["state"]
    for other in ("nonsense", "", "0" + state, "9" * 18):
        assert refused(full, f"{kind}/set", ifInState=other) == "stateMismatch", other
    _, done = ask(full, f"{kind}/set", ifInState=state)
    assert (done["oldState"], done["newState"]) == (state, state)
    lists = ("created", "updated", "destroyed", "notCreated", "notUpdated", "notDestroyed")
    assert {name: done[name] for name in lists} == dict.fromkeys(lists)


@pytest.mark.parametrize("kind", [kind for kind in objects("set") if kind != "FilterRules"])
def test_set_of_what_is_not_there_is_not_found(kind: str, full: Door) -> None:
    nobody = absent(kind)
    _, done = ask(full, f"{kind}/set", update={nobody: {}, "#none": {}}, destroy=[])
    # What was removed cannot be changed at all, whether or not it is there.
    expected = "forbidden" if kind == "RemovedEmail" else "notFound"
    refusals = {name: refusal["type"] for name, refusal in done["notUpdated"].items()}
    assert refusals == dict.fromkeys((nobody, "#none"), expected)
    _, done = ask(full, f"{kind}/set", destroy=[nobody, "#none"])
    kinds = {name: refusal["type"] for name, refusal in done["notDestroyed"].items()}
    allowed = {"singleton", "notFound"} if kind == "VacationResponse" else {"notFound"}
    assert set(kinds) == {nobody, "#none"}
    assert set(kinds.values()) <= allowed


@pytest.mark.parametrize("kind", objects("query"))
def test_a_page_of_a_query(kind: str, full: Door) -> None:
    _, whole = ask(full, f"{kind}/query")
    assert isinstance(whole["canCalculateChanges"], bool)
    assert "total" not in whole
    _, counted = ask(full, f"{kind}/query", calculateTotal=True)
    total = counted["total"]
    assert total == len(counted["ids"]) == len(whole["ids"])
    _, beyond = ask(full, f"{kind}/query", position=total + 5)
    assert beyond["ids"] == []
    _, clamped = ask(full, f"{kind}/query", position=-total - 5)
    assert (clamped["ids"], clamped["position"]) == (whole["ids"], 0)
    _, nothing = ask(full, f"{kind}/query", limit=0)
    assert nothing["ids"] == []
    if total:
        _, last = ask(full, f"{kind}/query", position=-1)
        assert (last["ids"], last["position"]) == (whole["ids"][-1:], total - 1)
        # rfc8620#5.5: with an anchor the position is ignored, without one its offset.
        _, anchored = ask(full, f"{kind}/query", anchor=whole["ids"][-1], position=99, anchorOffset=-9)
        assert (anchored["ids"], anchored["position"]) == (whole["ids"], 0)
    assert ask(full, f"{kind}/query", anchorOffset=7)[1]["ids"] == whole["ids"]


@pytest.mark.parametrize("kind", objects("query"))
def test_a_query_that_is_none(kind: str, full: Door) -> None:
    assert refused(full, f"{kind}/query", anchor=absent(kind)) == "anchorNotFound"
    for limit in (-1, 1.5, "1", True):
        assert refused(full, f"{kind}/query", limit=limit) == "invalidArguments"
    assert refused(full, f"{kind}/query", sort=[{"property": "noSuchProperty"}]) == "unsupportedSort"
    collated = [{"property": "noSuchProperty", "collation": "i;no-such"}]
    assert refused(full, f"{kind}/query", sort=collated) == "unsupportedSort"
    unknown = ("unsupportedFilter", "invalidArguments")
    assert refused(full, f"{kind}/query", filter={"noSuchCondition": 1}) in unknown
    assert refused(full, f"{kind}/query", filter={"operator": "XOR", "conditions": []}) in unknown


@pytest.mark.parametrize("kind", objects("queryChanges"))
def test_query_changes(kind: str, full: Door) -> None:
    _, whole = ask(full, f"{kind}/query")
    state = whole["queryState"]
    answer, same = ask(full, f"{kind}/queryChanges", sinceQueryState=state)
    if whole["canCalculateChanges"]:
        assert answer == f"{kind}/queryChanges", same
        assert (same["removed"], same["added"]) == ([], [])
        assert (same["oldQueryState"], same["newQueryState"]) == (state, state)
        assert "total" not in same
        _, counted = ask(full, f"{kind}/queryChanges", sinceQueryState=state, calculateTotal=True)
        assert counted["total"] == len(whole["ids"])
    else:
        assert (answer, same["type"]) == ("error", "cannotCalculateChanges")
    assert refused(full, f"{kind}/queryChanges", sinceQueryState="nonsense") == "cannotCalculateChanges"
