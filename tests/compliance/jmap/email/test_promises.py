"""What the session promises of Email, asked for; and the finer rules of searching (rfc8621#1.3.1, #1.5, #4.4)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.core import clock
from pirab.jmap.capabilities import ACCOUNT_PROMISES, MAIL
from pirab.jmap.limits import COLLATIONS
from pirab.store import actions as store
from pirab.store import queries
from pirab.store.types import Delivery, ObjectType
from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter


def found(jmap: JmapSession, **condition: Any) -> list[str]:
    """The ids that a condition finds, oldest first."""
    ids: list[str] = jmap.call("Email/query", filter=condition, sort=[{"property": "receivedAt"}])["ids"]
    return ids


@pytest.mark.parametrize("option", ACCOUNT_PROMISES[MAIL]["emailQuerySortOptions"])
def test_every_promised_order_is_kept(jmap: JmapSession, option: str) -> None:
    ids = {jmap.import_(letter(f"subject {number}"))["id"] for number in range(3)}
    comparator = {"property": option} | ({"keyword": "$seen"} if "Keyword" in option else {})
    up = jmap.call("Email/query", sort=[comparator, {"property": "receivedAt"}])["ids"]
    down = jmap.call("Email/query", sort=[comparator | {"isAscending": False}, {"property": "receivedAt"}])[
        "ids"
    ]
    assert set(up) == set(down) == ids
    if "Keyword" in option:
        bare = jmap.error("Email/query", sort=[{"property": option}])
        assert bare["type"] in ("invalidArguments", "unsupportedSort")


@pytest.mark.parametrize("collation", COLLATIONS)
def test_a_collation_orders_or_is_refused(jmap: JmapSession, collation: str) -> None:
    """A collation that is taken and not kept would be a lie (rfc8620#5.5)."""
    ids = [jmap.import_(letter(name))["id"] for name in ("apple", "Banana", "cherry")]
    sort = [{"property": "subject", "collation": collation}]
    if collation == "i;octet":
        assert jmap.error("Email/query", sort=sort)["type"] == "unsupportedSort"
    else:
        assert jmap.call("Email/query", sort=sort)["ids"] == ids
    unknown = [{"property": "subject", "collation": "i;no-such"}]
    assert jmap.error("Email/query", sort=unknown)["type"] == "unsupportedSort"


def test_limits_of_mailboxes_are_what_the_rfc_asks_for() -> None:
    promised = ACCOUNT_PROMISES[MAIL]
    assert promised["maxMailboxesPerEmail"] is None or promised["maxMailboxesPerEmail"] >= 1
    assert promised["maxSizeMailboxName"] >= 100


def test_an_email_may_be_in_every_mailbox(jmap: JmapSession) -> None:
    """maxMailboxesPerEmail is null: the limit is the number of Mailboxes in the account."""
    everywhere = dict.fromkeys(jmap.mailboxes.values(), True)
    made = jmap.create(subject="x", mailboxIds=everywhere)
    assert jmap.get(made["id"], "mailboxIds")["mailboxIds"] == everywhere


def test_the_delivery_state_moves_with_new_mail_alone(jmap: JmapSession) -> None:
    """rfc8621#1.5: EmailDelivery changes when mail comes in, and not when it is read or moved."""

    def state() -> int:
        return queries.states(jmap.member.account_id).of(ObjectType.DELIVERY)

    before = state()
    store.deliver(store.ensure_message(letter("new")), [Delivery(jmap.member.account_id, clock.now())])
    arrived = state()
    assert arrived > before
    [email_id] = jmap.call("Email/query")["ids"]
    archive = {jmap.mailboxes["archive"]: True}
    jmap.call("Email/set", update={email_id: {"keywords/$seen": True, "mailboxIds": archive}})
    jmap.call("Email/set", destroy=[email_id])
    assert state() == arrived


def test_words_are_all_needed_and_case_is_not(jmap: JmapSession) -> None:
    made = jmap.import_(letter("Report", "alpha Beta gamma"))["id"]
    jmap.import_(letter("Report", "alpha delta"))
    assert found(jmap, body="GAMMA alpha") == [made]
    assert found(jmap, body="alpha epsilon") == []


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_phrase_is_words_in_their_order(jmap: JmapSession, quote: str) -> None:
    made = jmap.import_(letter("Report", "alpha beta gamma"))["id"]
    assert found(jmap, body=f"{quote}alpha beta{quote}") == [made]
    assert found(jmap, body=f"{quote}beta alpha{quote}") == []


def test_what_is_shown_is_searched_and_markup_is_not(jmap: JmapSession) -> None:
    html = (
        b"Subject: page\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<html><head><title>headword</title><style>.styleword{}</style><script>scriptword</script></head>"
        b'<body class="classword"><img alt="sunflower" title="petals" src="cid:srcword"><p>visible</p></body></html>'
    )
    made = jmap.import_(html)["id"]
    for shown in ("visible", "sunflower", "petals"):
        assert found(jmap, body=shown) == [made], shown
    for hidden in ("styleword", "scriptword", "classword", "srcword", "headword"):
        assert found(jmap, body=hidden) == [], hidden


@pytest.mark.parametrize(
    "address", ["o'brien@moi.go.test", "a\\b@moi.go.test", "'@moi.go.test", "x''y@moi.go.test"]
)
def test_marks_of_sql_in_an_address_are_characters(jmap: JmapSession, address: str) -> None:
    made = jmap.import_(b"From: " + address.encode() + b"\r\nSubject: x\r\n\r\ny")["id"]
    other = jmap.import_(b"From: obrien@moi.go.test\r\nSubject: x\r\n\r\ny")["id"]
    assert made in found(jmap, **{"from": address})
    assert found(jmap, **{"from": "obrien@moi.go.test"}) == [other]


def test_query_changes_up_to_an_id(jmap: JmapSession) -> None:
    """rfc8620#5.6: what lies behind upToId may be left out; an upToId of nobody counts for nothing."""
    for number in range(4):
        jmap.import_(letter(f"old {number}"), receivedAt=f"2026-01-0{number + 1}T00:00:00Z")
    sort = [{"property": "receivedAt", "isAscending": False}]
    page = jmap.call("Email/query", sort=sort)
    first = jmap.import_(letter("front"), receivedAt="2026-02-01T00:00:00Z")["id"]
    jmap.import_(letter("back"), receivedAt="2025-01-01T00:00:00Z")
    whole = jmap.call("Email/queryChanges", sort=sort, sinceQueryState=page["queryState"])
    assert [each["index"] for each in whole["added"]] == [0, 5]
    asked = {"sort": sort, "sinceQueryState": page["queryState"]}
    part = jmap.call("Email/queryChanges", upToId=page["ids"][1], **asked)
    assert part["added"][0] == {"id": first, "index": 0}
    assert set(map(str, part["added"])) <= set(map(str, whole["added"]))
    assert jmap.call("Email/queryChanges", upToId="enobody", **asked)["added"] == whole["added"]
