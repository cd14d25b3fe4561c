"""Loading the demo government."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pirab.console.demo.letters import FiledLetter, conversations_of, letters_for
from pirab.console.demo.organisation import organise
from pirab.console.demo.people import AGENCIES, OFFICES, PASSWORD, PEOPLE, DemoOffice, DemoPerson
from pirab.core import clock, db
from pirab.directory import actions as directory
from pirab.directory import queries as people
from pirab.directory.types import Role
from pirab.personnel.provisioning import open_personal_account, open_shared_account
from pirab.signin import tokens
from pirab.store import actions as store
from pirab.store import queries as mail


class SignIn(msgspec.Struct, frozen=True):
    """What `status --json` shows of a demo account. The token is a bearer token for the API."""

    email: str
    password: str
    token: str
    role: str


def load_demo(demo_file: Path, secret: str) -> list[SignIn]:
    """Make what is missing and write the sign-ins to `demo_file`; returns them.

    `secret` keys the tokens, so that they are the same at every run.
    """
    agency_ids = {}
    for agency in AGENCIES:
        agency_ids[agency.domain] = directory.ensure_agency(
            agency.name_en, agency.name_th, document_code=agency.document_code
        )
        directory.ensure_domain(agency.domain, agency_ids[agency.domain])
    signins = [
        _ensure_person(person, agency_ids[person.email.rpartition("@")[2]], secret) for person in PEOPLE
    ]
    for office in OFFICES:
        _ensure_office(office, agency_ids[office.email.rpartition("@")[2]], secret)
    organise(agency_ids, {signin.email: _person_of(signin.email) for signin in signins})
    _write(demo_file, msgspec.json.format(msgspec.json.encode(signins)))
    return signins


def _ensure_person(person: DemoPerson, agency_id: int, secret: str) -> SignIn:
    token = _token(secret, person.email)
    if people.resolve_recipient(person.email) is None:
        with db.transaction():  # whole or not at all: the next run begins again
            opened = open_personal_account(
                person.email,
                person.name_th,
                name_en=person.name_en,
                agency_id=agency_id,
            )
            directory.set_password(opened.person_id, PASSWORD)
            tokens.record_token(opened.person_id, token, "demo")
            _fill(opened.account_id, letters_for(person.email, clock.now()))
    return SignIn(person.email, PASSWORD, token, person.role)


def _ensure_office(office: DemoOffice, agency_id: int, secret: str) -> None:
    if people.resolve_recipient(office.email) is not None:
        return
    with db.transaction():
        account_id = open_shared_account(office.email, office.name_th, agency_id=agency_id)
        roles = {office.owner: Role.OWNER}
        roles |= dict.fromkeys(office.members, Role.MEMBER) | dict.fromkeys(office.readers, Role.READER)
        for email, role in roles.items():
            person = people.person_with_login(email)
            if person is not None:
                directory.grant(person.id, account_id, role)
        now = clock.now()
        _fill(account_id, [*letters_for(office.email, now), *conversations_of(office.clerk, now)])


def _person_of(email: str) -> int:
    found = people.person_with_login(email)
    if found is None:
        raise RuntimeError("a demo person has been given another address")
    return found.id


def _fill(account_id: int, letters: Iterable[FiledLetter]) -> None:
    boxes = {box.role: box.id for box in mail.mailboxes(account_id)}
    for letter in letters:
        message = store.ensure_message(letter.raw)
        store.create_email(account_id, message, {boxes[letter.role]}, letter.keywords, letter.received_at)


def _token(secret: str, email: str) -> str:
    """The same token at every run of one installation, and not to be guessed from another."""
    return hmac.new(secret.encode(), f"demo token {email}".encode(), hashlib.sha256).hexdigest()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".new")
    scratch.write_bytes(content)
    scratch.chmod(0o640)
    scratch.replace(path)
