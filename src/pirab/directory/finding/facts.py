"""What the directory says of people, in as few questions as there are tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta, timezone
from typing import Any, Final

from pirab.core import clock, db
from pirab.directory.finding.types import Card, CardPost, Facts, Unit

BANGKOK: Final = timezone(timedelta(hours=7))


def load(person_ids: Sequence[int]) -> list[Facts]:
    """Facts of those who are listed and active; the others are absent."""
    people = db.rows(_PEOPLE, (list(person_ids),))
    posts: dict[int, list[CardPost]] = defaultdict(list)
    for person_id, *post in db.rows(_POSTS, {"people": list(person_ids), "today": today()}):
        posts[person_id].append(CardPost(*post))
    units = units_with_ancestors(
        {row[1] for row in people if row[1] is not None}
        | {post.agency_id for held in posts.values() for post in held}
    )
    return [_facts(row, tuple(posts[row[0]]), units) for row in people]


def today() -> Any:
    """The date in Bangkok."""
    return clock.now().astimezone(BANGKOK).date()


def units_with_ancestors(agency_ids: Iterable[int]) -> dict[int, Unit]:
    """These units and all above them by key."""
    return {row[0]: Unit(*(*row[:5], tuple(row[5]))) for row in db.rows(_UNITS, (list(agency_ids),))}


def _facts(row: tuple[Any, ...], posts: tuple[CardPost, ...], units: dict[int, Unit]) -> Facts:
    person_id, agency_id, email, name_th, name_en = row[:5]
    title, rank, given_th, family_th, given_en, family_en = row[5:11]
    office_phone, extension, mobile, expertise, has_picture, addresses = row[11:]
    card = Card(
        person_id,
        f"{given_th} {family_th}".strip() or name_th,
        f"{given_en} {family_en}".strip() or name_en,
        title,
        rank,
        email,
        agency_id,
        posts,
        office_phone,
        extension,
        mobile,
        has_picture,
    )
    own = units[agency_id].ancestry if agency_id in units else ()
    others = (units[post.agency_id].ancestry for post in posts if post.agency_id in units)
    chain = dict.fromkeys(key for ancestry in (own, *others) for key in reversed(ancestry))
    return Facts(
        card,
        given_th or name_th,
        family_th,
        given_en or name_en,
        family_en,
        expertise,
        tuple(dict.fromkeys((email, *addresses))),
        own,
        tuple(units[key] for key in chain if key in units),
    )


_PEOPLE: Final = """
    select p.id, p.agency_id, p.login, p.name_th, p.name_en,
           coalesce(f.title, ''), coalesce(f.rank, ''), coalesce(f.given_th, ''), coalesce(f.family_th, ''),
           coalesce(f.given_en, ''), coalesce(f.family_en, ''), coalesce(f.office_phone, ''), coalesce(f.extension, ''),
           case when 'mobile' = any(f.hidden) then '' else coalesce(f.mobile, '') end,
           case when 'expertise' = any(f.hidden) then '' else coalesce(f.expertise, '') end,
           f.picture is not null and not 'picture' = any(f.hidden),
           array(select d.address
                   from directory_membership m
                   join directory_account a on a.id = m.account_id and a.kind = 'personal'
                   join directory_address d on d.account_id = a.id
                  where m.person_id = p.id and m.role = 'owner' order by d.id)
      from directory_person p left join directory_profile f on f.person_id = p.id
     where p.id = any(%s) and p.is_active and coalesce(f.is_listed, true)
     order by p.id
"""

_POSTS: Final = """
    select h.person_id, p.id, p.agency_id, p.title_th, p.title_en, h.kind = 'acting', p.is_head
      from directory_holding h join directory_post p on p.id = h.post_id
     where h.person_id = any(%(people)s)
       and (h.since is null or h.since <= %(today)s) and (h.until is null or h.until >= %(today)s)
     order by h.person_id, h.kind = 'acting', p.is_head desc, p.position, h.id
"""

_UNITS: Final = """
    select distinct u.id, u.name_th, u.name_en, u.abbreviation, u.abbreviation_en, u.ancestry
      from directory_agency a cross join unnest(a.ancestry) above(id) join directory_agency u on u.id = above.id
     where a.id = any(%s)
"""
