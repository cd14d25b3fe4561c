"""The inbound pipeline: small named steps, each looks at one thing and says go on or answers for everybody.

    take_verdict → obey_verdict → resolve_recipients → store → reply

A step gets the passage as the steps before it left it. It returns None to go on, or a `Refusal` that ends the
passage for all recipients. Answers for single recipients are collected in the passage and put in order at the
end.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.conf import settings

from pirab.core import db, log, metrics
from pirab.core.ids import IdKind, encode_id
from pirab.delivery import arrival, hooks, trace
from pirab.delivery.types import ArrivedReport, InboundEnvelope, RecipientReply
from pirab.directory import queries as directory
from pirab.directory.types import GroupInfo, Recipient
from pirab.groups.distribution import take
from pirab.groups.types import Answer, Letter
from pirab.scanning import client, trusted
from pirab.scanning.types import Action, ScanEnvelope, Verdict
from pirab.scanning.verdicts import mailbox_role
from pirab.store.arrivals import Incoming, take_in
from pirab.store.types import DeliveryOutcome, DeliveryStatus, MailboxRole, MessageRef

_log = log.get_logger(__name__)
_recipients = metrics.counter("delivery_recipient", "Answers given to inbound recipients.", ["outcome"])


class Refusal(msgspec.Struct, frozen=True):
    """The answer every recipient gets: SMTP reply code, enhanced status, text."""

    reply_code: int
    enhanced_status: str
    text: str


class Passage(msgspec.Struct):
    """One message on its way through: what came, and what the steps found out."""

    envelope: InboundEnvelope
    content: bytes
    received_at: datetime
    verdict: Verdict | None = None
    found: dict[str, Recipient] = {}
    groups: dict[str, GroupInfo] = {}
    answers: dict[str, Answer] = {}
    message: MessageRef | None = None
    outcomes: dict[int, DeliveryOutcome] = {}


Step = Callable[[Passage], Refusal | None]


def run(passage: Passage) -> list[RecipientReply]:
    """Take the passage through all steps; one reply a recipient, in the order they were named.

    Raises database errors, `TemporaryError` and whatever a fault of ours raises: `actions.receive` answers
    those.
    """
    for step in STEPS:
        refusal = step(passage)
        if refusal is not None:
            return everybody(passage.envelope, refusal)
    return [_reply(passage, path) for path in passage.envelope.forward_paths]


def everybody(envelope: InboundEnvelope, refusal: Refusal) -> list[RecipientReply]:
    """The same answer for every recipient."""
    _recipients.labels(str(refusal.reply_code)).inc(len(envelope.forward_paths))
    return [
        RecipientReply(path, refusal.reply_code, refusal.enhanced_status, refusal.text)
        for path in envelope.forward_paths
    ]


# -- steps --------------------------------------------------------------------------------------------------


def take_verdict(passage: Passage) -> Refusal | None:
    """The verdict Rspamd gave in the SMTP session; a message that brings none is scanned now."""
    envelope = passage.envelope
    token = settings.ENVIRONMENT.scan_token
    passage.content, passage.verdict = trusted.take_verdict(passage.content, token, envelope.queue_id)
    if passage.verdict is None:
        passage.verdict = client.scan(
            passage.content,
            ScanEnvelope(
                envelope.reverse_path,
                envelope.forward_paths,
                envelope.client_address,
                helo=envelope.helo,
                queue_id=envelope.queue_id,
            ),
        )
    return None


def obey_verdict(passage: Passage) -> Refusal | None:
    """What may not be delivered ends here; from Postfix it never comes this far."""
    assert passage.verdict is not None
    text = passage.verdict.reply_text
    match passage.verdict.action:
        case Action.REJECT:
            _log.warning(
                "delivery.rejected", queue_id=passage.envelope.queue_id, symbols=passage.verdict.symbols
            )
            return Refusal(550, "5.7.1", text or "Message refused as spam or virus")
        case Action.DEFER:
            return Refusal(451, "4.7.1", text or "Message can not be scanned now")
        case Action.ACCEPT | Action.JUNK:
            return None


def resolve_recipients(passage: Passage) -> Refusal | None:
    """Whose the addresses are. Postfix has asked before; an address may be gone since then."""
    passage.found = directory.resolve_recipients(passage.envelope.forward_paths)
    passage.groups = directory.groups_at(
        path for path in passage.envelope.forward_paths if path not in passage.found
    )
    return None


def store_message(passage: Passage) -> Refusal | None:
    """Bytes, rows, report handlers: one transaction, so that a reply of 250 covers all of it."""
    assert passage.verdict is not None
    role = mailbox_role(passage.verdict)
    recipients = {found.account_id: path for path, found in passage.found.items() if found.is_active}
    if not recipients and not passage.groups:
        return None
    reverse_path = passage.envelope.reverse_path
    content = trace.with_return_path(passage.content, reverse_path)
    kernel = trace.kernel(passage.content, reverse_path, settings.ENVIRONMENT.hostname)
    with db.transaction():
        if recipients:
            passage.message = arrival.stored_once(content, kernel, passage.received_at)
            incoming = Incoming(passage.message, content, reverse_path, role, passage.received_at, recipients)
            passage.outcomes = {outcome.account_id: outcome for outcome in take_in(incoming)}
        passage.answers = _take_for_groups(passage, content, kernel, role)
        _hand_over_report(passage, content)
    return None


STEPS: Final[Sequence[Step]] = (take_verdict, obey_verdict, resolve_recipients, store_message)


# -- what the steps need ------------------------------------------------------------------------------------


def _hand_over_report(passage: Passage, content: bytes) -> None:
    holders = tuple(account for account, outcome in passage.outcomes.items() if outcome.email_id is not None)
    if not holders or passage.message is None or not trace.is_delivery_report(content):
        return
    report = ArrivedReport(content, passage.message.digest, holders, passage.received_at)
    for handler in hooks.report_handlers():
        handler(report)


def _take_for_groups(
    passage: Passage, content: bytes, kernel: bytes | None, role: MailboxRole
) -> dict[str, Answer]:
    if not passage.groups or passage.verdict is None:
        return {}
    letter = Letter(
        content,
        passage.envelope.reverse_path,
        role,
        passage.received_at,
        is_vouched_for=_is_vouched_for(passage.verdict),
        fingerprint=kernel or hashlib.sha256(content).digest(),
    )
    return {path: take(letter, group) for path, group in passage.groups.items()}


def _is_vouched_for(verdict: Verdict) -> bool:
    """Whether the writer is who the reverse-path says: they signed in here, or DMARC passed (rfc7489#4.2)."""
    return not {"PIRAB_SIGNED_IN", "DMARC_POLICY_ALLOW"}.isdisjoint(verdict.symbols)


def _reply(passage: Passage, forward_path: str) -> RecipientReply:
    found = passage.found.get(forward_path)
    outcome = passage.outcomes.get(found.account_id) if found else None
    to_group = passage.answers.get(forward_path)
    code, status, text = to_group.reply if to_group else _answer(found, outcome)
    _recipients.labels(str(code)).inc()
    return RecipientReply(forward_path, code, status, text)


def _answer(found: Recipient | None, outcome: DeliveryOutcome | None) -> tuple[int, str, str]:
    if found is None:
        return 550, "5.1.1", "No such address here"
    if not found.is_active:
        return 550, "5.2.1", "Mailbox is disabled"
    assert outcome is not None, "every active recipient has an outcome"
    match outcome.status:
        case DeliveryStatus.STORED | DeliveryStatus.DUPLICATE:
            word = "stored" if outcome.status is DeliveryStatus.STORED else "already stored"
            return 250, "2.0.0", f"{encode_id(IdKind.EMAIL, outcome.email_id or 0)} {word}"
        case DeliveryStatus.OVER_QUOTA:
            return 452, "4.2.2", "Mailbox is over quota"
        case DeliveryStatus.NO_ACCOUNT:
            # The address exists, its store does not (yet): a state of ours, not a mistake of the sender.
            return 451, "4.3.0", "Mailbox is not ready"
