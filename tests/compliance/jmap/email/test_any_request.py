"""Requests nobody would write: the answer is a response or an error the RFC names, never serverFail."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter

EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TEXTS = st.text(alphabet=st.sampled_from("aก/~#:<>\"'\\ \t\n๐😀-$"), max_size=12)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
_NAMES = """
    id blobId threadId mailboxIds keywords receivedAt subject from to messageId sentAt headers size bodyStructure
    bodyValues textBody htmlBody attachments keywords/$seen mailboxIds/m1 partId type charset name disposition cid
    language location header:X-A header:From:asText header:Subject:asText:all header:Content-Type subParts value
    isTruncated email addresses operator conditions inMailbox before minSize hasKeyword text header property
    isAscending
"""
_ARGUMENTS = """
    ids blobIds emails create update destroy filter sort properties sinceState emailIds anchor limit position ifInState
    fromAccountId
"""
WORDS = st.sampled_from(_NAMES.split())
VALUES = JSON | st.sampled_from(["1", True, "text/plain", "multipart/mixed", "AND"])
RECORDS = st.recursive(
    st.dictionaries(WORDS | TEXTS, VALUES, max_size=5),
    lambda inner: st.dictionaries(WORDS, inner | st.lists(inner, max_size=3), max_size=4),
    max_leaves=6,
)


def _answers(jmap: JmapSession, name: str, **arguments: Any) -> None:
    answered, result = jmap.respond(name, **arguments)
    if answered == "error":
        assert result["type"] not in ("serverFail", "serverUnavailable", "unknownMethod"), (result, arguments)
        return
    for outcome in ("notCreated", "notUpdated", "notDestroyed"):
        for refused in (result.get(outcome) or {}).values():
            assert refused["type"] != "serverFail"


@EXAMPLES
@given(record=RECORDS)
def test_creates(jmap: JmapSession, record: dict[str, Any]) -> None:
    _answers(jmap, "Email/set", create={"k": record, "j": jmap.draft(**record)})
    _answers(jmap, "Email/import", emails={"k": record})


@EXAMPLES
@given(part=RECORDS, value=JSON)
def test_bodies(jmap: JmapSession, part: dict[str, Any], value: Any) -> None:
    values = {"1": {"value": "x"}, "2": value}
    for body in ({"bodyStructure": part}, {"textBody": [part]}, {"attachments": [part, value]}):
        _answers(jmap, "Email/set", create={"k": jmap.draft(**body, bodyValues=values)})


@EXAMPLES
@given(patch=RECORDS)
def test_updates(jmap: JmapSession, patch: dict[str, Any]) -> None:
    email_id = jmap.call("Email/query")["ids"][:1] or [jmap.import_(letter())["id"]]
    _answers(jmap, "Email/set", update={email_id[0]: patch})


@EXAMPLES
@given(condition=RECORDS, sort=st.lists(RECORDS, max_size=2))
def test_queries(jmap: JmapSession, condition: dict[str, Any], sort: list[dict[str, Any]]) -> None:
    _answers(jmap, "Email/query", filter=condition)
    _answers(jmap, "Email/query", sort=sort)
    _answers(jmap, "Email/queryChanges", filter=condition, sinceQueryState="0")
    _answers(jmap, "SearchSnippet/get", filter=condition, emailIds=[])


@EXAMPLES
@given(
    names=st.lists(WORDS | TEXTS, max_size=4),
    parts=st.lists(WORDS | TEXTS, max_size=3),
    most=st.integers(-1, 9),
)
def test_properties(jmap: JmapSession, names: list[str], parts: list[str], most: int) -> None:
    blob_id = jmap.upload(letter())
    arguments = {
        "properties": names,
        "bodyProperties": parts,
        "maxBodyValueBytes": most,
        "fetchAllBodyValues": True,
    }
    _answers(jmap, "Email/get", ids=None, **arguments)
    _answers(jmap, "Email/parse", blobIds=[blob_id], **arguments)


@EXAMPLES
@given(arguments=st.dictionaries(st.sampled_from(_ARGUMENTS.split()), JSON))
def test_arguments(jmap: JmapSession, arguments: dict[str, Any]) -> None:
    for name in ("get", "query", "queryChanges", "changes", "set", "import", "copy", "parse"):
        _answers(jmap, f"Email/{name}", **arguments)
    _answers(jmap, "SearchSnippet/get", **arguments)
