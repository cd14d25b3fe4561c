"""What the holder of a link sees and does: look, choose an address and a password, and be in."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet

from pirab.core import clock, db
from pirab.directory import actions as directory
from pirab.directory import queries
from pirab.personnel import opening, secrecy
from pirab.personnel.enrolments import newcomer_of
from pirab.personnel.errors import LinkRefused, LocalPartNotOffered, StillWaiting
from pirab.personnel.models import Enrolment, RosterEntry
from pirab.personnel.types import Names, State, Welcome
from pirab.signin import passwords
from pirab.signin.errors import PasswordRefused

_TOLD: Final = (State.WAITING, State.OPEN, State.REFUSED)
"""States the holder of a link may hear of; every other looks as if there were no such link."""


def welcome(secret: str) -> Welcome:
    """What the link is for. Raises `LinkRefused`."""
    return shown(_held(secret))


def shown(row: Enrolment) -> Welcome:
    """What whoever holds a link to this enrolment is shown."""
    agency = queries.agency(row.agency_id)
    newcomer = newcomer_of(row)
    state = State(row.state)
    login = "" if row.person_id is None else queries.person(row.person_id).login
    chooses = state is State.OPEN and not login
    return Welcome(
        state,
        agency.facts.name_th,
        agency.facts.name_en,
        newcomer.names,
        opening.offers(newcomer) if chooses else (),
        opening.thai_offers(newcomer) if chooses else (),
        login,
        row.reason,
        row.expires_at,
    )


def judge_password(secret: str, password: str, address: str) -> str:
    """Why this password is not good enough for whoever holds the link, or "". Raises `LinkRefused`."""
    row = _held(secret)
    try:
        passwords.require_good(password, _about(newcomer_of(row).names, address))
    except PasswordRefused as error:
        return error.detail or "refused"
    return ""


def enter(secret: str, address: str, thai_address: str, password: str | None) -> int:
    """Open the account the link stands for, or take over the one that is open; returns the person's key.

    `password` None: the browser goes on to make a passkey at once. The link is used up. Raises `LinkRefused`,
    `StillWaiting`, `LocalPartNotOffered`, `PasswordRefused`, and as `opening.open_account`.
    """
    with db.transaction():
        row = _locked(secret)
        names = newcomer_of(row).names
        if password is not None:
            passwords.require_good(password, _about(names, address))
        person_id = row.person_id or _open(row, address, thai_address)
        if password is not None:
            directory.set_password(person_id, passwords.normal(password))
        now = clock.now()
        Enrolment.objects.filter(pk=row.pk).update(state=State.USED, person_id=person_id, decided_at=now)
        if row.roster_entry_id is not None:
            RosterEntry.objects.filter(pk=row.roster_entry_id).update(used_at=now)
    return person_id


def _open(row: Enrolment, address: str, thai_address: str) -> int:
    newcomer = newcomer_of(row)
    chosen = queries.normal_form(address)
    if chosen not in {queries.normal_form(offer) for offer in opening.offers(newcomer)}:
        raise LocalPartNotOffered()
    if thai_address and queries.normal_form(thai_address) not in {
        queries.normal_form(offer) for offer in opening.thai_offers(newcomer)
    }:
        raise LocalPartNotOffered()
    return opening.open_account(newcomer, address, thai_address).person_id


def _held(secret: str) -> Enrolment:
    row = _linked(Enrolment.objects.all(), secret)
    if row is None or row.state not in _TOLD or row.expires_at <= clock.now():
        raise LinkRefused()
    return row


def _locked(secret: str) -> Enrolment:
    row = _linked(Enrolment.objects.select_for_update(), secret)
    if row is None or row.expires_at <= clock.now():
        raise LinkRefused()
    if row.state == State.WAITING:
        raise StillWaiting()
    if row.state != State.OPEN:
        raise LinkRefused()
    return row


def _linked(rows: QuerySet[Enrolment], secret: str) -> Enrolment | None:
    digest = secrecy.digest_of(secret)
    return rows.filter(Q(digest=digest) | Q(letter_digest=digest)).first()


def _about(names: Names, address: str) -> list[str]:
    together = [f"{names.given_en}{mark}{names.family_en}" for mark in ("", ".")]
    return [address, names.full_th, names.full_en, *together]
