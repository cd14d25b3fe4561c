"""Properties of reading: total, ranges that fit, strings that can be stored."""

from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import given, settings

from pirab.wire.dsn import parse_dsn
from pirab.wire.headers import (
    as_addresses,
    as_date,
    as_grouped_addresses,
    as_message_ids,
    as_raw,
    as_text,
    as_urls,
)
from pirab.wire.mime import ParseLimits, decode_part, header_fields, parse_message, part_text
from pirab.wire.mime.transfer import decode_octets, decoded_size
from pirab.wire.threading import base_subject
from tests.fuzz.messages import raw_messages
from tests.unit.wire.trees import assert_ranges_fit, leaves_of, parts_of


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


@settings(max_examples=400, deadline=None)
@given(raw_messages)
def test_every_message_is_read_and_every_string_can_be_stored(raw: bytes) -> None:
    message = parse_message(raw)
    assert_ranges_fit(message.root, len(raw))
    assert len(message.preview) <= 256
    for text in _strings(msgspec.to_builtins(message)):
        assert "\0" not in text
        text.encode("utf-8")
    assert msgspec.json.decode(msgspec.json.encode(message), type=type(message)) == message


@settings(max_examples=300, deadline=None)
@given(raw_messages)
def test_parts_and_what_lies_between_are_the_whole_message(raw: bytes) -> None:
    for part in parts_of(parse_message(raw).root):
        assert raw[part.header_end : part.body_start] in (b"", b"\n", b"\r\n")
        position = part.body_start
        for child in part.sub_parts:
            between = raw[position : child.header_start]
            assert between.endswith((b"\n", b"--b", b"--c")) or child.header_start == len(raw)
            position = child.body_end


@settings(max_examples=300, deadline=None)
@given(raw_messages)
def test_sizes_are_lengths_and_ids_are_unique(raw: bytes) -> None:
    message = parse_message(raw)
    leaves = leaves_of(message.root)
    assert len({part.part_id for part in leaves}) == len(leaves)
    for part in leaves:
        assert len(decode_part(raw, part)) == part.size
        assert "\0" not in part_text(raw, part).text
        header_fields(raw, part)
    known = {part.part_id for part in leaves}
    assert {*message.text_body, *message.html_body, *message.attachments} <= known


@settings(max_examples=150, deadline=None)
@given(raw_messages)
def test_limits_hold_and_lose_nothing(raw: bytes) -> None:
    message = parse_message(raw, ParseLimits(max_depth=1, max_parts=3, max_search_chars=5))
    assert_ranges_fit(message.root, len(raw))
    assert len(list(parts_of(message.root))) <= 4
    assert len(message.search_text.body) <= 6


@settings(max_examples=400, deadline=None)
@given(raw_messages)
def test_header_forms_and_encodings_are_total(raw: bytes) -> None:
    for form in (as_raw, as_text, as_addresses, as_grouped_addresses, as_message_ids, as_date, as_urls):
        form(raw)
    text = as_text(raw)
    assert not {"\r", "\n", "\0"} & set(text)
    assert base_subject(base_subject(text)) == base_subject(text)
    for encoding in ("base64", "quoted-printable", "x-uuencode", "8bit"):
        assert decoded_size(raw, 0, len(raw), encoding) == len(decode_octets(raw, encoding))


@settings(max_examples=150, deadline=None)
@given(raw_messages)
def test_reports_are_total(raw: bytes) -> None:
    parse_dsn(raw)
    parse_dsn(b"Content-Type: message/delivery-status\r\n\r\n" + raw)
