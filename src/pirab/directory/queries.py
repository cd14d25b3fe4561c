"""The only readers of the directory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.hashers import check_password, make_password

from pirab.core import clock, db
from pirab.directory.errors import AccountNotFound
from pirab.directory.models import Person
from pirab.directory.types import AccountInfo, AccountKind, Principal, Recipient, Role, SenderAddress
from pirab.wire.address import AddressError, normalize_address

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
    candidates = {address: _candidates(address) for address in addresses}
    found = {
        row[0]: Recipient(row[1], row[0], row[2])
        for row in db.rows(
            """
            select d.address, d.account_id, a.is_active
              from directory_address d join directory_account a on a.id = d.account_id
             where d.address = any(%s)
            """,
            (list({name for names in candidates.values() for name in names}),),
        )
    }
    return {
        address: found[name]
        for address, names in candidates.items()
        if (name := next((name for name in names if name in found), None))
    }


def _candidates(address: str) -> list[str]:
    """The directory's spellings `address` may have, the best first."""
    normal = normal_form(address)
    if normal is None:
        return []
    local, _, domain = normal.rpartition("@")
    base = local.partition(SUBADDRESS_SEPARATOR)[0]
    return [normal, f"{base}@{domain}"] if base and base != local else [normal]


def is_local_domain(domain: str) -> bool:
    """Whether mail for `domain` (U-label or A-label) is ours to accept."""
    normal = normal_form(f"postmaster@{domain}")
    if normal is None:
        return False
    name = normal.rpartition("@")[2]
    return bool(db.scalar("select true from directory_domain where name = %s and is_active", (name,)))


def local_domains() -> list[str]:
    """Every domain of ours as A-label, sorted."""
    return [name for (name,) in db.rows("select name from directory_domain where is_active order by name")]


def authenticate_password(login: str, password: str) -> Principal | None:
    """The person whose password this is. Takes the same time whether or not the person exists."""
    normal = normal_form(login)
    person = Person.objects.filter(login=normal, is_active=True).first() if normal else None
    if person is None:
        make_password(password)  # pay for one hash, so that the clock does not tell who exists
        return None
    if not check_password(password, person.password):
        return None
    return principal(person.pk)


def authenticate_token(token: str) -> Principal | None:
    """The person a bearer token was given to; None when unknown or expired. One question: every API call asks it."""
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
    return _principal(db.rows(_BEARER, (digest, clock.now())))


def principal(person_id: int) -> Principal | None:
    """The active person with this key and the accounts they may use; None when gone or disabled."""
    return _principal(db.rows(_PRINCIPAL, (person_id,)))


_PRINCIPAL: Final = """
    select p.id, p.login, p.name_th, m.account_id, m.role, a.kind
      from directory_person p
      left join (directory_membership m join directory_account a on a.id = m.account_id and a.is_active)
        on m.person_id = p.id
     where p.id = %s and p.is_active
     order by a.kind = 'personal' desc, m.account_id
"""

_BEARER: Final = """
    select p.id, p.login, p.name_th, m.account_id, m.role, a.kind
      from directory_accesstoken t
      join directory_person p on p.id = t.person_id
      left join (directory_membership m join directory_account a on a.id = m.account_id and a.is_active)
        on m.person_id = p.id
     where t.digest = %s and (t.expires_at is null or t.expires_at > %s) and p.is_active
     order by a.kind = 'personal' desc, m.account_id
"""


def _principal(found: list[tuple[Any, ...]]) -> Principal | None:
    """The person in the rows of one of the two questions above, a row for each of their accounts."""
    if not found:
        return None
    person_id, login, name = found[0][:3]
    roles = {account_id: Role(role) for _, _, _, account_id, role, _ in found if account_id is not None}
    personal = [row[3] for row in found if row[5] == AccountKind.PERSONAL and row[4] == Role.OWNER]
    primary = personal[0] if personal else next(iter(roles), None)
    shared = frozenset(row[3] for row in found if row[5] == AccountKind.SHARED)
    return Principal(person_id, login, name, roles, primary, shared=shared)


def account(account_id: int) -> AccountInfo:
    """Display facts of an account; raises `AccountNotFound`."""
    infos = accounts([account_id])
    if not infos:
        raise AccountNotFound(str(account_id))
    return infos[0]


def accounts(account_ids: list[int]) -> list[AccountInfo]:
    """Display facts of several accounts, in the order asked; unknown ones are absent."""
    found = db.rows(
        """
        select a.id, a.name, coalesce(d.address, ''), a.kind, a.quota_bytes
          from directory_account a left join directory_address d on d.account_id = a.id and d.is_primary
         where a.id = any(%s)
        """,
        (account_ids,),
    )
    by_id = {row[0]: AccountInfo(row[0], row[1], row[2], AccountKind(row[3]), row[4]) for row in found}
    return [by_id[account_id] for account_id in account_ids if account_id in by_id]


def addresses_of(account_id: int) -> list[SenderAddress]:
    """The addresses an account may send from, the main one first."""
    found = db.rows(
        """
        select d.address, a.name from directory_address d join directory_account a on a.id = d.account_id
         where d.account_id = %s order by d.is_primary desc, d.id
        """,
        (account_id,),
    )
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
        select p.login from directory_membership m join directory_person p on p.id = m.person_id
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
