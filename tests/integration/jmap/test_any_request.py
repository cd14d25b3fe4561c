"""Every method with arguments of every shape: refused by name or answered, never a failure of ours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from pirab.core import clock
from pirab.jmap import registry
from pirab.store import actions as store
from pirab.store.types import Delivery, MailboxRole
from tests.compliance.jmap.door import CORE, Door
from tests.conftest import letter

registry.load()
METHODS = sorted(registry._METHODS)

words = some.sampled_from(
    [
        "",
        "*",
        "#k",
        "k",
        "a1",
        "$seen",
        "subject",
        "receivedAt",
        "ไทย",
        "\x00",
        "a" * 300,
        "-1",
        "0",
        "null",
        "\u202e",
    ]
)
names = some.sampled_from(
    [
        *(
            "id",
            "name",
            "role",
            "parentId",
            "sortOrder",
            "mailboxIds",
            "keywords",
            "keywords/$seen",
            "subject",
            "from",
        ),
        *(
            "bodyStructure",
            "bodyValues",
            "textBody",
            "attachments",
            "header:X:asText",
            "header:From:asAddresses:all",
        ),
        *(
            "inMailbox",
            "operator",
            "conditions",
            "text",
            "before",
            "hasKeyword",
            "property",
            "isAscending",
            "collation",
        ),
        *(
            "identityId",
            "emailId",
            "envelope",
            "mailFrom",
            "rcptTo",
            "email",
            "undoStatus",
            "sendAt",
            "receivedAt",
        ),
        *(
            "blobId",
            "partId",
            "type",
            "value",
            "charset",
            "size",
            "preview",
            "a/b",
            "",
            "#k",
            "k",
            "m1",
            "e1",
            "\x00",
        ),
    ]
)
scalars = some.none() | some.booleans() | some.integers(-(2**53), 2**53) | some.floats(-1e9, 1e9) | words
values = some.recursive(
    scalars,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def known(door: Door) -> dict[str, list[str]]:
    """Ids that exist, so that some arguments hit something."""
    for number in range(3):
        message = store.ensure_message(letter(f"เรื่อง {number}"))
        store.deliver(message, [Delivery(door.member.account_id, clock.now(), MailboxRole.INBOX)])
    emails = door.call("Email/get", ids=door.call("Email/query")["ids"], properties=["blobId", "threadId"])
    return {
        "ids": [email["id"] for email in emails["list"]]
        + [email["threadId"] for email in emails["list"]]
        + [email["blobId"] for email in emails["list"]]
        + [door.role("inbox"), door.role("drafts")],
        "states": [emails["state"], "0", "1"],
    }


def argument(name: str, known: dict[str, list[str]]) -> some.SearchStrategy[Any]:
    """Something for the argument `name`: often of the right shape, sometimes of any."""
    ids = some.sampled_from(known["ids"]) | words
    records = some.dictionaries(names, values, max_size=5)
    mail = some.fixed_dictionaries(
        {"mailboxIds": some.dictionaries(ids, scalars, max_size=2)}, optional={"subject": values}
    )
    shapes: dict[str, some.SearchStrategy[Any]] = {
        "ids": some.lists(ids, max_size=4) | some.none(),
        "blobIds": some.lists(ids, max_size=4),
        "emailIds": some.lists(ids, max_size=4),
        "destroy": some.lists(ids, max_size=3),
        "properties": some.lists(names, max_size=5),
        "bodyProperties": some.lists(names, max_size=5),
        "create": some.dictionaries(some.sampled_from(["k", "l"]), records | mail, max_size=2),
        "emails": some.dictionaries(some.sampled_from(["k", "l"]), records | mail, max_size=2),
        "update": some.dictionaries(ids, records, max_size=2),
        "filter": records | some.none(),
        "sort": some.lists(records, max_size=2),
        "sinceState": some.sampled_from(known["states"]),
        "sinceQueryState": some.sampled_from(known["states"]) | words,
    }
    return some.one_of(shapes[name], shapes[name], values) if name in shapes else values


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_any_arguments_are_answered(
    door: Door, known: dict[str, list[str]], method: str, data: some.DataObject
) -> None:
    shape = registry._METHODS[method].arguments
    fields = [name for name in shape.__struct_encode_fields__ if name != "accountId"] if shape else ["any"]
    chosen = data.draw(some.lists(some.sampled_from(fields), max_size=5, unique=True)) if fields else []
    arguments = {name: data.draw(argument(name, known)) for name in chosen}
    call = [method, {"accountId": door.account_id} | arguments, "c"]
    [name, answer, _], *_ = door.request([call], [CORE, *registry.capabilities()])["methodResponses"]
    if name == "error":
        assert answer["type"] not in ("serverFail", "serverUnavailable", "unknownMethod"), (arguments, answer)
    else:
        assert name == method
