"""People, their entries and their posts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pirab.core import db
from pirab.directory.errors import EntryNotFound
from pirab.directory.types import HoldingInfo, HoldingKind, PersonInfo, PostInfo, ProfileInfo


def person(person_id: int) -> PersonInfo:
    """One person, active or not; raises `EntryNotFound`."""
    row = db.row(f"{_PERSON} where id = %s", (person_id,))
    if row is None:
        raise EntryNotFound(str(person_id))
    return PersonInfo(*row)


def person_with_login(login: str) -> PersonInfo | None:
    """The person who signs in with `login` (in normal form)."""
    row = db.row(f"{_PERSON} where login = %s", (login,))
    return PersonInfo(*row) if row else None


def profile(person_id: int) -> ProfileInfo:
    """The person's entry as stored; empty and of version 0 where nothing was said yet."""
    row = db.row(_PROFILE, (person_id,))
    return _profile(row) if row else ProfileInfo(person_id)


def post(post_id: int) -> PostInfo:
    """One post; raises `EntryNotFound`."""
    row = db.row(f"{_POST} where id = %s", (post_id,))
    if row is None:
        raise EntryNotFound(str(post_id))
    return PostInfo(*row)


def posts_of(agency_ids: Iterable[int]) -> list[PostInfo]:
    """The posts of these units, each unit's in its order."""
    found = db.rows(
        f"{_POST} where agency_id = any(%s) order by agency_id, position, id", (list(agency_ids),)
    )
    return [PostInfo(*row) for row in found]


def holdings_of_posts(post_ids: Iterable[int]) -> list[HoldingInfo]:
    """Everybody who holds or will hold one of these posts, also in the past."""
    return [
        _holding(row) for row in db.rows(f"{_HOLDING} where post_id = any(%s) order by id", (list(post_ids),))
    ]


def holdings_of_people(person_ids: Iterable[int]) -> list[HoldingInfo]:
    """Every holding of these people, also past and future ones."""
    found = db.rows(f"{_HOLDING} where person_id = any(%s) order by id", (list(person_ids),))
    return [_holding(row) for row in found]


def _profile(row: tuple[Any, ...]) -> ProfileInfo:
    picture = None if row[12] is None else bytes(row[12])
    return ProfileInfo(*(*row[:12], picture, tuple(row[13]), *row[14:]))


def _holding(row: tuple[Any, ...]) -> HoldingInfo:
    return HoldingInfo(row[0], row[1], row[2], HoldingKind(row[3]), row[4], row[5])


_PERSON: Final = "select id, login, name_th, name_en, language, agency_id, is_active from directory_person"

_PROFILE: Final = """
    select person_id, title, rank, given_th, family_th, given_en, family_en, office_phone, extension, mobile, expertise,
           about, picture, hidden, is_listed, version
      from directory_profile where person_id = %s
"""

_POST: Final = "select id, agency_id, title_th, title_en, is_head, position, version from directory_post"

_HOLDING: Final = "select id, person_id, post_id, kind, since, until from directory_holding"


def of_unit(agency_id: int, person_ids: Iterable[int]) -> list[int]:
    """Those of the people who belong to the agency or one below it, or hold a post there."""
    found = db.rows(
        """
        select p.id from directory_person p join directory_agency a on a.id = p.agency_id
         where p.id = any(%(people)s::bigint[]) and a.ancestry @> array[%(unit)s::bigint]
        union
        select h.person_id from directory_holding h
          join directory_post o on o.id = h.post_id join directory_agency a on a.id = o.agency_id
         where h.person_id = any(%(people)s::bigint[]) and a.ancestry @> array[%(unit)s::bigint]
         order by 1
        """,
        {"people": db.array(person_ids), "unit": agency_id},
    )
    return [key for (key,) in found]
