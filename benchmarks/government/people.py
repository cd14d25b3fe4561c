"""Officials: who they are, where they work, how they are reached."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.government.names import Name
from benchmarks.government.units import Office

_TITLES: Final = ("นาย", "นางสาว", "นาง", "นาย", "นางสาว", "ดร.", "ว่าที่ ร.ต.", "พ.ต.ท.", "ผศ.ดร.")
STAFF_POSTS: Final = (
    ("นักวิชาการเงินและบัญชี", "Finance and Accounting Analyst"),
    ("นักจัดการงานทั่วไป", "General Affairs Officer"),
    ("นักทรัพยากรบุคคล", "Human Resource Officer"),
    ("นิติกร", "Legal Officer"),
    ("นักวิเคราะห์นโยบายและแผน", "Plan and Policy Analyst"),
    ("เจ้าพนักงานธุรการ", "Administrative Officer"),
)


@dataclass(frozen=True)
class Official:
    """A person of `office`. `post` is the number of their post in the unit, 0 that of its head. The number `key` counts
    from 1."""

    key: int
    office: Office
    post: int
    title: str
    name: Name
    given_en: str
    family_en: str
    email: str
    office_phone: str
    extension: str
    mobile: str
    hides_mobile: bool


def officials(many: int, tree: list[Office], seed: int = 2569) -> Iterator[Official]:
    """`many` people spread over the tree, the first of each unit its head; the same ones for the same numbers."""
    chance = random.Random(seed)
    taken: set[str] = set()
    for key in range(1, many + 1):
        place = (key - 1) % len(tree)
        yield _official(chance, key, tree[place], (key - 1) // len(tree), taken)


def _official(chance: random.Random, key: int, office: Office, order: int, taken: set[str]) -> Official:
    name = Name(chance)
    way = chance.random()
    given_en, family_en = ("", "") if way < 0.2 else (name.given_royal, name.family_royal)
    if way > 0.7:
        given_en, family_en = name.given_custom, name.family_custom
    email = _address(chance, name, office, taken)
    number = chance.randrange(10_000)
    return Official(
        key,
        office,
        order if order <= len(STAFF_POSTS) else 1 + order % len(STAFF_POSTS),
        chance.choice(_TITLES),
        name,
        given_en,
        family_en,
        email,
        f"0 2{office.key % 900 + 100:03d} {office.key % 10_000:04d}",
        f"{number:04d}",
        f"08{chance.randrange(10)} {chance.randrange(1000):03d} {chance.randrange(10_000):04d}",
        chance.random() < 0.5,
    )


def _address(chance: random.Random, name: Name, office: Office, taken: set[str]) -> str:
    local = f"{name.given_custom}.{name.family_custom[:3]}".lower()
    address = f"{local}@{office.domain}"
    while address in taken:
        address = f"{local}{chance.randrange(10_000)}@{office.domain}"
    taken.add(address)
    return address
