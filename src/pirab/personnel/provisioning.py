"""Opening accounts: the directory and the store together, in one transaction."""

from __future__ import annotations

import msgspec
from django.conf import settings

from pirab.core import db
from pirab.directory import actions as directory
from pirab.directory import queries, quotas
from pirab.directory.errors import AddressTaken
from pirab.directory.types import AccountKind, Role
from pirab.store import actions as store


class OpenedAccount(msgspec.Struct, frozen=True):
    """What `open_personal_account` made."""

    person_id: int
    account_id: int
    email: str


def open_personal_account(
    email: str,
    name_th: str,
    *,
    name_en: str = "",
    quota_bytes: int | None = None,
    agency_id: int | None = None,
    language: str = "th",
) -> OpenedAccount:
    """A person and their account, ready to receive mail at `email`; they sign in once a password is set.

    `quota_bytes` is for this account alone; None: as its agency, or the installation's default.
    Raises `AddressInvalid`, `DomainUnknown`, `AddressTaken`; then nothing was made.
    """
    normal = queries.normal_form(email)
    with db.transaction():
        # Two who want one address at the same moment meet here, so that the second is told and not broken off.
        db.execute("select pg_advisory_xact_lock(hashtext('address'), hashtext(%s))", (normal or email,))
        if normal is not None and queries.person_with_login(normal) is not None:
            raise AddressTaken(normal)
        person_id = directory.create_person(
            email, name_th, name_en=name_en, language=language, agency_id=agency_id
        )
        account_id = directory.open_account(name_th, AccountKind.PERSONAL, quota_bytes, agency_id)
        address = directory.add_address(account_id, email)
        directory.grant(person_id, account_id, Role.OWNER)
        store.open_account(account_id, effective_quota(account_id))
    return OpenedAccount(person_id, account_id, address)


def open_shared_account(
    email: str, name: str, *, quota_bytes: int | None = None, agency_id: int | None = None
) -> int:
    """An account that belongs to an office rather than a person (`saraban@…`); returns its id. Errors as above."""
    with db.transaction():
        account_id = directory.open_account(name, AccountKind.SHARED, quota_bytes, agency_id)
        directory.add_address(account_id, email)
        store.open_account(account_id, effective_quota(account_id))
    return account_id


def set_quota(account_id: int, quota_bytes: int | None) -> None:
    """How many octets the account may hold, in the directory and at the door alike; None: as its agency.

    Raises `AccountNotFound`.
    """
    with db.transaction():
        directory.set_quota(account_id, quota_bytes)
        store.set_quota(account_id, effective_quota(account_id))


def set_agency_quota(agency_id: int, quota_bytes: int | None) -> int:
    """How many octets each account of the agency and of those below it may hold that has no number of its own;
    returns how many accounts that reaches. None: as the agency above. Raises `AgencyNotFound`.

    Repeating it finishes what was cut off: a door that has not heard of it yet goes by the old number.
    """
    directory.set_agency_quota(agency_id, quota_bytes)
    following = quotas.accounts_following(agency_id)
    said = quotas.inherited_quota(agency_id)
    store.set_quotas(following, settings.ENVIRONMENT.quota_default if said is None else said)
    return len(following)


def effective_quota(account_id: int) -> int:
    """How many octets the account may hold: its own number, its agency's, or the installation's default."""
    found = quotas.account_quota(account_id)
    return settings.ENVIRONMENT.quota_default if found is None else found
