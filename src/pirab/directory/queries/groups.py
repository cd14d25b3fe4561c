"""Groups, their members, and whom a letter to one reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pirab.core import clock, db
from pirab.directory.errors import GroupNotFound
from pirab.directory.queries.addresses import REACHED, by_spelling, resolve_recipients
from pirab.directory.types import (
    Audience,
    GroupFacts,
    GroupInfo,
    GroupKind,
    MemberInfo,
    MemberKind,
    PostingPolicy,
)


def group(group_id: int) -> GroupInfo:
    """One group; raises `GroupNotFound`."""
    row = db.row(f"{_GROUP} where g.id = %s", (group_id,))
    if row is None:
        raise GroupNotFound(str(group_id))
    return _info(row)


def groups_at(addresses: Iterable[str]) -> dict[str, GroupInfo]:
    """The group each address stands for; addresses that are no group's are absent."""
    return by_spelling(addresses, _AT, _info)


def groups_managed_by(person_id: int) -> list[GroupInfo]:
    """The groups the person manages, directly or by a post, by name."""
    found = db.rows(_MANAGED, {"person": person_id, "today": clock.now().date()})
    return [_info(row) for row in found]


def groups_of_agency(agency_id: int, after: int, limit: int, words: str = "") -> list[GroupInfo]:
    """Groups of exactly this agency by key, those with a larger one than `after`; `words` in a name or the address."""
    found = db.rows(
        f"""
        {_GROUP} where g.agency_id = %(agency)s and g.id > %(after)s and (
               %(words)s = ''
               or strpos(lower(g.name_th || ' ' || g.name_en || ' ' || a.address), lower(%(words)s)) > 0)
         order by g.id limit %(limit)s
        """,
        {"agency": agency_id, "after": after, "words": words, "limit": limit},
    )
    return [_info(row) for row in found]


def groups_named(words: Sequence[str], limit: int) -> list[GroupInfo]:
    """Active groups whose names and address hold every word, those that begin with the first word before others."""
    conditions = " and ".join(
        ["strpos(lower(g.name_th || ' ' || g.name_en || ' ' || a.address), %s) > 0"] * len(words)
    )
    found = db.rows(
        f"{_GROUP} where g.is_active and a.address is not null and {conditions} "
        "order by (strpos(lower(g.name_th), %s) = 1 or strpos(a.address, %s) = 1) desc, g.name_th, g.id limit %s",
        (*words, words[0], words[0], limit),
    )
    return [_info(row) for row in found]


def members(group_id: int, after: int, limit: int) -> list[MemberInfo]:
    """Members by key, those with a larger one than `after`."""
    return [
        MemberInfo(row[0], MemberKind(row[1]), *row[2:])
        for row in db.rows(_MEMBERS, {"group": group_id, "after": after, "limit": limit})
    ]


def audience(group_id: int) -> Audience:
    """Whom a letter to the group reaches now: through inner groups, present holders of posts, and everybody active of
    the unit and below it. Each once; closed groups and disabled people are left out."""
    account_ids, addresses = _reached(_AUDIENCE, group_id)
    return Audience(account_ids, addresses)


def managers(group_id: int) -> Audience:
    """Who lets letters of a moderated group through, and may write to one for announcements."""
    account_ids, addresses = _reached(_MANAGERS, group_id)
    return Audience(account_ids, addresses)


def is_manager(group_id: int, person_id: int) -> bool:
    """Whether the person manages the group, directly or by a post."""
    parameters = {"group": group_id, "person": person_id, "today": clock.now().date()}
    return bool(db.scalar(_IS_MANAGER, parameters))


def _reached(sql: str, group_id: int) -> tuple[frozenset[int], frozenset[str]]:
    found = db.rows(sql, {"group": group_id, "today": clock.now().date()})
    named = {address for _, address in found if address is not None}
    here = resolve_recipients(named)
    accounts = {account for account, _ in found if account is not None}
    accounts |= {recipient.account_id for recipient in here.values() if recipient.is_active}
    return frozenset(accounts), frozenset(named - here.keys())


