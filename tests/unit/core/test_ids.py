"""Identifiers: one spelling each, and nothing else is accepted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pirab.core.ids import (
    MAX_KEY,
    BlobId,
    IdError,
    IdKind,
    Section,
    SectionEncoding,
    decode_blob_id,
    decode_id,
    encode_blob_id,
    encode_id,
)

DIGEST = bytes(range(32))
NAME = encode_blob_id(DIGEST)


@given(st.sampled_from(IdKind), st.integers(1, MAX_KEY))
def test_a_key_comes_back(kind: IdKind, key: int) -> None:
    assert decode_id(kind, encode_id(kind, key)) == key


@given(st.text(max_size=20))
def test_whatever_decodes_is_the_only_spelling(text: str) -> None:
    try:
        key = decode_id(IdKind.EMAIL, "e" + text)
    except IdError:
        return
    assert encode_id(IdKind.EMAIL, key) == "e" + text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e",
        "m1",
        "E1",
        "e0",
        "e01",
        "eA",
        "ei",
        "el",
        "eo",
        "eu",
        "e1 ",
        " e1",
        "e-1",
        "e๑",
        "e1\n",
        "e8000000000000",
    ],
)
def test_strange_names_are_refused(text: str) -> None:
    with pytest.raises(IdError):
        decode_id(IdKind.EMAIL, text)


@pytest.mark.parametrize("key", [0, -1, MAX_KEY + 1])
def test_keys_out_of_range_have_no_name(key: int) -> None:
    with pytest.raises(IdError):
        encode_id(IdKind.THREAD, key)


sections = st.builds(Section, st.integers(0, 2**60), st.integers(0, 2**60), st.sampled_from(SectionEncoding))


@given(st.binary(min_size=32, max_size=32), st.none() | sections)
def test_a_blob_id_comes_back(digest: bytes, section: Section | None) -> None:
    name = encode_blob_id(digest, section)
    assert decode_blob_id(name) == BlobId(digest, section)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")  # rfc8620#1.2
    assert len(name) <= 255


@given(st.text(alphabet="bq7az2-01", min_size=50, max_size=60))
def test_a_blob_has_one_name(text: str) -> None:
    try:
        found = decode_blob_id(text)
    except IdError:
        return
    assert encode_blob_id(found.digest, found.section) == text


@pytest.mark.parametrize(
    "name",
    [
        "",
        NAME[:-1],
        NAME + "a",
        NAME.upper(),
        NAME[:-1] + "b",  # stray bits after the 256th
        NAME + "-0-5",
        NAME + "-0-5-4",
        NAME + "-00-5-1",
        NAME + "-0--1",
        NAME + "-0-5-1-",
        NAME + "-0-5-1\n",
        NAME + "-1y2p0ij32e8e7-1y2p0ij32e8e7-0",
        "b" + "1" * 52,
    ],
)
def test_strange_blob_names_are_refused(name: str) -> None:
    with pytest.raises(IdError):
        decode_blob_id(name)


def test_an_error_says_what_was_expected_and_not_what_came() -> None:
    with pytest.raises(IdError, match="Not an identifier of this kind: email"):
        decode_id(IdKind.EMAIL, "<script>")
