"""What may stand before the @, what is kept, and what is offered for a Thai name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pirab.directory.errors import LocalPartInvalid, LocalPartReserved
from pirab.directory.localparts import (
    LONGEST_OCTETS,
    Use,
    numbered,
    offered,
    offered_in_thai,
    require_local_part,
    romanised,
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Somchai.J", "somchai.j"),
        (" somsak_2 ", "somsak_2"),
        ("สมชาย.ใจดี", "สมชาย.ใจดี"),
        ("น้ำฝน", "น้ำฝน"),
        ("น\u0e4d\u0e49\u0e32ฝน", "น้ำฝน"),
        ("ก\u0e4d\u0e32พล", "กำพล"),
        ("ฤทัย", "ฤทัย"),
        ("จันทร์เพ็ญ2", "จันทร์เพ็ญ2"),
    ],
)
def test_has_one_spelling(text: str, kept: str) -> None:
    assert require_local_part(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a" * 65, "ก" * 22, "a" * 100_000, ".a", "a.", "a..b", "a+b", "a b", "a@b", '"a b"', "a\r\nb", "a\0b",
        "s\u043emchai",  # a Cyrillic o
        "s\u03bfmchai",  # a Greek one
        "sоmсhаi", "soｍchai", "som\u200bchai", "\u202eiahcmos", "é.x",
        "สมชายa", "somchaiก", "lนก", "เเก้ว", "สมม\u0e48\u0e48าย", "\u0e34กก", "กา\u0e34", "ก\u0e48\u0e34", "ๆๆ", "ฯพณฯ",
        "ฃวด", "สมชาย๑", "ກາ", "ก\u0e4dก", "👍👍",
    ],
)  # fmt: skip
def test_refuses_what_deceives_or_breaks(text: str) -> None:
    for use in Use:
        with pytest.raises(LocalPartInvalid):
            require_local_part(text, use)


@pytest.mark.parametrize(
    "text",
    ["postmaster", "Abuse", "admin", "adm1n", "ad.min", "a-d-m-i-n", "p0stmaster", "postrnaster", "rnailer-daemon",
     "my-postmaster", "root", "r00t", "noc", "MAILER-DAEMON", "no-reply", "ผู้ดูแล", "ผูดูแล", "ผู้ดูแลระบบ2", "แอดมิน.มท"],
)  # fmt: skip
def test_keeps_names_of_the_service(text: str) -> None:
    for use in (Use.PERSON, Use.OFFICE):
        with pytest.raises(LocalPartReserved):
            require_local_part(text, use)
    assert require_local_part(text, Use.SERVICE)


@pytest.mark.parametrize(
    "text",
    ["saraban", "saraban_06560115", "s4raban", "sarabanklang", "สารบรรณ", "สารบรรณกลาง", "info", "lnfo", "hr",
     "ผู้อำนวยการ", "ร้องเรียน"],
)  # fmt: skip
def test_keeps_names_of_offices_for_offices(text: str) -> None:
    with pytest.raises(LocalPartReserved):
        require_local_part(text)
    assert require_local_part(text, Use.OFFICE)


@pytest.mark.parametrize(
    ("name", "latin"),
    [("สมชาย", "somchai"), ("สุวรรณ", "suwan"), ("ณัฐพล", "natphon"), ("นายอภิชาติ", "aphichati"),
     ("เฉลิมชัย", "chaloemchai"), ("เจริญ", "charoen"), ("ศรีสุข", "sisuk"), ("จันทร์เพ็ญ", "chanphen"),
     ("นฤมล", "naruemon"), ("ฤทธิ์", "rit"),
     ("พงษ์ศักดิ์", "phongsak"), ("พล.ต.อ. ประยุทธ์", "prayut"), ("Somchai", "somchai"), ("๙", ""), ("", "")],
)  # fmt: skip
def test_romanises_by_sound(name: str, latin: str) -> None:
    assert romanised(name) == latin


def test_offers_the_usual_forms_and_the_own_spelling_first() -> None:
    assert offered("สมชาย", "ใจดี") == ["somchai.c", "somchai.cha", "somchai.chaidi", "somchai"]
    assert offered("สมชาย", "ใจดี", given_en="Somchai", family_en="Jai-Dee")[:3] == [
        "somchai.j",
        "somchai.jai",
        "somchai.jaidee",
    ]
    assert offered_in_thai("นายสมชาย", "ใจดี") == ["สมชาย.ใจดี", "สมชาย"]
    assert offered_in_thai("Somchai", "Jaidee") == []
    assert offered("", "") == []


def test_numbers_stay_within_the_octets() -> None:
    assert numbered("somchai.j", 2) == "somchai.j2"
    assert len(numbered("ก" * 21, 117).encode()) <= LONGEST_OCTETS
    assert require_local_part(numbered("ก" * 21, 117))


@given(st.text(max_size=70))
def test_is_total_and_what_it_keeps_is_a_fixed_point(text: str) -> None:
    try:
        kept = require_local_part(text, Use.SERVICE)
    except LocalPartInvalid:
        return
    assert require_local_part(kept, Use.SERVICE) == kept


@given(st.text(max_size=40), st.text(max_size=40))
def test_offers_only_what_it_would_take(given: str, family: str) -> None:
    for local in offered(given, family) + offered_in_thai(given, family):
        assert require_local_part(local) == local
