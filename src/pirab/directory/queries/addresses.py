"""Whose an address is, and which domains are ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from pirab.core import db
from pirab.directory.types import Principal, Recipient, Role, SenderAddress
from pirab.wire.address import AddressError, normalize_address

Found = TypeVar("Found")

SUBADDRESS_SEPARATOR = "+"
"""`somchai+project@…` reaches `somchai@…` unless it is an address of its own (rfc5233#1)."""


def normal_form(address: str) -> str | None:
    """`address` as the directory keeps it, or None where it is no address at all."""
    try:
        parts = normalize_address(address)
    except AddressError:
        return None
    return f"{parts.local.casefold()}@{parts.domain_ascii}"


def resolve_recipient(address: str) -> Recipient | None:
    """Whose mail `address` is; None when it is not one of ours."""
    return resolve_recipients([address]).get(address)


def resolve_recipients(addresses: Iterable[str]) -> dict[str, Recipient]:
    """Whose mail each address is, in one question; addresses that are not ours are absent."""
    return by_spelling(addresses, _RECIPIENTS, lambda row: Recipient(*row))


def by_spelling(
    addresses: Iterable[str], question: str, read: Callable[[tuple[Any, ...]], Found]
) -> dict[str, Found]:
    """What `question` finds for each address, by the best of its spellings; addresses it finds nothing for are absent.

    The question takes `spellings` and answers with rows that begin with one; `read` gets the rest of a row. Nothing is
    asked about no address.
    """
    wanted = {address: _candidates(address) for address in addresses}
    spellings = {name for names in wanted.values() for name in names}
    if not spellings:
        return {}
    found = {row[0]: read(row[1:]) for row in db.rows(question, {"spellings": list(spellings)})}
    return {
        address: found[name]
        for address, names in wanted.items()
        if (name := next((name for name in names if name in found), None))
    }


def _candidates(address: str) -> list[str]:
    """The directory's spellings `address` may have, the best first; none where it is no address at all."""
    normal = normal_form(address)
    if normal is None:
        return []
    local, _, domain = normal.rpartition("@")
    base = local.partition(SUBADDRESS_SEPARATOR)[0]
    return [normal, f"{base}@{domain}"] if base and base != local else [normal]


def is_local_domain(domain: str) -> bool:
    """Whether mail for `domain` (U-label or A-label) is ours to accept."""
    return agency_of_domain(domain) is not None


def agency_of_domain(domain: str) -> int | None:
    """Whose `domain` (U-label or A-label) is; None where it is not ours."""
    normal = normal_form(f"postmaster@{domain}")
    if normal is None:
        return None
    found: int | None = db.scalar(
        "select agency_id from directory_domain where name = %s and is_active", (normal.rpartition("@")[2],)
    )
    return found


def local_domains() -> list[str]:
    """Every domain of ours as A-label, sorted."""
    return [name for (name,) in db.rows("select name from directory_domain where is_active order by name")]


def addresses_of(account_id: int) -> list[SenderAddress]:
    """The addresses an account may send from, the main one first, those in domains that stand for others last."""
    found = db.rows(_ADDRESSES, {"account": account_id})
    return [SenderAddress(address, name) for address, name in found]


def account_of_login(login: str) -> int | None:
    """The account that mail to this login's address reaches; None when there is none."""
    recipient = resolve_recipient(login)
    return recipient.account_id if recipient else None


def logins_sending_as(address: str) -> list[str]:
    """The logins of everybody who may put `address` into the reverse-path (see `may_send_as`), sorted."""
    recipient = resolve_recipient(address)
    if recipient is None or not recipient.is_active:
        return []
    found = db.rows(
        """
        select p.login from directory_membership_now m join directory_person p on p.id = m.person_id
         where m.account_id = %s and m.role in ('owner', 'member') and p.is_active order by p.login
        """,
        (recipient.account_id,),
    )
    return [login for (login,) in found]


def may_send_as(who: Principal, address: str) -> bool:
    """Whether `who` may put `address` into From or the reverse-path: an address of an account they own or
    work in.
    """
    recipient = resolve_recipient(address)
    if recipient is None or not recipient.is_active:
        return False
    return who.roles.get(recipient.account_id) in (Role.OWNER, Role.MEMBER)


def people_at(addresses: Iterable[str]) -> dict[str, int]:
    """Keys of the people whose own account each address (in normal form) reaches; the others are absent."""
    return dict(db.rows(_PEOPLE_AT, (list(addresses),)))


_PEOPLE_AT: Final = """
    select r.address, m.person_id
      from directory_address r
      join directory_account a on a.id = r.account_id and a.kind = 'personal'
      join directory_membership m on m.account_id = a.id and m.role = 'owner'
     where r.address = any(%s::text[])
"""


def own_account(person_id: int) -> int | None:
    """The key of the person's own account."""
    found: int | None = db.scalar(
        """
        select m.account_id from directory_membership m
          join directory_account a on a.id = m.account_id and a.kind = 'personal'
         where m.person_id = %s and m.role = 'owner' order by m.account_id limit 1
        """,
        (person_id,),
    )
    return found


REACHED: Final = """
    reached(spelling, address, account_id, group_id) as (
        select distinct on (spelling) spelling, d.address, d.account_id, d.group_id
          from (select w.spelling, w.spelling, 0 from unnest(%(spellings)s::text[]) w(spelling)
                union all
                select w.spelling, regexp_replace(w.spelling, '[^@]*$', '') || m.name, 1
                  from unnest(%(spellings)s::text[]) w(spelling)
                  join directory_domain l on l.name = split_part(w.spelling, '@', -1) and l.is_active
                  join directory_domain m on m.id = l.alias_of_id and m.is_active) s(spelling, address, step)
          join directory_address d on d.address = s.address
         order by spelling, step)
"""
"""Which address each spelling stands for: itself, or the same local part of the domain its own stands for."""

_RECIPIENTS: Final = f"""
    with {REACHED}
    select r.spelling, r.account_id, r.address, a.is_active
      from reached r join directory_account a on a.id = r.account_id
"""  # noqa: S608 - text of ours

_ADDRESSES: Final = """
    select address, name from (
        select d.address, a.name, not d.is_primary, d.id
          from directory_address d join directory_account a on a.id = d.account_id
         where d.account_id = %(account)s
        union all
        select regexp_replace(d.address, '[^@]*$', '') || l.name, a.name, true, 4611686018427387904 + l.id
          from directory_address d join directory_account a on a.id = d.account_id
          join directory_domain m on m.name = split_part(d.address, '@', -1) and m.is_active
          join directory_domain l on l.alias_of_id = m.id and l.is_active
         where d.account_id = %(account)s
           and not exists (
               select from directory_address o where o.address = regexp_replace(d.address, '[^@]*$', '') || l.name)
    ) f(address, name, is_other, place) order by is_other, place, address
"""
