"""Walking the tree: units, their posts and who holds them, their people; and the addresses to write to.

Pages are cut behind the last row of the page before, so that what comes or goes meanwhile shifts nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from pirab.core import db
from pirab.directory.errors import AgencyNotFound
from pirab.directory.finding import facts
from pirab.directory.finding.searching import cards
from pirab.directory.finding.types import Card, Unit


class ChildUnit(msgspec.Struct, frozen=True):
    """A unit in a list; `order` is its place, for the page behind it."""

    unit: Unit
    kind: str
    has_children: bool
    order: tuple[int, str, int]


class Holder(msgspec.Struct, frozen=True):
    """Somebody who holds a post today."""

    card: Card
    is_acting: bool


class StaffedPost(msgspec.Struct, frozen=True):
    """A post with those who hold it today and are listed, and where to write to it.

    `write_to` is the post's own address where it has one, else its holders', else the unit's central address.
    """

    id: int
    agency_id: int
    title_th: str
    title_en: str
    is_head: bool
    position: int
    holders: tuple[Holder, ...]
    write_to: tuple[str, ...]


class SarabanAddress(msgspec.Struct, frozen=True):
    """A central address with the agency that answers for it."""

    address: str
    agency_id: int
    name_th: str
    name_en: str
    abbreviation: str
    domain: str


def unit(agency_id: int) -> tuple[Unit, tuple[Unit, ...]]:
    """An agency at work and the way to it from the root, itself included; raises `AgencyNotFound`."""
    if not db.scalar("select is_active from directory_agency where id = %s", (agency_id,)):
        raise AgencyNotFound(str(agency_id))
    known = facts.units_with_ancestors([agency_id])
    found = known[agency_id]
    return found, tuple(known[key] for key in found.ancestry if key in known)


def children(agency_id: int | None, after: tuple[int, str, int] | None, limit: int) -> list[ChildUnit]:
    """Units directly below (None: the roots) in their order, those behind `after`."""
    rows = db.rows_planned_anew(
        _CHILDREN,
        {"parent": agency_id, "position": after and after[0], "name": after and after[1], "id": after and after[2],
         "limit": limit},
    )  # fmt: skip
    return [
        ChildUnit(Unit(*(*row[:5], tuple(row[5]))), row[6], row[7], (row[8], row[1], row[0])) for row in rows
    ]


def posts(agency_id: int, after: tuple[int, int] | None, limit: int) -> list[StaffedPost]:
    """Posts of the unit in their order (head first), those behind the `after`th (position, key)."""
    position, key = after or (-1, 0)
    rows = db.rows(_POSTS, (agency_id, position, key, limit))
    return _staffed(rows, agency_id)


def people(agency_id: int, after: tuple[str, int] | None, limit: int) -> list[tuple[Card, tuple[str, int]]]:
    """Listed people of exactly this unit by name, those behind `after`; each with its own place."""
    name, key = after or ("", 0)
    rows = db.rows(_PEOPLE, (agency_id, name, key, limit))
    return [(msgspec.json.decode(card, type=Card), (sorting, person)) for person, sorting, card in rows]


def people_below(agency_id: int, limit: int) -> list[Card]:
    """Listed people of the unit and all below it by name, at most `limit`."""
    rows = db.rows_planned_anew(_BELOW, ([-agency_id], limit))
    return [msgspec.json.decode(card, type=Card) for (card,) in rows]


def saraban_of(agency_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The central addresses of these agencies, of those that have one."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in db.rows(
        f"{_SARABAN} and u.id = any(%s) order by length(d.address), d.address", (list(agency_ids),)
    ):
        found[row[1]].append(row[0])
    return {key: tuple(addresses) for key, addresses in found.items()}


def saraban_addresses() -> list[SarabanAddress]:
    """Every central address of the government, agency by agency."""
    rows = db.rows(f"{_SARABAN} order by u.name_th, u.id, d.address")
    return [SarabanAddress(*row) for row in rows]


def _staffed(rows: list[tuple[Any, ...]], agency_id: int) -> list[StaffedPost]:
    keys = [row[0] for row in rows]
    held = db.rows(_HOLDERS, {"posts": keys, "today": facts.today()})
    known = {card.person_id: card for card in cards([person for _, person, _ in held])}
    holders: dict[int, list[Holder]] = defaultdict(list)
    for post_id, person, is_acting in held:
        if person in known:
            holders[post_id].append(Holder(known[person], is_acting))
    own: dict[int, list[str]] = defaultdict(list)
    for post_id, address in db.rows(_POST_ADDRESSES, (keys,)):
        own[post_id].append(address)
    central = saraban_of([agency_id]).get(agency_id, ())
    return [
        StaffedPost(*(*row, tuple(holders[row[0]]), _write_to(own[row[0]], holders[row[0]], central)))
        for row in rows
    ]


def _write_to(own: list[str], holders: list[Holder], central: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(own) or tuple(holder.card.email for holder in holders) or central[:1]


_CHILDREN: Final = """
    select a.id, a.name_th, a.name_en, a.abbreviation, a.abbreviation_en, a.ancestry, a.kind,
           exists (select from directory_agency c where c.parent_id = a.id and c.is_active), a.position
      from directory_agency a
     where a.is_active and a.parent_id is not distinct from %(parent)s::bigint
       and (%(id)s::bigint is null
            or (a.position, a.name_th, a.id) > (%(position)s::int, %(name)s::text, %(id)s::bigint))
     order by a.position, a.name_th, a.id limit %(limit)s
"""

_POSTS: Final = """
    select id, agency_id, title_th, title_en, is_head, position from directory_post
     where agency_id = %s and (position, id) > (%s, %s) order by position, id limit %s
"""

_HOLDERS: Final = """
    select post_id, person_id, kind = 'acting' from directory_holding
     where post_id = any(%(posts)s)
       and (since is null or since <= %(today)s) and (until is null or until >= %(today)s)
     order by kind = 'acting', id
"""

_POST_ADDRESSES: Final = """
    select m.post_id, d.address
      from directory_groupmember m join directory_group g on g.id = m.group_id and g.is_active and g.kind = 'post'
      join directory_address d on d.group_id = g.id and d.is_primary
     where m.post_id = any(%s) and m.receives order by d.address
"""

_PEOPLE: Final = """
    select person_id, sorting, card from finding_entry
     where agency_id = %s and (sorting, person_id) > (%s, %s) order by sorting, person_id limit %s
"""

_BELOW: Final = "select card from finding_entry where terms @> %s::int[] order by sorting, person_id limit %s"

# The domain, not the account, says whose address it is: it is what was proved.
_SARABAN: Final = """
    select d.address, u.id, u.name_th, u.name_en, u.abbreviation, m.name
      from directory_address d
      join directory_domain m on m.name = split_part(d.address, '@', 2) and m.is_active
      left join directory_account a on a.id = d.account_id
      left join directory_group g on g.id = d.group_id
      join directory_agency u on u.id = coalesce(a.agency_id, g.agency_id, m.agency_id) and u.is_active
     where d.address like 'saraban%%' and d.address ~ '^saraban([0-9]+|[._-][a-z0-9._-]+)?@'
       and coalesce(a.is_active, g.is_active)
"""
