"""Loading the demo government."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import msgspec

from pirab.console.demo.letters import letters_for
from pirab.console.demo.people import AGENCIES, PASSWORD, PEOPLE, DemoPerson
from pirab.console.provisioning import open_personal_account
from pirab.core import clock, db
from pirab.directory import actions as directory
from pirab.directory import queries as people
from pirab.store import actions as store
from pirab.store import queries as mail


class SignIn(msgspec.Struct, frozen=True):
    """What `status --json` shows of a demo account. The token is a bearer token for the API."""

    email: str
    password: str
    token: str
    role: str


def load_demo(demo_file: Path, secret: str, quota_bytes: int) -> list[SignIn]:
    """Make what is missing and write the sign-ins to `demo_file`; returns them.

    `secret` keys the tokens, so that they are the same at every run; `quota_bytes` is the size of each account.
    """
    agency_ids = {}
    for agency in AGENCIES:
        agency_ids[agency.domain] = directory.ensure_agency(
            agency.name_en, agency.name_th, document_code=agency.document_code
        )
        directory.ensure_domain(agency.domain, agency_ids[agency.domain])
    signins = [
        _ensure_person(person, agency_ids[person.email.rpartition("@")[2]], secret, quota_bytes)
        for person in PEOPLE
    ]
    _write(demo_file, msgspec.json.format(msgspec.json.encode(signins)))
    return signins


def _ensure_person(person: DemoPerson, agency_id: int, secret: str, quota_bytes: int) -> SignIn:
    token = _token(secret, person.email)
    if people.resolve_recipient(person.email) is None:
        with db.transaction():  # whole or not at all: the next run begins again
            opened = open_personal_account(
                person.email,
                person.name_th,
                name_en=person.name_en,
                quota_bytes=quota_bytes,
                agency_id=agency_id,
            )
            directory.set_password(opened.person_id, PASSWORD)
            directory.record_token(opened.person_id, token, "demo")
            _fill(opened.account_id, person)
    return SignIn(person.email, PASSWORD, token, person.role)


def _fill(account_id: int, person: DemoPerson) -> None:
    boxes = {box.role: box.id for box in mail.mailboxes(account_id)}
    for letter in letters_for(person, clock.now()):
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
