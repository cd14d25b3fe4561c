"""Domains as clients see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Field

from pirab.core.ids import IdKind, encode_id
from pirab.domainaudit.advice import advice
from pirab.domainaudit.types import (
    Algorithm,
    Change,
    DomainInfo,
    KeyInfo,
    KeyState,
    Oddity,
    PolicyMode,
    RecordKind,
    RecordState,
    Seen,
    State,
)
from pirab.domainaudit.zone import text_strings
from pirab.openapi.approvals import Approval
from pirab.openapi.shapes import Shape
from pirab.wire.address import normalize_domain


class New(Shape):
    """A domain to claim, as U-label or A-label."""

    name: Annotated[str, Field(min_length=1, max_length=300)]


class Alias(Shape):
    """The domain of the same agency to stand for; null: for itself again."""

    main_id: str | None


class Policy(Shape):
    """What MTA-STS shall ask of senders."""

    mta_sts: PolicyMode


class Domain(Shape):
    """A domain. `name` is the A-label, `shownName` the U-label; `aliasOf` the A-label of the domain it stands for;
    `proofMissingSince`: the record that proves the ownership was not there any more."""

    id: str
    agency_id: str
    name: str
    shown_name: str
    state: State
    is_vouched: bool
    mta_sts: PolicyMode
    alias_of: str | None
    claimed_at: datetime
    proven_at: datetime | None
    proof_missing_since: datetime | None
    checked_at: datetime | None


class Claimed(Domain):
    """A domain just claimed, with what is odd about its name."""

    oddities: list[Oddity]


class Record(Shape):
    """A record to publish and how it was last seen. `value` of a TXT is without quotation marks; `zoneValue` is as a
    zone file has it; advice is empty where nothing is to be done."""

    key: str
    kind: RecordKind
    name: str
    type: str
    value: str
    zone_value: str
    is_required: bool
    state: RecordState
    reason: str
    seen: list[str]
    since: datetime | None
    checked_at: datetime | None
    advice_th: str
    advice_en: str


class Report(Shape):
    """A domain with its records."""

    domain: Domain
    records: list[Record]


class Key(Shape):
    """A signing key: `record` names the TXT record it is published at."""

    selector: str
    generation: int
    algorithm: Algorithm
    state: KeyState
    record: str
    created_at: datetime
    seen_at: datetime | None
    signing_at: datetime | None
    retired_at: datetime | None
    revoked_at: datetime | None


class Line(Shape):
    """A line of a domain's history: what changed from `before` to `after`, and what was seen."""

    key: str
    before: str
    after: str
    detail: str
    at: datetime


class Outcome(Shape):
    """What came of a wish: the domain as it is now, or the proposal that waits for a second person."""

    domain: Domain | None
    approval: Approval | None


def shown(found: DomainInfo) -> Domain:
    """A domain."""
    return Domain(**_members(found))


def claimed(found: DomainInfo, oddities: tuple[Oddity, ...]) -> Claimed:
    """A domain just claimed."""
    return Claimed(**_members(found), oddities=list(oddities))


def record(seen: Seen) -> Record:
    """A record with the last look at it."""
    wanted, verdict = seen.record, seen.verdict
    thai, english = advice(wanted, verdict)
    return Record(
        key=wanted.key,
        kind=wanted.kind,
        name=wanted.name,
        type=wanted.type,
        value=wanted.value,
        zone_value=text_strings(wanted.value) if wanted.type == "TXT" else wanted.value,
        is_required=wanted.is_required,
        state=verdict.state,
        reason=verdict.reason,
        seen=list(verdict.seen),
        since=seen.since,
        checked_at=seen.checked_at,
        advice_th=thai,
        advice_en=english,
    )


def key(found: KeyInfo, domain: DomainInfo) -> Key:
    """A signing key."""
    return Key(
        selector=found.selector,
        generation=found.generation,
        algorithm=found.algorithm,
        state=found.state,
        record=f"{found.selector}._domainkey.{domain.name}",
        created_at=found.created_at,
        seen_at=found.seen_at,
        signing_at=found.signing_at,
        retired_at=found.retired_at,
        revoked_at=found.revoked_at,
    )


def line(change: Change) -> Line:
    """A line of the history."""
    return Line(key=change.key, before=change.before, after=change.after, detail=change.detail, at=change.at)


def _members(found: DomainInfo) -> dict[str, Any]:
    return {
        "id": encode_id(IdKind.DOMAIN, found.id),
        "agency_id": encode_id(IdKind.AGENCY, found.agency_id),
        "name": found.name,
        "shown_name": normalize_domain(found.name)[1],
        "state": found.state,
        "is_vouched": found.is_vouched,
        "mta_sts": found.mta_sts,
        "alias_of": found.alias_of,
        "claimed_at": found.claimed_at,
        "proven_at": found.proven_at,
        "proof_missing_since": found.proof_missing_since,
        "checked_at": found.checked_at,
    }
