"""Invitations and requests as administrators deal with them. The caller has asked whether they may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from pirab.core import clock, db, jobs
from pirab.directory import localparts
from pirab.directory.actions.people import LANGUAGES, require_text
from pirab.directory.errors import AddressInvalid, EntryInvalid
from pirab.directory.queries import normal_form
from pirab.personnel import places, secrecy
from pirab.personnel.errors import EnrolmentClosed, EnrolmentNotFound
from pirab.personnel.models import Enrolment
from pirab.personnel.types import EnrolmentInfo, Names, Newcomer, State, Way

OPEN_FOR: Final = timedelta(days=7)
"""How long a link is good."""
WAITS_FOR: Final = timedelta(days=30)
"""How long a request may wait for an administrator."""
LETTER_TASK: Final = "personnel.write_invitation"
LONGEST_NAME: Final = 100


def invite(newcomer: Newcomer, by: int) -> tuple[int, str]:
    """A link for this person; returns its key and its secret, which is not kept.

    Raises `EntryInvalid`, `LocalPartInvalid`, `LocalPartReserved`, `NoMailDomain`, `EntryNotFound` for a post of
    another agency, `AgencyNotFound` for one that is closed.
    """
    newcomer = checked(newcomer)
    with db.transaction():
        key, secret = enrol(newcomer, Way.INVITATION, State.OPEN, created_by_id=by)
        if newcomer.contact:
            jobs.defer(LETTER_TASK, enrolment_id=key)
    return key, secret


def enrol(newcomer: Newcomer, way: Way, state: State, **more: Any) -> tuple[int, str]:
    """A new row and the secret of its link. `newcomer` has been checked."""
    secret, now = secrecy.new_secret(), clock.now()
    row = Enrolment.objects.create(
        agency_id=newcomer.agency_id,
        way=way,
        state=state,
        **_name_columns(newcomer.names),
        language=newcomer.language,
        post_id=newcomer.post_id,
        local_part=newcomer.local_part,
        contact=newcomer.contact,
        digest=secrecy.digest_of(secret),
        created_at=now,
        expires_at=now + (OPEN_FOR if state is State.OPEN else WAITS_FOR),
        **more,
    )
    return row.pk, secret


def checked(newcomer: Newcomer) -> Newcomer:
    """The newcomer with names, address and post in order. Raises as `invite`."""
    names = checked_names(newcomer.names)
    places.require_open_agency(newcomer.agency_id)
    places.require_post(newcomer.post_id, newcomer.agency_id)
    places.mail_domain_of(newcomer.agency_id)
    if newcomer.language not in LANGUAGES:
        raise EntryInvalid("language")
    local = localparts.require_local_part(newcomer.local_part) if newcomer.local_part else ""
    contact = normal_form(newcomer.contact) if newcomer.contact else ""
    if contact is None:
        raise AddressInvalid(newcomer.contact)
    return Newcomer(newcomer.agency_id, names, newcomer.post_id, local, contact, newcomer.language)


def checked_names(names: Names) -> Names:
    """The names without spaces around them. Raises `EntryInvalid` naming the one that is missing or cannot be."""
    found = {}
    for field, value in _name_columns(names).items():
        text = " ".join(value.split())
        require_text(field, text)
        if len(text) > LONGEST_NAME:
            raise EntryInvalid(field)
        found[field] = text
    if not found["given_th"]:
        raise EntryInvalid("given_th")
    return Names(**found)


def approve(enrolment_id: int, agency_id: int, by: int) -> None:
    """Let the person in: their link may be used from now on, and they are told where an address of theirs is known.

    Raises `EnrolmentNotFound`, `EnrolmentClosed`.
    """
    now = clock.now()
    with db.transaction():
        row = _deciding(enrolment_id, agency_id)
        Enrolment.objects.filter(pk=row.pk).update(
            state=State.OPEN, decided_by_id=by, decided_at=now, expires_at=now + OPEN_FOR
        )
        if row.contact:
            jobs.defer(LETTER_TASK, enrolment_id=row.pk)


def refuse(enrolment_id: int, agency_id: int, by: int, reason: str) -> None:
    """Do not let the person in; they see `reason`. Raises as `approve`, and `EntryInvalid`."""
    require_text("reason", reason)
    if not reason.strip():
        raise EntryInvalid("reason")
    with db.transaction():
        row = _deciding(enrolment_id, agency_id)
        Enrolment.objects.filter(pk=row.pk).update(
            state=State.REFUSED, decided_by_id=by, decided_at=clock.now(), reason=reason.strip()
        )
        if row.contact:
            jobs.defer(LETTER_TASK, enrolment_id=row.pk)


def withdraw(enrolment_id: int, agency_id: int) -> None:
    """The link is worthless. Raises `EnrolmentNotFound`, `EnrolmentClosed` for one that was used."""
    with db.transaction():
        row = _locked(enrolment_id, agency_id)
        if row.state == State.USED:
            raise EnrolmentClosed()
        Enrolment.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)


def renew(enrolment_id: int, agency_id: int) -> str:
    """Another link for the same person, good for seven days again; the old one is worthless.

    Raises `EnrolmentNotFound`, `EnrolmentClosed` for what was used or refused, or still waits.
    """
    secret = secrecy.new_secret()
    with db.transaction():
        row = _locked(enrolment_id, agency_id)
        if row.state not in (State.OPEN, State.WITHDRAWN):
            raise EnrolmentClosed()
        Enrolment.objects.filter(pk=row.pk).update(
            state=State.OPEN,
            digest=secrecy.digest_of(secret),
            letter_digest=None,
            expires_at=clock.now() + OPEN_FOR,
        )
    return secret


def enrolment(enrolment_id: int, agency_id: int) -> EnrolmentInfo:
    """One of the agency or of those below it; raises `EnrolmentNotFound`."""
    row = db.row(f"{_ENROLMENT} and e.id = %(id)s", {"agency": agency_id, "id": enrolment_id})
    if row is None:
        raise EnrolmentNotFound()
    return _info(row)


def enrolments(
    agency_id: int, state: State | None, words: str, before: int | None, limit: int
) -> list[EnrolmentInfo]:
    """The newest ones of the agency and of those below it; `before` is the last key seen, `words` part of a name or
    an address."""
    found = db.rows(
        f"""
        {_ENROLMENT} and e.id < %(before)s and (%(state)s::text is null or e.state = %(state)s)
           and (%(words)s = '' or strpos(lower(concat_ws(' ', e.given_th, e.family_th, e.given_en, e.family_en,
                                                         e.local_part, e.contact)), lower(%(words)s)) > 0)
         order by e.id desc limit %(limit)s
        """,
        {
            "agency": agency_id,
            "before": before or 2**63 - 1,
            "state": state,
            "words": words,
            "limit": limit,
        },
    )
    return [_info(row) for row in found]


def newcomer_of(row: Enrolment) -> Newcomer:
    """Whom an enrolment is for."""
    names = Names(row.given_th, row.family_th, row.given_en, row.family_en, row.title)
    return Newcomer(row.agency_id, names, row.post_id, row.local_part, row.contact, row.language)


def _deciding(enrolment_id: int, agency_id: int) -> Enrolment:
    row = _locked(enrolment_id, agency_id)
    if row.state != State.WAITING or row.expires_at <= clock.now():
        raise EnrolmentClosed()
    return row


def _locked(enrolment_id: int, agency_id: int) -> Enrolment:
    row = (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(pk=enrolment_id, agency__ancestry__contains=[agency_id])
        .first()
    )
    if row is None:
        raise EnrolmentNotFound()
    return row


def _name_columns(names: Names) -> dict[str, str]:
    return {field: getattr(names, field) for field in Names.__struct_fields__}


def _info(row: tuple[Any, ...]) -> EnrolmentInfo:
    facts = EnrolmentInfo.__struct_fields__
    values = (*row[:3], Way(row[3]), State(row[4]), Names(*row[5:10]), *row[10:])
    return EnrolmentInfo(**dict(zip(facts, values, strict=True)))


_ENROLMENT: Final = """
    select e.id, e.agency_id, g.name_th, e.way, e.state, e.given_th, e.family_th, e.given_en, e.family_en, e.title,
           e.post_id, e.local_part, e.contact, e.evidence, e.reason, e.person_id, e.created_at, e.expires_at
      from personnel_enrolment e join directory_agency g on g.id = e.agency_id
     where g.ancestry @> array[%(agency)s::bigint]
"""
