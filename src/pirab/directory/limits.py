"""How much an agency and all below it may have: people who can sign in, octets promised to accounts, mail domains.

A limit holds for the whole subtree, and every agency of the chain up to the root may have one. Whoever adds something
writes it first and asks `require_room` in the same transaction: the rows of the agencies that have a limit are locked
from the root down, so of two who come at once the second one counts what the first one wrote. A move of a subtree waits
for everybody who is adding (`hold_tree`), so that nothing is counted in two places or in none.

Lowering a limit takes nothing away; nothing is added until there is room again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Any, Final

import msgspec
from django.conf import settings

from pirab.core import db
from pirab.directory.errors import AgencyNotFound, LimitAboveParent, LimitReached
from pirab.directory.types import Limits


class Resource(StrEnum):
    """What is limited."""

    PEOPLE = "people"
    STORAGE = "storage"
    DOMAINS = "domains"


class Usage(msgspec.Struct, frozen=True):
    """One resource of an agency. `used` by its subtree, storage in octets; `most` its own limit; `left` what it may
    still add under every limit above it and its own; None: no limit anywhere."""

    resource: Resource
    used: int
    most: int | None
    left: int | None


def hold_tree() -> None:
    """Keep the tree as it stands until this transaction ends; many may hold it at once."""
    db.execute(f"select pg_advisory_xact_lock_shared({_TREE})")


def take_tree() -> None:
    """Wait until nobody holds the tree, and let nobody else until this transaction ends: for a move."""
    db.execute(f"select pg_advisory_xact_lock({_TREE})")


def require_room(
    agency_id: int | None, resources: Iterable[Resource], *, besides: Collection[int] = ()
) -> None:
    """Return when the agency and all above it are within their limits with what this transaction wrote already.

    `besides`: agencies whose sum did not change (somebody moves within them). Raises `LimitReached` naming the agency
    whose limit it is.
    """
    if agency_id is None:
        return
    hold_tree()
    limited = [row for row in _locked_above(agency_id) if row[0] not in besides]
    for resource in resources:
        for key, name, *numbers in limited:
            most = numbers[_COLUMN[resource]]
            if most is not None and (used := used_by(key, resource)) > most:
                raise LimitReached(f"{resource} · {name}", agency_id=key, most=most, used=used)


def require_handed_down(agency_id: int, limits: Limits) -> None:
    """Return when no limit is higher than what each agency above has left for this one: its own limit less what the
    rest of its subtree uses. Raises `LimitAboveParent`.

    The rows of the chain stay locked, so nobody takes what is left meanwhile.
    """
    hold_tree()
    above = [row for row in _locked_above(agency_id) if row[0] != agency_id]
    wanted = (limits.most_people, limits.most_storage_bytes, limits.most_domains)
    for resource, number in zip(Resource, wanted, strict=True):
        if number is None:
            continue
        own = used_by(agency_id, resource)
        for key, name, *numbers in above:
            most = numbers[_COLUMN[resource]]
            if most is None:
                continue
            left = max(0, most - (used_by(key, resource) - own))
            if number > left:
                raise LimitAboveParent(f"{resource} · {name}", agency_id=key, left=left)


def used_by(agency_id: int, resource: Resource) -> int:
    """How much the agency and all below it have now, storage in octets."""
    parameters = {"agency": agency_id, "default": settings.ENVIRONMENT.quota_default}
    return int(db.scalar(_USED[resource], parameters))


def usage_of(agency_id: int) -> list[Usage]:
    """Each resource of the agency. Raises `AgencyNotFound`."""
    chain = db.rows(_ABOVE, (agency_id,))
    if not chain:
        raise AgencyNotFound(str(agency_id))
    return [_usage(agency_id, resource, chain) for resource in Resource]


def _usage(agency_id: int, resource: Resource, chain: list[tuple[Any, ...]]) -> Usage:
    used = used_by(agency_id, resource)
    left: list[int] = []
    own: int | None = None
    for key, _, *numbers in chain:
        most = numbers[_COLUMN[resource]]
        if most is None:
            continue
        left.append(most - (used if key == agency_id else used_by(key, resource)))
        own = most if key == agency_id else own
    return Usage(resource, used, own, max(0, min(left)) if left else None)


def _locked_above(agency_id: int) -> list[tuple[Any, ...]]:
    """The agencies of the chain that have a limit, from the root down, their rows locked.

    `no key update`: rows that refer to an agency may still be written beside it.
    """
    return db.rows(_LIMITED, (agency_id,))


_TREE: Final = "hashtext('directory: the tree of agencies')"
_COLUMN: Final = {Resource.PEOPLE: 0, Resource.STORAGE: 1, Resource.DOMAINS: 2}

_ABOVE: Final = """
    select g.id, g.name_th, g.most_people, g.most_storage_bytes, g.most_domains
      from directory_agency g
     where g.id in (select unnest(ancestry) from directory_agency where id = %s)
     order by cardinality(g.ancestry)
"""

_LIMITED: Final = """
    select g.id, g.name_th, g.most_people, g.most_storage_bytes, g.most_domains
      from directory_agency g
     where g.id in (select unnest(ancestry) from directory_agency where id = %s)
       and (g.most_people is not null or g.most_storage_bytes is not null or g.most_domains is not null)
     order by cardinality(g.ancestry) for no key update of g
"""

_USED: Final = {
    Resource.PEOPLE: """
        select count(*) from directory_person p
         where p.is_active
           and p.agency_id in (select id from directory_agency where ancestry @> array[%(agency)s::bigint])
    """,
    # What an account is promised: its own number, else that of the nearest agency above that has one.
    Resource.STORAGE: """
        select coalesce(sum(coalesce(a.quota_bytes, u.said, %(default)s)), 0)::bigint
          from (select g.id,
                       (select above.quota_bytes from unnest(g.ancestry) with ordinality as way(id, depth)
                          join directory_agency above on above.id = way.id
                         where above.quota_bytes is not null order by way.depth desc limit 1) as said
                  from directory_agency g where g.ancestry @> array[%(agency)s::bigint]) u
          join directory_account a on a.agency_id = u.id
    """,
    Resource.DOMAINS: """
        select count(*) from directory_domain d
         where d.is_active
           and d.agency_id in (select id from directory_agency where ancestry @> array[%(agency)s::bigint])
    """,
}
