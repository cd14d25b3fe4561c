"""The only readers of the care of domains."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from pirab.core import db
from pirab.domainaudit import expected
from pirab.domainaudit.errors import ClaimNotFound
from pirab.domainaudit.expected import House
from pirab.domainaudit.types import (
    Algorithm,
    Change,
    DomainInfo,
    KeyInfo,
    KeyState,
    PolicyMode,
    RecordState,
    Seen,
    State,
    Verdict,
)


def domain(claim_id: int) -> DomainInfo:
    """One domain; raises `ClaimNotFound`."""
    row = db.row(f"{_DOMAIN} where c.id = %s", (claim_id,))
    if row is None:
        raise ClaimNotFound()
    return _domain(row)


def domains_of(agency_id: int, after: str, limit: int, words: str = "") -> list[DomainInfo]:
    """The domains of exactly this agency by name, from behind the name `after`; `words` are part of the name."""
    found = db.rows(
        f"{_DOMAIN} where c.agency_id = %s and c.name > %s and strpos(c.name, %s) > 0 order by c.name limit %s",
        (agency_id, after, words.lower(), limit),
    )
    return [_domain(row) for row in found]


def proven_domain(name: str) -> DomainInfo | None:
    """The domain of this name (A-label) for which mail is taken, whoever has it."""
    row = db.row(f"{_DOMAIN} where c.name = %s and c.proven_at is not null and d.is_active", (name.lower(),))
    return None if row is None else _domain(row)


def claim_keys() -> list[int]:
    """Every claim, for the daily audit."""
    return [key for (key,) in db.rows("select id from domainaudit_claim order by id")]


def changing_claims(retired_before: datetime) -> list[int]:
    """The claims with a key that waits for the DNS, or was retired before `retired_before`."""
    found = db.rows(
        """
        select distinct claim_id from domainaudit_signingkey
         where state = 'waiting' or (state = 'retired' and retired_at <= %s) order by 1
        """,
        (retired_before,),
    )
    return [key for (key,) in found]


def keys_of(claim_id: int) -> list[KeyInfo]:
    """The signing keys of a domain, the oldest first."""
    return [_key(row) for row in db.rows(f"{_KEY} where claim_id = %s order by generation, id", (claim_id,))]


def published_keys(claim_id: int) -> list[KeyInfo]:
    """Those whose record belongs into the DNS; of the revoked ones only the youngest, so that a zone does not fill."""
    keys = keys_of(claim_id)
    last = max((key.generation for key in keys if key.state is KeyState.REVOKED), default=None)
    return [key for key in keys if key.state is not KeyState.REVOKED or key.generation == last]


def signing(algorithm: Algorithm) -> list[tuple[str, str]]:
    """Domain and selector of every key that signs."""
    return [
        (name, selector)
        for name, selector in db.rows(
            """
            select c.name, k.selector from domainaudit_signingkey k join domainaudit_claim c on c.id = k.claim_id
             where k.state = 'signing' and k.algorithm = %s and c.proven_at is not null
            """,
            (algorithm.value,),
        )
    ]


def seen(found: DomainInfo, house: House) -> list[Seen]:
    """Every record the domain should publish, with the last look at it."""
    rows = db.rows(
        "select key, state, reason, seen, since, checked_at from domainaudit_finding where claim_id = %s",
        (found.id,),
    )
    known = {row[0]: row for row in rows}
    return [
        Seen(record, *_verdict(known.get(record.key)))
        for record in expected.records(found, published_keys(found.id), house)
    ]


def history(claim_id: int, before: int | None, limit: int) -> list[Change]:
    """The newest lines of the history; `before` is the last key seen."""
    found = db.rows(
        """
        select id, key, before, after, detail, at from domainaudit_change
         where claim_id = %s and id < %s order by id desc limit %s
        """,
        (claim_id, before or 2**63 - 1, limit),
    )
    return [Change(*row) for row in found]


def names_of_others(agency_id: int) -> list[str]:
    """The domains that mail is taken for, or that are proven, of all other agencies."""
    found = db.rows(
        """
        select name from directory_domain where agency_id <> %(agency)s and is_active
        union select name from domainaudit_claim where agency_id <> %(agency)s and proven_at is not null
        """,
        {"agency": agency_id},
    )
    return [name for (name,) in found]


def _verdict(row: tuple[Any, ...] | None) -> tuple[Verdict, datetime | None, datetime | None]:
    if row is None:
        return Verdict(RecordState.UNCHECKED), None, None
    return Verdict(RecordState(row[1]), row[2], tuple(row[3])), row[4], row[5]


def _domain(row: tuple[Any, ...]) -> DomainInfo:
    return DomainInfo(*(*row[:5], State(row[5]), PolicyMode(row[6]), *row[7:]))


def _key(row: tuple[Any, ...]) -> KeyInfo:
    return KeyInfo(row[0], row[1], Algorithm(row[2]), row[3], KeyState(row[4]), *row[5:])


_DOMAIN: Final = """
    select c.id, c.agency_id, c.name, c.token, c.is_vouched,
           case when c.proven_at is null then 'claimed' when not coalesce(d.is_active, false) then 'proven'
                when c.is_complete then 'complete' else 'receiving' end,
           c.mta_sts, m.name, c.claimed_at, c.proven_at, c.proof_missing_since, c.checked_at
      from domainaudit_claim c
      left join directory_domain d on d.id = c.domain_id
      left join directory_domain m on m.id = d.alias_of_id
"""

_KEY: Final = """
    select selector, generation, algorithm, public, state, created_at, seen_at, signing_at, retired_at, revoked_at
      from domainaudit_signingkey
"""
