"""Jobs of joining."""

from __future__ import annotations

from typing import Final

from procrastinate import RetryStrategy

from pirab.core import clock, db, jobs
from pirab.core.errors import TemporaryError
from pirab.core.log import get_logger
from pirab.personnel import enrolments, entering, letters, proofs, secrecy
from pirab.personnel.models import Enrolment, MailProof
from pirab.personnel.types import State
from pirab.submission.automatic import Fate, send_automatic

_RETRY: Final = RetryStrategy(max_attempts=8, exponential_wait=3, retry_exceptions={TemporaryError})
_log = get_logger(__name__)


class LetterHeldUp(TemporaryError):
    """A letter of joining could not be handed over now."""


@jobs.task(name=proofs.CODE_TASK, retry=_RETRY)
def write_code(proof_id: int) -> None:
    """Send the code of a mail proof, unless it is over."""
    proof = MailProof.objects.filter(pk=proof_id, expires_at__gt=clock.now()).first()
    if proof is not None:
        code = secrecy.code_of(proof.pk, bytes(proof.nonce))
        _send(proof.address, letters.code_letter(proof.address, code))


@jobs.task(name=enrolments.LETTER_TASK, retry=_RETRY)
def write_invitation(enrolment_id: int) -> None:
    """Tell somebody that they may come in, by a second link beside the one they got when they asked, or that they may
    not. A repetition makes the link anew: it is not kept, so it cannot be sent again."""
    secret = secrecy.new_secret()
    with db.transaction():
        row = Enrolment.objects.select_for_update().filter(pk=enrolment_id).first()
        if row is None or not row.contact or row.state not in (State.OPEN, State.REFUSED):
            return
        Enrolment.objects.filter(pk=row.pk).update(letter_digest=secrecy.digest_of(secret))
    _send(row.contact, letters.decision_letter(row.contact, entering.shown(row), secret))


@jobs.periodic(cron="17 3 * * *")
@jobs.task(name="personnel.forget", queueing_lock="personnel.forget")
def forget(timestamp: int) -> None:
    """Remove proofs nobody can use any more."""
    proofs.forget()


def _send(address: str, letter: bytes) -> None:
    fate = send_automatic(letter, letters.sender(), address, clock.now())
    if fate is Fate.LATER:
        raise LetterHeldUp()
    if fate is Fate.REFUSED:
        _log.warning("personnel.letter_refused")
