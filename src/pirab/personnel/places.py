"""Where an account can be opened: an agency that is open, the mail domain that serves it, a post of it."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.directory import queries as directory
from pirab.directory.errors import AgencyNotFound, EntryNotFound
from pirab.personnel.errors import NoMailDomain


def mail_domain_of(agency_id: int) -> str:
    """The domain new addresses of the agency are made in: its own, or that of the nearest agency above.

    Raises `NoMailDomain`.
    """
    found: str | None = db.scalar(_DOMAIN, (agency_id,))
    if found is None:
        raise NoMailDomain()
    return found


def require_open_agency(agency_id: int) -> None:
    """Raises `AgencyNotFound` for an agency that is closed or does not exist."""
    if not directory.agency(agency_id).is_active:
        raise AgencyNotFound(str(agency_id))


def require_post(post_id: int | None, agency_id: int) -> None:
    """Raises `EntryNotFound` for a post that is not of this agency or below it."""
    if post_id is not None and not db.scalar(_POST_THERE, {"post": post_id, "agency": agency_id}):
        raise EntryNotFound(str(post_id))


_DOMAIN: Final = """
    select d.name from directory_agency g
      join unnest(g.ancestry) with ordinality as a(id, depth) on true
      join directory_domain d on d.agency_id = a.id and d.is_active and d.alias_of_id is null
     where g.id = %s order by a.depth desc, d.id limit 1
"""
_POST_THERE: Final = """
    select true from directory_post p join directory_agency g on g.id = p.agency_id
     where p.id = %(post)s and g.ancestry @> array[%(agency)s::bigint]
"""
