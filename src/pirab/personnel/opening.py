"""Opening the account of a newcomer: person, mailbox, addresses, entry and post, all or nothing."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.directory import actions as directory
from pirab.directory import localparts, queries
from pirab.personnel import places
from pirab.personnel.provisioning import OpenedAccount, open_personal_account
from pirab.personnel.types import Names, Newcomer

MOST_OFFERS: Final = 4
_MOST_NUMBERED: Final = 50


def offers(newcomer: Newcomer) -> tuple[str, ...]:
    """Addresses that are free for the newcomer, the usual one first. Raises `NoMailDomain`."""
    domain = places.mail_domain_of(newcomer.agency_id)
    if newcomer.local_part:
        return tuple(_free([f"{newcomer.local_part}@{domain}"]))
    names = newcomer.names
    wanted = localparts.offered(
        names.given_th, names.family_th, given_en=names.given_en, family_en=names.family_en
    )
    free = _free([f"{local}@{domain}" for local in wanted])
    if wanted and len(free) < 2:
        spare = [localparts.numbered(wanted[0], number) for number in range(2, _MOST_NUMBERED)]
        free += _free([f"{local}@{domain}" for local in spare])[: 2 - len(free)]
    return tuple(free[:MOST_OFFERS])


def thai_offers(newcomer: Newcomer) -> tuple[str, ...]:
    """Second addresses in Thai script (rfc6531) that are free for the newcomer."""
    domain = places.mail_domain_of(newcomer.agency_id)
    names = newcomer.names
    wanted = localparts.offered_in_thai(names.given_th, names.family_th)
    return tuple(_free([f"{local}@{domain}" for local in wanted]))


def open_account(newcomer: Newcomer, address: str, thai_address: str = "") -> OpenedAccount:
    """Open it at `address`, with a second one in Thai script unless that is "". The caller has asked whether the local
    part may be had.

    Raises `LimitReached`, `AddressTaken`, `AddressInvalid`, `DomainUnknown`, `AgencyNotFound`.
    """
    with db.transaction():
        places.require_open_agency(newcomer.agency_id)
        opened = open_personal_account(
            address,
            newcomer.names.full_th,
            name_en=newcomer.names.full_en,
            agency_id=newcomer.agency_id,
            language=newcomer.language,
        )
        if thai_address:
            directory.add_address(opened.account_id, thai_address)
        directory.edit_profile(opened.person_id, _entry(newcomer.names), 0)
        if newcomer.post_id is not None:
            directory.hold_post(opened.person_id, newcomer.post_id)
    return opened


def _entry(names: Names) -> dict[str, str]:
    return {
        "title": names.title,
        "given_th": names.given_th,
        "family_th": names.family_th,
        "given_en": names.given_en,
        "family_en": names.family_en,
    }


def _free(addresses: list[str]) -> list[str]:
    normal = {address: queries.normal_form(address) for address in addresses}
    taken = {
        found
        for (found,) in db.rows(_TAKEN, {"addresses": [name for name in normal.values() if name is not None]})
    }
    return [address for address, name in normal.items() if name is not None and name not in taken]


_TAKEN: Final = """
    select address from directory_address where address = any(%(addresses)s)
    union select login from directory_person where login = any(%(addresses)s)
"""
