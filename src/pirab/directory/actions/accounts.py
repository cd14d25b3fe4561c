"""Accounts: opened, given room, given addresses, and given to people."""

from __future__ import annotations

from datetime import datetime

from pirab.core import db
from pirab.directory.errors import AccountNotFound, AddressInvalid, AddressTaken, DomainUnknown, PeriodInvalid
from pirab.directory.hooks import tell_entries, tell_joining, tell_leaving
from pirab.directory.limits import Resource, require_room
from pirab.directory.models import Account, Address, Membership
from pirab.directory.queries import is_local_domain, normal_form
from pirab.directory.quotas import promised_to
from pirab.directory.types import AccountKind, Role, Sending


def open_account(name: str, kind: AccountKind, quota_bytes: int | None, agency_id: int | None = None) -> int:
    """A new account without addresses or members; returns its key. The store opens its mailboxes separately.

    `quota_bytes` None: as its agency. Raises `LimitReached`.
    """
    with db.transaction():
        account = Account.objects.create(name=name, kind=kind, quota_bytes=quota_bytes, agency_id=agency_id)
        require_room(agency_id, (Resource.STORAGE,))
    return account.pk


def set_quota(account_id: int, quota_bytes: int | None) -> None:
    """How many octets the account may hold (None: as its agency); the floor above tells the store.

    Raises `AccountNotFound`, and `LimitReached` for more than before where there is no room for it.
    """
    with db.transaction():
        account = Account.objects.select_for_update().filter(pk=account_id).first()
        if account is None:
            raise AccountNotFound(str(account_id))
        before = promised_to(account_id)
        Account.objects.filter(pk=account_id).update(quota_bytes=quota_bytes)
        if promised_to(account_id) > before:
            require_room(account.agency_id, (Resource.STORAGE,))


def address_of_ours(address: str) -> str:
    """The normal form of an address that may be given to an account or a group.

    Raises `AddressInvalid`, and `DomainUnknown` when the domain is not ours.
    """
    normal = normal_form(address)
    if normal is None:
        raise AddressInvalid(address)
    if not is_local_domain(normal.rpartition("@")[2]):
        raise DomainUnknown(normal)
    return normal


def add_address(account_id: int, address: str) -> str:
    """Make `address` reach the account; returns its normal form.

    Raises `AddressInvalid`, `DomainUnknown` when the domain is not ours and `AddressTaken` when it reaches another
    account. The first address of an account becomes its main one.
    """
    normal = address_of_ours(address)
    with db.transaction():
        Account.objects.select_for_update().get(pk=account_id)
        is_first = not Address.objects.filter(account_id=account_id).exists()
        row, made = Address.objects.get_or_create(
            address=normal, defaults={"account_id": account_id, "is_primary": is_first}
        )
        if made and not is_first:
            tell_entries(_owners(account_id))
    if not made and row.account_id != account_id:
        raise AddressTaken(normal)
    return normal


def grant(
    person_id: int,
    account_id: int,
    role: Role,
    *,
    sending: Sending = Sending.AS,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Give the person this role in the account, replacing an earlier one.

    `since` and `until` (not included) bound it, as for a secretary's delegation; None: open on that side.
    Raises `PeriodInvalid`.
    """
    if since is not None and until is not None and since >= until:
        raise PeriodInvalid()
    with db.transaction():
        _, is_new = Membership.objects.update_or_create(
            person_id=person_id,
            account_id=account_id,
            defaults={"role": role, "sending": sending, "since": since, "until": until},
        )
        if is_new and _is_shared(account_id):
            tell_joining(account_id, person_id)


def revoke(person_id: int, account_id: int) -> None:
    """Take the person's role in the account away, and in a shared one everything they said of its mail."""
    with db.transaction():
        gone, _ = Membership.objects.filter(person_id=person_id, account_id=account_id).delete()
        if gone and _is_shared(account_id):
            tell_leaving(account_id, person_id)


def _owners(account_id: int) -> list[int]:
    """Whose own account it is: nobody's where it belongs to an office."""
    owners = Membership.objects.filter(
        account_id=account_id, role=Role.OWNER, account__kind=AccountKind.PERSONAL
    )
    return list(owners.values_list("person_id", flat=True))


def _is_shared(account_id: int) -> bool:
    return Account.objects.filter(pk=account_id, kind=AccountKind.SHARED).exists()
