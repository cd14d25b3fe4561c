"""Email/query: filters, sorts, pages, collapsed threads (rfc8621#4.4, rfc8620#5.5)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.core import db
from pirab.store import actions
from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter

NEWEST_FIRST = [{"property": "receivedAt", "isAscending": False}]


class Shelf:
    """Five letters, oldest first: `a` and `b` are one Thread, `c` is in the archive, `d` in the inbox and the archive,
    `e` has an attachment."""

    def __init__(self, jmap: JmapSession) -> None:
        inbox, archive = jmap.mailboxes["inbox"], jmap.mailboxes["archive"]
        self._names: dict[str, str] = {}
        first = letter("งบประมาณ 2570", "เรียนผู้อำนวยการ", sender="zoe@go.test", message_id="<a@x>")
        answer = letter("Re: งบประมาณ 2570", "รับทราบ", sender="adam@go.test", references="<a@x>")
        attached = (
            b"From: Eve <eve@go.test>\r\nTo: bob@go.test\r\nCc: carl@go.test\r\nSubject: pictures\r\n"
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nxylophone music\r\n"
            b"--b\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * 5000 + b"\r\n--b--\r\n"
        )
        self._add(jmap, "a", first, {inbox}, {"$seen"}, 1)
        self._add(jmap, "b", answer, {inbox}, {"$flagged"}, 2)
        self._add(jmap, "c", letter("meeting minutes", "about the bridge"), {archive}, {"$seen", "custom"}, 3)
        self._add(jmap, "d", letter("lunch", "noodles & rice"), {inbox, archive}, set(), 4)
        self._add(jmap, "e", attached, {inbox}, set(), 5)

    def _add(
        self, jmap: JmapSession, name: str, raw: bytes, boxes: set[str], keywords: set[str], day: int
    ) -> None:
        created = jmap.import_(
            raw,
            mailboxIds=dict.fromkeys(boxes, True),
            keywords=dict.fromkeys(keywords, True),
            receivedAt=f"2026-11-0{day}T00:00:00Z",
        )
        self._names[created["id"]] = name

    def id(self, name: str) -> str:
        return next(email_id for email_id, each in self._names.items() if each == name)

    def names(self, ids: list[str]) -> str:
        return "".join(self._names[each] for each in ids)


@pytest.fixture
def shelf(jmap: JmapSession) -> Shelf:
    return Shelf(jmap)


def _find(jmap: JmapSession, shelf: Shelf, condition: Any, **arguments: Any) -> str:
    """The names of what is found, oldest first unless sorted otherwise."""
    sort = arguments.pop("sort", [{"property": "receivedAt", "isAscending": True}])
    return shelf.names(jmap.call("Email/query", filter=condition, sort=sort, **arguments)["ids"])


def test_each_condition(jmap: JmapSession, shelf: Shelf) -> None:
    inbox, archive = jmap.mailboxes["inbox"], jmap.mailboxes["archive"]
    expected: list[tuple[dict[str, Any], str]] = [
        ({}, "abcde"),
        ({"inMailbox": inbox}, "abde"),
        ({"inMailbox": archive}, "cd"),
        ({"inMailbox": "nonsense"}, ""),
        ({"inMailboxOtherThan": [inbox]}, "cd"),
        ({"inMailboxOtherThan": [inbox, archive]}, ""),
        ({"before": "2026-11-03T00:00:00Z"}, "ab"),
        ({"after": "2026-11-03T00:00:00Z"}, "cde"),
        ({"minSize": 5000}, "e"),
        ({"maxSize": 5000}, "abcd"),
        ({"hasKeyword": "$seen"}, "ac"),
        ({"hasKeyword": "CUSTOM"}, "c"),
        ({"hasKeyword": "no such keyword!"}, ""),
        ({"notKeyword": "$seen"}, "bde"),
        ({"notKeyword": "custom"}, "abde"),
        ({"allInThreadHaveKeyword": "$seen"}, "c"),
        ({"someInThreadHaveKeyword": "$seen"}, "abc"),
        ({"noneInThreadHaveKeyword": "$seen"}, "de"),
        ({"noneInThreadHaveKeyword": "custom"}, "abde"),
        ({"hasAttachment": True}, "e"),
        ({"hasAttachment": False}, "abcd"),
        ({"inMailbox": inbox, "notKeyword": "$seen", "hasAttachment": False}, "bd"),
    ]
    for condition, names in expected:
        assert _find(jmap, shelf, condition) == names, condition


def test_each_text_condition(jmap: JmapSession, shelf: Shelf) -> None:
    expected: list[tuple[dict[str, Any], str]] = [
        ({"text": "xylophone"}, "e"),
        ({"text": "XYLOPHONE Music"}, "e"),
        ({"text": "zoe"}, "a"),
        ({"text": "งบประมาณ"}, "ab"),
        ({"text": "๒๕๗๐"}, "ab"),
        ({"from": "adam@go.test"}, "b"),
        ({"from": "Eve"}, "e"),
        ({"to": "bob"}, "e"),
        ({"cc": "carl"}, "e"),
        ({"subject": "minutes"}, "c"),
        ({"body": "minutes"}, ""),
        ({"body": "bridge"}, "c"),
        ({"body": "ผู้อำนวยการ"}, "a"),
        ({"text": "nothing-like-it"}, ""),
    ]
    for condition, names in expected:
        assert _find(jmap, shelf, condition) == names, condition


def test_fields_are_found_by_name_and_value(jmap: JmapSession, shelf: Shelf) -> None:
    expected: list[tuple[list[str], str]] = [
        (["In-Reply-To"], "b"),
        (["Cc"], "e"),
        (["cc", "CARL@"], "e"),
        (["Cc", "name"], ""),
        (["Message-ID", "<A@X>"], "a"),
        (["references", "a@x"], "b"),
        (["Subject", "MINUTES"], "c"),
        (["From", "Eve <eve@go.test>"], "e"),
        (["Reply-To", "x"], ""),
        (["Subject", "%' or true --"], ""),
        (["Subject", ".*"], ""),
        (["Subject", "minutes\\nmessage-id:"], ""),
        (["Sub", "minutes"], ""),
        (["Subject", ""], "abcde"),
        (["X-Mark"], ""),
        (["MIME-Version", "1.0"], "abcd"),
    ]
    for header, names in expected:
        assert _find(jmap, shelf, {"header": header}) == names, header
    inbox = {"inMailbox": jmap.mailboxes["inbox"], "header": ["In-Reply-To"]}
    assert _find(jmap, shelf, inbox) == "b"


def test_any_field_is_found_folded_decoded_repeated_and_huge(jmap: JmapSession) -> None:
    raw = (
        b"From: a@go.test\r\nX-Mark: first\r\nX-Mark: =?utf-8?b?4Liq4Lin4Lix4Liq4LiU4Li1?=\r\n  World\r\n"
        b"X-Pattern: a.b*[c]\\d (1+1) $x|y\r\nX-Huge: " + b"lorem " * 3000 + b"end\r\nX-Nul: a\0b\r\n"
        b"X-Raw: \xca\xc7\xd1\xca\xb4\xd5\r\nSubject: s\r\n\r\nbody\r\nX-Body: no\r\n"
    )
    found = jmap.import_(raw, mailboxIds={jmap.mailboxes["inbox"]: True})["id"]
    hits = (
        *(["x-mark"], ["X-MARK", "FIRST"], ["x-mark", "สวัสดี world"], ["x-raw", "สวัสดี"], ["x-nul", "a b"]),
        *(["x-pattern", "a.b*[c]\\d (1+1) $x|y"], ["x-huge", "lorem end"], ["from", "a@go.test"]),
    )
    misses = (
        ["x-mark", "second"],
        ["x-body"],
        ["x-pattern", "a.b."],
        ["mark"],
        ["x-mark:", "first"],
    )
    for header in hits:
        assert jmap.call("Email/query", filter={"header": header})["ids"] == [found], header
    for header in misses:
        assert jmap.call("Email/query", filter={"header": header})["ids"] == [], header


def test_headers_stored_by_older_code_are_caught_up_with(jmap: JmapSession) -> None:
    found = jmap.import_(b"X-Mark: y\r\n\r\n", mailboxIds={jmap.mailboxes["inbox"]: True})["id"]
    db.execute("update store_message set fields = null", ())
    assert jmap.call("Email/query", filter={"header": ["X-Mark"]})["ids"] == []
    assert actions.read_headers(10) == 1
    assert actions.read_headers(10) == 0
    assert jmap.call("Email/query", filter={"header": ["X-Mark"]})["ids"] == [found]


def test_operators(jmap: JmapSession, shelf: Shelf) -> None:
    seen, flagged = {"hasKeyword": "$seen"}, {"hasKeyword": "$flagged"}
    assert _find(jmap, shelf, {"operator": "OR", "conditions": [seen, flagged]}) == "abc"
    assert _find(jmap, shelf, {"operator": "AND", "conditions": [seen, flagged]}) == ""
    assert _find(jmap, shelf, {"operator": "NOT", "conditions": [seen, flagged]}) == "de"
    deep = {"operator": "NOT", "conditions": [{"operator": "OR", "conditions": [seen, {"subject": "lunch"}]}]}
    assert _find(jmap, shelf, deep) == "be"


def test_each_sort(jmap: JmapSession, shelf: Shelf) -> None:
    def by(name: str, **more: Any) -> list[dict[str, Any]]:
        return [{"property": name, **more}, {"property": "receivedAt"}]

    expected = [
        (by("receivedAt", isAscending=False), "edcba"),
        (by("size", isAscending=False)[:1], "e"),
        (by("hasKeyword", keyword="$seen", isAscending=False), "acbde"),
        (by("someInThreadHaveKeyword", keyword="$flagged", isAscending=False), "abcde"),
        (by("allInThreadHaveKeyword", keyword="$seen", isAscending=False), "cabde"),
    ]
    for sort, names in expected:
        assert _find(jmap, shelf, None, sort=sort).startswith(names), sort
    # Base subjects: the answer stands beside its letter, whichever script comes first.
    by_subject = _find(jmap, shelf, None, sort=by("subject"))
    assert "ab" in by_subject
    assert by_subject.replace("ab", "") == "dce"
    assert _find(jmap, shelf, {"text": "xylophone"}, sort=by("from")) == "e"
    assert "ba" in _find(jmap, shelf, None, sort=by("from")).replace("e", "").replace("c", "").replace(
        "d", ""
    )
    assert sorted(_find(jmap, shelf, None, sort=by("to", collation="i;unicode-casemap"))) == list("abcde")
    assert sorted(_find(jmap, shelf, None, sort=by("sentAt"))) == list("abcde")


def test_without_a_sort_the_newest_comes_first(jmap: JmapSession, shelf: Shelf) -> None:
    assert shelf.names(jmap.call("Email/query")["ids"]) == "edcba"


def test_collapsed_threads_show_their_first_member(jmap: JmapSession, shelf: Shelf) -> None:
    result = jmap.call("Email/query", sort=NEWEST_FIRST, collapseThreads=True, calculateTotal=True)
    assert shelf.names(result["ids"]) == "edcb"
    assert result["total"] == 4
    inbox = {"inMailbox": jmap.mailboxes["inbox"]}
    result = jmap.call(
        "Email/query", filter=inbox, sort=NEWEST_FIRST, collapseThreads=True, calculateTotal=True, limit=2
    )
    assert shelf.names(result["ids"]) == "ed"
    assert result["total"] == 3
    assert _find(jmap, shelf, {"hasKeyword": "$seen"}, collapseThreads=True) == "ac"


def test_pages(jmap: JmapSession, shelf: Shelf) -> None:
    expected: list[tuple[dict[str, Any], str, int]] = [
        ({"position": 0, "limit": 2}, "ed", 0),
        ({"position": 2, "limit": 2}, "cb", 2),
        ({"position": -2}, "ba", 3),
        ({"position": -99, "limit": 1}, "e", 0),
        ({"position": 99}, "", 99),
        ({"limit": 0}, "", 0),
        ({"anchor": "c"}, "cba", 2),
        ({"anchor": "c", "anchorOffset": -1, "limit": 2}, "dc", 1),
        ({"anchor": "c", "anchorOffset": 1}, "ba", 3),
        ({"anchor": "c", "anchorOffset": -99}, "edcba", 0),
        ({"anchor": "c", "position": 1}, "cba", 2),
    ]
    for given, names, position in expected:
        arguments = dict(given)
        if "anchor" in arguments:
            arguments["anchor"] = shelf.id(arguments["anchor"])
        result = jmap.call("Email/query", sort=NEWEST_FIRST, calculateTotal=True, **arguments)
        assert shelf.names(result["ids"]) == names, given
        assert result["total"] == 5
        if names:
            assert result["position"] == position, given


def test_the_total_comes_only_when_asked_for(jmap: JmapSession, shelf: Shelf) -> None:
    result = jmap.call("Email/query")
    assert "total" not in result
    assert set(result) >= {"accountId", "queryState", "canCalculateChanges", "position", "ids"}


def test_an_absent_anchor_is_an_error(jmap: JmapSession, shelf: Shelf) -> None:
    outside = {"inMailbox": jmap.mailboxes["archive"]}
    assert jmap.error("Email/query", anchor="nonsense")["type"] == "anchorNotFound"
    assert jmap.error("Email/query", filter=outside, anchor=shelf.id("a"))["type"] == "anchorNotFound"


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"filter": []}, "invalidArguments"),
        ({"filter": {"operator": "XOR", "conditions": []}}, "invalidArguments"),
        ({"filter": {"operator": "AND"}}, "invalidArguments"),
        ({"filter": {"operator": "AND", "conditions": [1]}}, "invalidArguments"),
        ({"filter": {"operator": "AND", "conditions": [], "text": "x"}}, "invalidArguments"),
        ({"filter": {"hasAttachment": "true"}}, "invalidArguments"),
        ({"filter": {"before": "2026-11-03"}}, "invalidArguments"),
        ({"filter": {"after": "2026-11-03T00:00:00+07:00"}}, "invalidArguments"),
        ({"filter": {"minSize": -1}}, "invalidArguments"),
        ({"filter": {"minSize": 2**63}}, "invalidArguments"),
        ({"filter": {"text": 1}}, "invalidArguments"),
        ({"filter": {"header": []}}, "invalidArguments"),
        ({"filter": {"header": ["a", "b", "c"]}}, "invalidArguments"),
        ({"filter": {"inMailboxOtherThan": "m1"}}, "invalidArguments"),
        ({"filter": {"nosuch": 1}}, "unsupportedFilter"),
        ({"filter": {"text": "x" * 10_001}}, "unsupportedFilter"),
        ({"filter": {"operator": "AND", "conditions": [{}] * 1000}}, "unsupportedFilter"),
        ({"sort": [{"property": "nosuch"}]}, "unsupportedSort"),
        ({"sort": [{"property": "size", "collation": "nosuch"}]}, "unsupportedSort"),
        ({"sort": [{"property": "size"}] * 50}, "unsupportedSort"),
        ({"sort": [{"property": "hasKeyword"}]}, "invalidArguments"),
        ({"sort": [{}]}, "invalidArguments"),
        ({"sort": ["size"]}, "invalidArguments"),
        ({"position": "0"}, "invalidArguments"),
        ({"limit": -1}, "invalidArguments"),
        ({"collapseThreads": 1}, "invalidArguments"),
        ({"other": 1}, "invalidArguments"),
    ],
)
def test_bad_arguments_are_refused(jmap: JmapSession, arguments: dict[str, Any], kind: str) -> None:
    assert jmap.error("Email/query", **arguments)["type"] == kind


@pytest.mark.parametrize(
    "text",
    ["'; drop table store_email; --", "a & b | !c", "(((", "\\", "''''", '"unclosed', "%_", "*", "ก" * 5000, "๐",
     "\u200b", "a:b", "x " * 4000],
)  # fmt: skip
def test_hostile_texts_only_find_nothing(jmap: JmapSession, shelf: Shelf, text: str) -> None:
    for name in ("text", "from", "subject", "body"):
        assert isinstance(jmap.call("Email/query", filter={name: text})["ids"], list)


def test_nothing_of_a_stranger_is_found(jmap: JmapSession, stranger_jmap: JmapSession, shelf: Shelf) -> None:
    assert stranger_jmap.call("Email/query", filter={"text": "xylophone"})["ids"] == []
    assert stranger_jmap.call("Email/query", filter={"inMailbox": jmap.mailboxes["inbox"]})["ids"] == []
    assert stranger_jmap.error("Email/query", accountId=jmap.account)["type"] == "accountNotFound"


def test_the_page_of_a_list_comes_in_one_request(jmap: JmapSession, shelf: Shelf) -> None:
    responses = jmap.request(
        ("Email/query", {"accountId": jmap.account, "sort": NEWEST_FIRST, "limit": 2}, "q"),
        (
            "Email/get",
            {
                "accountId": jmap.account,
                "#ids": {"resultOf": "q", "name": "Email/query", "path": "/ids"},
                "properties": ["threadId", "subject", "from"],
            },
            "g",
        ),
        (
            "Thread/get",
            {
                "accountId": jmap.account,
                "#ids": {"resultOf": "g", "name": "Email/get", "path": "/list/*/threadId"},
            },
            "t",
        ),
    )
    assert [each["subject"] for each in responses[1][1]["list"]] == ["pictures", "lunch"]
    assert [each["emailIds"] for each in responses[2][1]["list"]] == [[shelf.id("e")], [shelf.id("d")]]
