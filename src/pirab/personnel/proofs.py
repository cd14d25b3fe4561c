"""Proving an address by a code in a letter. Every question is answered alike, whatever address it names."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.db.models import F

from pirab.core import clock, db, jobs
from pirab.directory.queries import normal_form
from pirab.personnel import brakes, enrolments, rules, secrecy
from pirab.personnel.errors import EnrolmentClosed, ProofRefused
from pirab.personnel.models import Enrolment, MailProof
from pirab.personnel.types import Door, Names, Newcomer, State, Way
from pirab.signin.types import Origin

CODE_LIVES: Final = timedelta(minutes=15)
PROVED_LIVES: Final = timedelta(minutes=30)
MOST_TRIES: Final = 5
MOST_LETTERS: Final = 3
"""Codes to one address an hour, whoever asks."""
CODE_TASK: Final = "personnel.write_code"


def ask(address: str, origin: Origin) -> str:
    """Send a code to the address where it proves anything; returns the secret the code goes with.

    The answer is the same for every address. Raises `TooManyAttempts` for a network that asks too often.
    """
    brakes.slow_network("by mail", origin)
    normal = normal_form(address) or ""
    secret, now = secrecy.new_secret(), clock.now()
    with db.transaction():
        proved = rules.agency_proved_by(normal.rpartition("@")[2]) if normal else None
        asked = MailProof.objects.filter(address=normal, created_at__gt=now - timedelta(hours=1)).count()
        row = MailProof.objects.create(
            digest=secrecy.digest_of(secret),
            nonce=secrets.token_bytes(16),
            address=normal,
            agency_id=None if proved is None else proved[0],
            created_at=now,
            expires_at=now + CODE_LIVES,
        )
        if proved is not None and asked < MOST_LETTERS:
            jobs.defer(CODE_TASK, proof_id=row.pk)
    return secret


def prove(secret: str, code: str) -> int:
    """The code was read: returns the key of the agency the address belongs to. Repeating it is harmless.

    Raises `ProofRefused`, after `MOST_TRIES` wrong ones whatever follows.
    """
    proof = MailProof.objects.filter(digest=secrecy.digest_of(secret)).first()
    if proof is None or proof.agency_id is None:
        raise ProofRefused()
    # Counted before it is looked at, in one statement: many at once gain nothing.
    counted = MailProof.objects.filter(pk=proof.pk, tries__lt=MOST_TRIES, expires_at__gt=clock.now())
    if not counted.update(tries=F("tries") + 1):
        raise ProofRefused()
    if not secrecy.is_same(secrecy.code_of(proof.pk, bytes(proof.nonce)), _digits(code)):
        raise ProofRefused()
    now = clock.now()
    MailProof.objects.filter(pk=proof.pk).update(proved_at=now, expires_at=now + PROVED_LIVES)
    return int(proof.agency_id)


def request(secret: str, names: Names, language: str) -> tuple[State, str]:
    """Ask to join the agency whose address was proved; returns how far that is, and the secret of the link.

    Raises `ProofRefused` for what was not proved, or was used already, `EnrolmentClosed` for an address that has opened
    an account, `EntryInvalid`, and as `enrolments.checked`.
    """
    with db.transaction():
        proof = MailProof.objects.select_for_update().filter(digest=secrecy.digest_of(secret)).first()
        if proof is None or proof.proved_at is None or proof.used_at is not None:
            raise ProofRefused()
        found = rules.agency_proved_by(proof.address.rpartition("@")[2])
        if found is None or proof.expires_at <= clock.now():
            raise ProofRefused()
        agency_id, door = found
        _replace_earlier(proof.address)
        newcomer = Newcomer(agency_id, names, contact=proof.address, language=language)
        state = State.OPEN if door is Door.RULE else State.WAITING
        _, link = enrolments.enrol(enrolments.checked(newcomer), Way.MAIL, state, evidence=proof.address)
        MailProof.objects.filter(pk=proof.pk).update(used_at=clock.now())
    return state, link


def _replace_earlier(address: str) -> None:
    """An address opens one account: a later request takes the place of one that is under way."""
    theirs = Enrolment.objects.filter(way=Way.MAIL, contact=address)
    if theirs.filter(state=State.USED).exists():
        raise EnrolmentClosed()
    theirs.filter(state__in=(State.WAITING, State.OPEN)).update(state=State.WITHDRAWN)


def forget() -> int:
    """Remove proofs that are over; returns how many."""
    return MailProof.objects.filter(expires_at__lt=clock.now() - timedelta(days=1)).delete()[0]


def _digits(code: str) -> str:
    return "".join(str(int(letter)) for letter in code[:40] if letter.isdecimal())
