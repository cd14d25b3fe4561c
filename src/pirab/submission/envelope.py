"""Envelopes: derived from the header, or checked when the client wrote one. Pure: no clock, no database.

A header that cannot tell one sender from another, an address that SMTP could not carry and a parameter we do not
keep are refused here, before a row exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from pirab.submission.errors import (
    InvalidEmail,
    InvalidProperties,
    InvalidRecipients,
    NoRecipients,
    TooManyRecipients,
)
from pirab.submission.types import (
    LONGEST_HOLD_SECONDS,
    MOST_RECIPIENTS,
    Envelope,
    EnvelopeAddress,
    MailAddress,
)
from pirab.wire.address import AddressError, normalize_address

MOST_ADDRESSES_NAMED: Final = 50
"""How many bad addresses an error lists."""

_ENVELOPE_ID: Final = re.compile(r"[\x20-\x7e]{1,100}")
_NOTIFY_WORDS: Final = frozenset({"SUCCESS", "FAILURE", "DELAY"})


class Headers(msgspec.Struct, frozen=True):
    """The header fields an envelope is derived from; None where the field is absent."""

    from_: tuple[MailAddress, ...] | None
    sender: tuple[MailAddress, ...] | None
    to: tuple[MailAddress, ...] | None
    cc: tuple[MailAddress, ...] | None
    bcc: tuple[MailAddress, ...] | None


def address_key(address: str) -> str | None:
    """The normal form under which two spellings of an address are one; None for what we do not send to.

    An address literal (`user@[192.0.2.1]`) is refused: it would let a mail pick any host on the networks we can reach.
    """
    if address != address.strip():
        return None
    try:
        parts = normalize_address(address)
    except AddressError:
        return None
    if parts.domain_ascii.startswith("["):
        return None
    return f"{parts.local.casefold()}@{parts.domain_ascii}"


def derive_envelope(headers: Headers, identity_email: str) -> Envelope:
    """The envelope of a mail handed in without one (rfc8621#7.5): Sender or From, and To, Cc and Bcc once each.

    The identity's own address is the reverse-path where the header names another one.
    Raises `InvalidEmail` for a header without one clear sender, `NoRecipients`, `InvalidRecipients`,
    `TooManyRecipients`.
    """
    sender = _sender_of(headers)
    if address_key(sender) != address_key(identity_email):
        sender = identity_email
    fields = (headers.to, headers.cc, headers.bcc)
    recipients = (EnvelopeAddress(address.email) for field in fields for address in field or ())
    return Envelope(EnvelopeAddress(sender), _distinct(recipients))


def checked_envelope(envelope: Envelope) -> Envelope:
    """A client's own envelope with every recipient once, in its order.

    Raises `InvalidProperties` for parameters, and the errors of `derive_envelope` for recipients.
    """
    _check_mail_parameters(envelope.mail_from.parameters or {})
    for recipient in envelope.rcpt_to:
        _check_recipient_parameters(recipient.parameters or {})
    return Envelope(envelope.mail_from, _distinct(envelope.rcpt_to))


def release_time(parameters: Mapping[str, str | None] | None, now: datetime) -> datetime:
    """When the mail may leave: `now`, or what HOLDFOR or HOLDUNTIL ask for (rfc4865#4).

    A moment that has passed is now. Raises `InvalidProperties` for both at once, a malformed value, or a hold longer
    than `LONGEST_HOLD_SECONDS`.
    """
    by_name = {name.upper(): value for name, value in (parameters or {}).items()}
    if "HOLDFOR" in by_name and "HOLDUNTIL" in by_name:
        raise _bad_envelope("HOLDFOR and HOLDUNTIL at once")
    release = now
    if "HOLDFOR" in by_name:
        release = now + timedelta(seconds=_hold_seconds(by_name["HOLDFOR"]))
    elif "HOLDUNTIL" in by_name:
        release = max(now, _hold_moment(by_name["HOLDUNTIL"]))
    if release - now > timedelta(seconds=LONGEST_HOLD_SECONDS):
        raise _bad_envelope(f"a hold longer than {LONGEST_HOLD_SECONDS} seconds")
    return release


def wants_no_reports(parameters: Mapping[str, str | None] | None) -> bool:
    """Whether the recipient's parameters ask for silence (rfc3461#4.1: NOTIFY=NEVER)."""
    return any(
        name.upper() == "NOTIFY" and value and value.upper() == "NEVER"
        for name, value in (parameters or {}).items()
    )


def _sender_of(headers: Headers) -> str:
    if not headers.from_:
        raise InvalidEmail("it has no From", properties=("from",))
    if headers.sender:
        if len(headers.sender) > 1:
            raise InvalidEmail("more than one Sender", properties=("sender",))
        return headers.sender[0].email
    if len(headers.from_) > 1:
        # rfc5322#3.6.2: a mail of several authors must say which of them sent it.
        raise InvalidEmail("several addresses in From and no Sender", properties=("from", "sender"))
    return headers.from_[0].email


def _distinct(recipients: Iterable[EnvelopeAddress]) -> tuple[EnvelopeAddress, ...]:
    by_key: dict[str, EnvelopeAddress] = {}
    bad: list[str] = []
    for recipient in recipients:
        key = address_key(recipient.email)
        if key is None:
            bad.append(recipient.email[:254])
        else:
            by_key.setdefault(key, recipient)
    if bad:
        raise InvalidRecipients(extra={"invalidRecipients": list(dict.fromkeys(bad))[:MOST_ADDRESSES_NAMED]})
    if not by_key:
        raise NoRecipients()
    if len(by_key) > MOST_RECIPIENTS:
        raise TooManyRecipients(extra={"maxRecipients": MOST_RECIPIENTS})
    return tuple(by_key.values())


def _check_mail_parameters(parameters: Mapping[str, str | None]) -> None:
    _refuse_twice_named(parameters)
    for name, value in parameters.items():
        match name.upper():
            case "HOLDFOR" | "HOLDUNTIL":
                continue  # read by `release_time`, which knows the hour
            case "SMTPUTF8":
                is_good = value is None
            case "BODY":
                is_good = value is not None and value.upper() in ("7BIT", "8BITMIME")
            case "SIZE":
                is_good = value is not None and re.fullmatch(r"[0-9]{1,20}", value) is not None
            case "RET":
                is_good = value is not None and value.upper() in ("FULL", "HDRS")
            case "ENVID":
                is_good = value is not None and _ENVELOPE_ID.fullmatch(value) is not None
            case _:
                is_good = False
        if not is_good:
            raise _bad_envelope(f"parameter {name[:40]!r} of mailFrom")


def _check_recipient_parameters(parameters: Mapping[str, str | None]) -> None:
    _refuse_twice_named(parameters)
    for name, value in parameters.items():
        match name.upper():
            case "NOTIFY":
                words = (value or "").upper().split(",")
                is_good = words == ["NEVER"] or _NOTIFY_WORDS.issuperset(words)
            case "ORCPT":
                kind, _, address = (value or "").partition(";")
                is_good = kind.lower() in ("rfc822", "utf-8") and address_key(address) is not None
            case _:
                is_good = False
        if not is_good:
            raise _bad_envelope(f"parameter {name[:40]!r} of rcptTo")


def _refuse_twice_named(parameters: Mapping[str, str | None]) -> None:
    if len({name.upper() for name in parameters}) != len(parameters):
        raise _bad_envelope("a parameter given twice")


def _hold_seconds(value: str | None) -> int:
    # rfc4865#4: 1*9DIGIT
    if value is None or re.fullmatch(r"[0-9]{1,9}", value) is None:
        raise _bad_envelope("HOLDFOR is a number of seconds")
    return int(value)


def _hold_moment(value: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError as error:
        raise _bad_envelope("HOLDUNTIL is a date and time") from error
    if moment.tzinfo is None:
        raise _bad_envelope("HOLDUNTIL needs its offset from UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise _bad_envelope("HOLDUNTIL is out of reach") from error


def _bad_envelope(detail: str) -> InvalidProperties:
    return InvalidProperties(detail, properties=("envelope",))
