"""The only writers of the directory. Each action is one transaction and may be repeated."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password

from pirab.core import clock, db
from pirab.directory.errors import (
    AccountNotFound,
    AddressInvalid,
    AddressTaken,
    AgencyNotFound,
    DomainUnknown,
)
from pirab.directory.hooks import tell_joining, tell_leaving
from pirab.directory.models import AccessToken, Account, Address, Agency, Domain, Membership, Person
from pirab.directory.queries import is_local_domain, normal_form
from pirab.directory.types import AccountKind, Role


def ensure_agency(
    name_en: str, name_th: str, *, document_code: str = "", parent_id: int | None = None
) -> int:
    """The agency with this English name below `parent_id`, made when it is missing; returns its key."""
    agency, _ = Agency.objects.get_or_create(
        name_en=name_en,
        parent_id=parent_id,
        defaults={"name_th": name_th, "document_code": document_code},
    )
    return agency.pk


def ensure_domain(name: str, agency_id: int) -> None:
    """Accept mail for `name` (U-label or A-label). Raises `AddressInvalid` for what is no domain name."""
    normal = normal_form(f"postmaster@{name}")
    if normal is None:
        raise AddressInvalid(name)
    Domain.objects.get_or_create(name=normal.rpartition("@")[2], defaults={"agency_id": agency_id})


def open_account(name: str, kind: AccountKind, quota_bytes: int | None, agency_id: int | None = None) -> int:
    """A new account without addresses or members; returns its key. The store opens its mailboxes separately.

    `quota_bytes` None: as its agency.
    """
    account = Account.objects.create(name=name, kind=kind, quota_bytes=quota_bytes, agency_id=agency_id)
    return account.pk


def set_quota(account_id: int, quota_bytes: int | None) -> None:
    """How many octets the account may hold (None: as its agency); the floor above tells the store.

    Raises `AccountNotFound`.
    """
    if not Account.objects.filter(pk=account_id).update(quota_bytes=quota_bytes):
        raise AccountNotFound(str(account_id))


def set_agency_quota(agency_id: int, quota_bytes: int | None) -> None:
    """How many octets each account of the agency, and of those below it, may hold that has no quota of its own
    (None: as the agency above); the floor above tells the store. Raises `AgencyNotFound`.
    """
    if not Agency.objects.filter(pk=agency_id).update(quota_bytes=quota_bytes):
        raise AgencyNotFound(str(agency_id))


def add_address(account_id: int, address: str) -> str:
    """Make `address` reach the account; returns its normal form.

    Raises `AddressInvalid`, `DomainUnknown` when the domain is not ours and `AddressTaken` when it reaches another
    account. The first address of an account becomes its main one.
    """
    normal = normal_form(address)
    if normal is None:
        raise AddressInvalid(address)
    if not is_local_domain(normal.rpartition("@")[2]):
        raise DomainUnknown(normal)
    with db.transaction():
        Account.objects.select_for_update().get(pk=account_id)
        is_first = not Address.objects.filter(account_id=account_id).exists()
        row, made = Address.objects.get_or_create(
            address=normal, defaults={"account_id": account_id, "is_primary": is_first}
        )
    if not made and row.account_id != account_id:
        raise AddressTaken(normal)
    return normal


def create_person(
    login: str, name_th: str, *, name_en: str = "", language: str = "th", agency_id: int | None = None
) -> int:
    """A person who signs in with `login`; without a password until `set_password`. Raises `AddressInvalid`."""
    normal = normal_form(login)
    if normal is None:
        raise AddressInvalid(login)
    person = Person.objects.create(
        login=normal,
        name_th=name_th,
        name_en=name_en,
        language=language,
        agency_id=agency_id,
        password=make_password(None),
    )
    return person.pk


def set_password(person_id: int, password: str) -> None:
    """Replace the password; only its Argon2id hash is kept."""
    Person.objects.filter(pk=person_id).update(password=make_password(password))


def grant(person_id: int, account_id: int, role: Role) -> None:
    """Give the person this role in the account, replacing an earlier one."""
    with db.transaction():
        _, is_new = Membership.objects.update_or_create(
            person_id=person_id, account_id=account_id, defaults={"role": role}
        )
        if is_new and _is_shared(account_id):
            tell_joining(account_id, person_id)


def revoke(person_id: int, account_id: int) -> None:
    """Take the person's role in the account away, and in a shared one everything they said of its mail."""
    with db.transaction():
        gone, _ = Membership.objects.filter(person_id=person_id, account_id=account_id).delete()
        if gone and _is_shared(account_id):
            tell_leaving(account_id, person_id)


def _is_shared(account_id: int) -> bool:
    return Account.objects.filter(pk=account_id, kind=AccountKind.SHARED).exists()


def issue_token(person_id: int, label: str, expires_at: datetime | None = None) -> str:
    """A new bearer token; the return value is the only time the secret can be seen."""
    token = secrets.token_urlsafe(32)
    record_token(person_id, token, label, expires_at)
    return token


def record_token(person_id: int, token: str, label: str, expires_at: datetime | None = None) -> None:
    """Accept `token` for the person; a label is used once a person, so a new token replaces the old one."""
    digest = hashlib.sha256(token.encode()).digest()
    with db.transaction():
        AccessToken.objects.filter(person_id=person_id, label=label).exclude(digest=digest).delete()
        AccessToken.objects.update_or_create(
            digest=digest,
            defaults={
                "person_id": person_id,
                "label": label,
                "created_at": clock.now(),
                "expires_at": expires_at,
                "scopes": ["mail"],
            },
        )