def _info(row: tuple[Any, ...]) -> GroupInfo:
    facts = GroupFacts(GroupKind(row[3]), row[4], row[5], PostingPolicy(row[6]), row[7])
    return GroupInfo(row[0], row[1], row[2], facts, row[8], row[9])


_COLUMNS: Final = """
    g.id, g.agency_id, coalesce(a.address, ''), g.kind, g.name_th, g.name_en, g.posting, g.unit_id, g.is_active,
    g.version
"""

_MAIN: Final = "left join directory_address a on a.group_id = g.id and a.is_primary"

_GROUP: Final = f"select {_COLUMNS} from directory_group g {_MAIN}"  # noqa: S608 - text of ours

_AT: Final = f"""
    with {REACHED}
    select r.spelling, {_COLUMNS} from reached r join directory_group g on g.id = r.group_id {_MAIN}
"""  # noqa: S608 - text of ours

_MEMBERS: Final = """
    select m.id,
           case when m.person_id is not null then 'person' when m.post_id is not null then 'post'
                when m.inner_id is not null then 'group' else 'address' end,
           coalesce(m.person_id, m.post_id, m.inner_id),
           coalesce(p.name_th || ' <' || p.login || '>', o.title_th, i.name_th, m.outside),
           m.receives, m.manages
      from directory_groupmember m
      left join directory_person p on p.id = m.person_id
      left join directory_post o on o.id = m.post_id
      left join directory_group i on i.id = m.inner_id
     where m.group_id = %(group)s and m.id > %(after)s
     order by m.id limit %(limit)s
"""

_OF_PEOPLE: Final = """
    select a.id, null::text from people x
      join directory_person p on p.id = x.id and p.is_active
      join directory_membership_now m on m.person_id = p.id and m.role = 'owner'
      join directory_account a on a.id = m.account_id and a.kind = 'personal' and a.is_active
"""
"""Accounts of the people a letter is for."""

_HOLDS: Final = """
    join directory_holding h on h.post_id = m.post_id
     and (h.since is null or h.since <= %(today)s) and (h.until is null or h.until >= %(today)s)
"""

_AUDIENCE: Final = f"""
    with recursive inside(id) as (
        select id from directory_group where id = %(group)s
        union
        select g.id from inside i
          join directory_groupmember m on m.group_id = i.id and m.receives
          join directory_group g on g.id = m.inner_id and g.is_active
    ),
    people(id) as (
        select m.person_id from inside i
          join directory_groupmember m on m.group_id = i.id and m.receives and m.person_id is not null
        union
        select h.person_id from inside i join directory_groupmember m on m.group_id = i.id and m.receives {_HOLDS}
        union
        select p.id from inside i
          join directory_group g on g.id = i.id and g.kind = 'unit'
          join directory_agency u on u.ancestry @> array[g.unit_id]
          join directory_person p on p.agency_id = u.id
    )
    {_OF_PEOPLE}
    union
    select null, m.outside from inside i
      join directory_groupmember m on m.group_id = i.id and m.receives and m.outside is not null
"""  # noqa: S608 - text of ours

_MANAGERS: Final = f"""
    with people(id) as (
        select m.person_id from directory_groupmember m
         where m.group_id = %(group)s and m.manages and m.person_id is not null
        union
        select h.person_id from directory_groupmember m {_HOLDS} where m.group_id = %(group)s and m.manages
    )
    {_OF_PEOPLE}
    union
    select null, m.outside from directory_groupmember m
     where m.group_id = %(group)s and m.manages and m.outside is not null
"""  # noqa: S608 - text of ours

_IS_MANAGER: Final = f"""
    select true from directory_groupmember m
     where m.group_id = %(group)s and m.manages and m.person_id = %(person)s
    union
    select true from directory_groupmember m {_HOLDS}
     where m.group_id = %(group)s and m.manages and h.person_id = %(person)s
"""  # noqa: S608 - text of ours

_MANAGED: Final = f"""
    {_GROUP} where g.id in (
        select m.group_id from directory_groupmember m where m.manages and m.person_id = %(person)s
        union
        select m.group_id from directory_groupmember m {_HOLDS} where m.manages and h.person_id = %(person)s)
     order by g.name_th, g.id
"""  # noqa: S608 - text of ours
