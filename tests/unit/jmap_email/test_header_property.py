"""The grammar of header:… properties (rfc8621#4.1.3)."""

from __future__ import annotations

import pytest

from pirab.jmap.email.header_property import HeaderForm, is_form_allowed, parse_header_property


@pytest.mark.parametrize(
    ("key", "field", "form", "is_all"),
    [
        ("header:Subject", "subject", HeaderForm.RAW, False),
        ("header:X-A:asText", "x-a", HeaderForm.TEXT, False),
        ("header:List-Post:asURLs", "list-post", HeaderForm.URLS, False),
        ("header:Resent-To:asAddresses:all", "resent-to", HeaderForm.ADDRESSES, True),
        ("header:asText", "astext", HeaderForm.RAW, False),
        ("header:all", "all", HeaderForm.RAW, False),
        ("header:all:all", "all", HeaderForm.RAW, True),
        ("header:!#$~", "!#$~", HeaderForm.RAW, False),
    ],
)
def test_good_properties(key: str, field: str, form: HeaderForm, is_all: bool) -> None:
    parsed = parse_header_property(key)
    assert parsed is not None
    assert (parsed.key, parsed.field, parsed.form, parsed.is_all) == (key, field, form, is_all)


@pytest.mark.parametrize(
    "key",
    ["header", "header:", "Header:Subject", "header:a b", "header:หัว", "header:a:asWhat", "header:a:astext",
     "header:a:all:asText", "header:a:all:all", "header:a:", "header:a::all", "header:a:asText:", "header:a\n",
     "header:" + "a" * 77],
)  # fmt: skip
def test_bad_properties(key: str) -> None:
    assert parse_header_property(key) is None


def test_fields_of_the_standards_take_their_own_forms_only() -> None:
    allowed: dict[str, set[str]] = {
        "From": {"Raw", "Addresses", "GroupedAddresses"},
        "Subject": {"Raw", "Text"},
        "Message-ID": {"Raw", "MessageIds"},
        "Date": {"Raw", "Date"},
        "List-Unsubscribe": {"Raw", "URLs"},
        "Received": {"Raw"},
        "List-Id": set(map(str, HeaderForm)),
        "X-Anything": set(map(str, HeaderForm)),
    }
    for name, forms in allowed.items():
        for form in HeaderForm:
            parsed = parse_header_property(f"header:{name}:as{form}")
            assert parsed is not None
            assert is_form_allowed(parsed) == (form.value in forms), (name, form)
