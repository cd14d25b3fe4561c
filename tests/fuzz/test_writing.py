"""Properties of writing: what is written is read back, a round trip is a fixed point, no value makes a
field."""

import re
import unicodedata

import msgspec
from hypothesis import HealthCheck, given, settings

from pirab.wire.address import normalize_address
from pirab.wire.compose import ComposeError, Draft, MimeNode, compose, compose_structure, strip_bcc
from pirab.wire.mime import ParsedMessage, decode_part, header_fields, parse_message
from pirab.wire.types import Address
from tests.fuzz.messages import drafts, evil_drafts, trees
from tests.unit.wire.trees import leaves_of

_OWN = {
    "date", "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "message-id", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id",
}  # fmt: skip
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)


def _assert_sendable(raw: bytes) -> None:
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", raw)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def _emails(addresses: tuple[Address, ...] | None) -> list[str]:
    return [normalize_address(address.email).readable for address in addresses or ()]


def _rewritten(message: ParsedMessage) -> Draft:
    return Draft(
        from_=message.from_ or (),
        to=message.to or (),
        cc=message.cc or (),
        bcc=message.bcc or (),
        subject=message.subject,
        message_id=(message.message_id or (None,))[0],
        references=message.references or (),
        date=message.sent_at,
        text="x",
    )


@settings(max_examples=250, deadline=None, suppress_health_check=_SLOW)
@given(drafts)
def test_what_is_written_is_read_back(draft: Draft) -> None:
    raw = compose(draft)
    _assert_sendable(raw)
    message = parse_message(raw)
    assert message.defects == ()
    if draft.subject is not None:
        assert (
            message.subject
            == unicodedata.normalize("NFC", draft.subject.replace("\0", "\ufffd").strip()).strip()
        )
    assert _emails(message.to) == _emails(draft.to)
    assert _emails(message.bcc) == _emails(draft.bcc)
    assert (message.references or ()) == draft.references
    assert message.sent_at == draft.date
    sent = {item.data for item in draft.attachments}
    assert sent <= {decode_part(raw, part) for part in leaves_of(message.root)}
    assert parse_message(strip_bcc(raw)).bcc is None


@settings(max_examples=150, deadline=None, suppress_health_check=_SLOW)
@given(drafts)
def test_writing_what_was_read_is_a_fixed_point(draft: Draft) -> None:
    once = compose(_rewritten(parse_message(compose(draft))))
    twice = compose(_rewritten(parse_message(once)))
    assert once == twice


@settings(max_examples=400, deadline=None, suppress_health_check=_SLOW)
@given(evil_drafts)
def test_no_value_begins_a_field_or_a_part(draft: Draft) -> None:
    try:
        raw = compose(draft)
    except ComposeError:
        return
    _assert_sendable(raw)
    message = parse_message(raw)
    wanted = {name.lower() for name, _ in draft.extra_headers}
    names = [field.name.lower() for field in header_fields(raw, message.root)]
    assert set(names) <= _OWN | wanted
    assert len(names) == len(set(names)) + len(draft.extra_headers) - len(wanted)
    assert len(leaves_of(message.root)) == 1 + len(draft.attachments)


@settings(max_examples=250, deadline=None, suppress_health_check=_SLOW)
@given(trees)
def test_trees_come_back_octet_for_octet(tree: MimeNode) -> None:
    raw = compose_structure(tree)
    _assert_sendable(raw)
    message = parse_message(raw)
    assert message.defects == ()
    found = [decode_part(raw, part) for part in leaves_of(message.root)]
    assert found == [node.content for node in _leaf_nodes(tree)]
    assert compose_structure(msgspec.structs.replace(tree)) == raw


def _leaf_nodes(node: MimeNode) -> list[MimeNode]:
    if not node.children:
        return [node]
    return [leaf for child in node.children for leaf in _leaf_nodes(child)]
