"""How many octets an account may hold: its own number, or that of the nearest agency above it that has one."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from pirab.core import db


def inherited_quota(agency_id: int | None) -> int | None:
    """What accounts of the agency hold that have no quota of their own, in octets; None: nobody above says."""
    found: int | None = db.scalar(_INHERITED, (agency_id,))
    return found


def account_quota(account_id: int) -> int | None:
    """What the directory says about the account, in octets; None: neither it nor an agency above has a number."""
    found = db.row("select quota_bytes, agency_id from directory_account where id = %s", (account_id,))
    if found is None or found[0] is not None:
        return None if found is None else found[0]
    return inherited_quota(found[1])


def promised_to(account_id: int) -> int:
    """How many octets the account may hold: its own number, its agency's, or the installation's default."""
    found = account_quota(account_id)
    default: int = settings.ENVIRONMENT.quota_default
    return default if found is None else found


def accounts_following(agency_id: int) -> list[int]:
    """The accounts that hold as much as this agency says: no number of their own, none of an agency in between."""
    return [account_id for (account_id,) in db.rows(_FOLLOWING, (agency_id,))]


_INHERITED: Final = """
    with recursive above(id, parent_id, quota_bytes, step) as (
        select id, parent_id, quota_bytes, 0 from directory_agency where id = %s
        union all
        select p.id, p.parent_id, p.quota_bytes, a.step + 1
          from above a join directory_agency p on p.id = a.parent_id
         where a.quota_bytes is null and a.step < 100
    )
    select quota_bytes from above where quota_bytes is not null order by step limit 1
"""

_FOLLOWING: Final = """
    with recursive below(id, step) as (
        select %s::bigint, 0
        union all
        select c.id, b.step + 1 from below b join directory_agency c on c.parent_id = b.id
         where c.quota_bytes is null and b.step < 100
    )
    select a.id from directory_account a join below on below.id = a.agency_id
     where a.quota_bytes is null order by a.id
"""
