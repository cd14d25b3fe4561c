"""What people do with submissions: hand in, call back, forget. Each action is one transaction.

The pipeline that carries a submission out writes through `records`; it starts from the job that `create_submission`
leaves in the same transaction.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

import msgspec
from django.conf import settings

from pirab.core import clock, db, jobs
from pirab.directory import policy
from pirab.directory import queries as directory
from pirab.directory.errors import AccountReadOnly
from pirab.directory.types import Principal, Right
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import ChangeKind, EmailView, ObjectType, Structure
from pirab.submission import hooks, identity_actions, queries
from pirab.submission.envelope import Headers, address_key, checked_envelope, derive_envelope, release_time
from pirab.submission.errors import (
    CannotUnsend,
    ForbiddenFrom,
    ForbiddenMailFrom,
    ForbiddenToSend,
    IdentityNotFound,
    InvalidEmail,
    InvalidProperties,
    SubmissionNotFound,
    TooLarge,
)
from pirab.submission.types import (
    Envelope,
    IdentityRow,
    MailAddress,
    Phase,
    RecipientState,
    SubmissionRow,
    UndoStatus,
)

SEND_TASK: Final = "submission.send"
TRACE_ROOM: Final = 16_384
"""Octets kept free below the size limit for the trace and signature fields that are added on the way out."""
QUEUED_REPLY: Final = "250 2.1.5 Waiting to be sent"
"""`smtpReply` of a recipient before the first attempt."""
CANCELED_REPLY: Final = "550 5.7.0 Canceled by the sender before it was sent"

_ADDRESSES: Final = msgspec.json.Decoder(tuple[MailAddress, ...] | None)


def create_submission(
    principal: Principal,
    account_id: int,
    identity_id: int,
    email_id: int,
    envelope: Envelope | None,
    send_at: datetime | None = None,
) -> SubmissionRow:
    """Hand in a mail of the account for sending (rfc8621#7.5); the job that sends it is part of the transaction.

    Without an `envelope` it is derived from the header; `send_at` goes before a hold asked for in the envelope.
    Raises `AccountNotFound` and the `SubmissionError`s; then nothing was written.
    """
    _require_right_to_send(principal, account_id)
    identity_actions.ensure_default_identities(account_id)
    identity = _identity(account_id, identity_id)
    view = _email(account_id, email_id)
    _check_size(view)
    headers = headers_of(view)
    _check_authors(principal, headers)
    wanted = _envelope_for(principal, headers, identity, envelope)
    now = clock.now()
    hold = release_time(wanted.mail_from.parameters, now)
    release = hold if send_at is None else send_at
    with db.transaction():
        submission_id = _insert(principal, account_id, identity_id, view, wanted, now, release)
        _insert_recipients(account_id, submission_id, wanted, now)
        store.log_change(account_id, ObjectType.SUBMISSION, submission_id, ChangeKind.CREATED)
        hooks.tell_sent(account_id, _named(headers, wanted))
        jobs.defer(
            SEND_TASK,
            at=release if release > now else None,
            lock=job_lock(submission_id),
            account_id=account_id,
            submission_id=submission_id,
        )
    return queries.submissions(account_id, [submission_id])[0]


def cancel(account_id: int, submission_id: int) -> None:
    """Stop a submission that is still pending; canceling a canceled one changes nothing.

    Raises `SubmissionNotFound`, and `CannotUnsend` once the first recipient may have been served.
    """
    if _status(account_id, submission_id) is UndoStatus.CANCELED:
        return
    with db.transaction():
        store.log_change(account_id, ObjectType.SUBMISSION, submission_id, ChangeKind.UPDATED)
        if _locked_status(account_id, submission_id) is UndoStatus.FINAL:
            raise CannotUnsend()
        now = clock.now()
        db.execute(
            """
            update submission_submission
               set undo_status = %s, phase = %s, next_attempt_at = null, source_digest = null
             where account_id = %s and id = %s
            """,
            (UndoStatus.CANCELED, Phase.DONE, account_id, submission_id),
        )
        db.execute(
            """
            update submission_recipient set state = %s, smtp_reply = %s, last_event_at = %s
             where account_id = %s and submission_id = %s and state = %s
            """,
            (RecipientState.CANCELED, CANCELED_REPLY, now, account_id, submission_id, RecipientState.PENDING),
        )


def destroy_submission(account_id: int, submission_id: int) -> None:
    """Hide the record; its delivery goes on and its reports still mark the mail (rfc8621#7.5).

    Raises `SubmissionNotFound`.
    """
    with db.transaction():
        store.log_change(account_id, ObjectType.SUBMISSION, submission_id, ChangeKind.DESTROYED)
        _locked_status(account_id, submission_id)
        db.execute(
            "update submission_submission set destroyed_at = %s where account_id = %s and id = %s",
            (clock.now(), account_id, submission_id),
        )


def job_lock(submission_id: int) -> str:
    """Jobs of one submission run one after the other."""
    return f"submission:{submission_id}"


def largest_mail() -> int:
    """Octets of the largest mail that can be handed in."""
    limit: int = settings.ENVIRONMENT.message_size_limit
    return limit - TRACE_ROOM


def headers_of(view: EmailView) -> Headers:
    """The header fields of a stored mail from which its envelope follows."""
    fields = view.envelope
    raw = (fields.from_, fields.sender, fields.to, fields.cc, fields.bcc)
    return Headers(*(None if field is None else _ADDRESSES.decode(field) for field in raw))


def _require_right_to_send(principal: Principal, account_id: int) -> None:
    try:
        policy.require_account(principal, account_id, Right.SUBMIT)
    except AccountReadOnly as error:
        raise ForbiddenToSend() from error


def _identity(account_id: int, identity_id: int) -> IdentityRow:
    try:
        return queries.identity(account_id, identity_id)
    except IdentityNotFound as error:
        raise InvalidProperties("no such identity", properties=("identityId",)) from error


def _email(account_id: int, email_id: int) -> EmailView:
    found = stored.email_views(account_id, [email_id], structure=Structure.NONE)
    if not found:
        raise InvalidProperties("no such mail", properties=("emailId",))
    return found[0]


def _check_size(view: EmailView) -> None:
    if view.email.size > largest_mail():
        raise TooLarge(extra={"maxSize": largest_mail()})


def _check_authors(principal: Principal, headers: Headers) -> None:
    """Every author named must be somebody this person may write as."""
    authors = [*(headers.from_ or ()), *(headers.sender or ())]
    unusable = [author for author in authors if address_key(author.email) is None]
    if unusable or not headers.from_:
        raise InvalidEmail("an author without a usable address", properties=("from",))
    if not all(directory.may_send_as(principal, author.email) for author in authors):
        raise ForbiddenFrom(properties=("from",))


def _envelope_for(
    principal: Principal, headers: Headers, identity: IdentityRow, envelope: Envelope | None
) -> Envelope:
    wanted = derive_envelope(headers, identity.email) if envelope is None else checked_envelope(envelope)
    sender = wanted.mail_from.email
    if address_key(sender) is None or not directory.may_send_as(principal, sender):
        raise ForbiddenMailFrom(properties=("envelope",))
    return wanted


def _insert(
    principal: Principal,
    account_id: int,
    identity_id: int,
    view: EmailView,
    envelope: Envelope,
    now: datetime,
    release: datetime,
) -> int:
    message_ids = view.envelope.message_id or ("",)
    made: int = db.scalar(
        """
        insert into submission_submission
               (account_id, identity_id, email_id, thread_id, message_key, source_digest, mail_from,
                mail_parameters, secret, person_id, created_at, send_at, undo_status, phase, next_attempt_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s) returning id
        """,
        (
            account_id,
            identity_id,
            view.email.id,
            view.email.thread_id,
            message_ids[0],
            view.digest,
            envelope.mail_from.email,
            _encoded(envelope.mail_from.parameters),
            secrets.token_urlsafe(18),
            principal.person_id,
            now,
            release,
            UndoStatus.PENDING,
            Phase.WAITING,
            release,
        ),
    )
    return made


def _insert_recipients(account_id: int, submission_id: int, envelope: Envelope, now: datetime) -> None:
    recipients = envelope.rcpt_to
    db.execute(
        """
        insert into submission_recipient (account_id, submission_id, position, address, address_key, parameters,
                                          state, smtp_reply, last_event_at)
        select %s, %s, r.position, r.address, r.key, r.parameters::jsonb, %s, %s, %s
          from unnest(%s::int[], %s::text[], %s::text[], %s::text[]) as r(position, address, key, parameters)
        """,
        (
            account_id,
            submission_id,
            RecipientState.PENDING,
            QUEUED_REPLY,
            now,
            list(range(len(recipients))),
            [recipient.email for recipient in recipients],
            [address_key(recipient.email) for recipient in recipients],
            [_encoded(recipient.parameters) for recipient in recipients],
        ),
    )


def _named(headers: Headers, envelope: Envelope) -> dict[str, str]:
    """The recipients with the names they were written to by."""
    named = [*(headers.to or ()), *(headers.cc or ()), *(headers.bcc or ())]
    names = {address_key(each.email) or each.email: each.name or "" for each in named}
    return {each.email: names.get(address_key(each.email) or each.email, "") for each in envelope.rcpt_to}


def _status(account_id: int, submission_id: int) -> UndoStatus:
    return _known(
        db.scalar(
            """
            select undo_status from submission_submission
             where account_id = %s and id = %s and destroyed_at is null
            """,
            (account_id, submission_id),
        )
    )


def _locked_status(account_id: int, submission_id: int) -> UndoStatus:
    # After the account's lock, which `log_change` took: every writer takes the two in this order.
    return _known(
        db.scalar(
            """
            select undo_status from submission_submission
             where account_id = %s and id = %s and destroyed_at is null for update
            """,
            (account_id, submission_id),
        )
    )


def _known(status: str | None) -> UndoStatus:
    if status is None:
        raise SubmissionNotFound()
    return UndoStatus(status)


def _encoded(parameters: dict[str, str | None] | None) -> str | None:
    return None if parameters is None else msgspec.json.encode(parameters).decode()
