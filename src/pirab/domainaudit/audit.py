"""Looking at a domain: what its DNS says now, what that changes, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from pirab.core import clock, db
from pirab.domainaudit import asking, claims, expected, judging, notices, queries, rotation, site
from pirab.domainaudit.asking import Names
from pirab.domainaudit.errors import ClaimNotFound, DomainTaken
from pirab.domainaudit.models import Claim, Finding
from pirab.domainaudit.types import DomainInfo, Record, RecordState, Seen, State, Verdict

GRACE: Final = timedelta(days=14)
"""How long the proof of a domain may be missing before a domain whose mail goes elsewhere is let go."""
_BROKEN: Final = (RecordState.MISSING, RecordState.WRONG)


class _Look(msgspec.Struct, frozen=True):
    """Records of a domain and what was seen of each."""

    domain: DomainInfo
    records: Sequence[Record]
    verdicts: dict[str, Verdict]


def look(claim_id: int, only: str | None = None) -> list[Seen]:
    """Ask the DNS about every record of the domain (or the one with the key `only`), note what is new, take the steps
    that are due, and return what was seen. Raises `ClaimNotFound`, also for an unknown key.

    Takes as long as the DNS does, `asking.LOOK_SECONDS` at most; no transaction is open meanwhile.
    """
    names = asking.configured()
    seen = _ask(claim_id, names, only)
    was_claimed = seen.domain.state is State.CLAIMED
    _note(seen)
    now_domain = queries.domain(claim_id)
    if was_claimed and now_domain.state is not State.CLAIMED:
        # The proof opens the rest of the records.
        seen = _ask(claim_id, names, None)
        _note(seen)
    rotation.advance(claim_id)
    _judge_whole(claim_id)
    return _shown(claim_id, seen)


def _ask(claim_id: int, names: Names, only: str | None) -> _Look:
    domain = queries.domain(claim_id)
    house = site.house()
    wanted = expected.records(domain, queries.published_keys(claim_id), house)
    if only is not None:
        wanted = [record for record in wanted if record.key == only]
        if not wanted:
            raise ClaimNotFound()
    return _Look(domain, wanted, {record.key: judging.look(record, house, names) for record in wanted})


def _note(seen: _Look) -> None:
    """Write down what is definite: that nobody answered says nothing new."""
    now = clock.now()
    broken = []
    with db.transaction():
        claim = claims.locked(seen.domain.id)
        for record in seen.records:
            verdict = seen.verdicts[record.key]
            if _note_one(claim, record, verdict, now) and record.is_required:
                broken.append((record, verdict))
        Claim.objects.filter(pk=claim.pk).update(checked_at=now)
        if broken and claim.domain_id is not None:
            notices.tell_broken(seen.domain, broken, now)
    _weigh_proof(seen, now)


def _note_one(claim: Claim, record: Record, verdict: Verdict, now: datetime) -> bool:
    """Whether a record that was right is so no longer."""
    if verdict.state is RecordState.UNKNOWN:
        return False
    known = Finding.objects.filter(claim=claim, key=record.key).first()
    before = RecordState.UNCHECKED if known is None else RecordState(known.state)
    since = now if known is None or before is not verdict.state else known.since
    Finding.objects.update_or_create(
        claim=claim,
        key=record.key,
        defaults={
            "state": verdict.state,
            "reason": verdict.reason,
            "seen": list(verdict.seen),
            "since": since,
            "checked_at": now,
        },
    )
    if before is not verdict.state or (known is not None and known.seen != list(verdict.seen)):
        claims.note(claim.pk, record.key, before.value, verdict.state.value, now, " | ".join(verdict.seen))
    return before is RecordState.FOUND and verdict.state in _BROKEN


def _weigh_proof(seen: _Look, now: datetime) -> None:
    """What the record of the ownership means: a proof, the beginning or end of a gap, or the end of the grace."""
    verdict = seen.verdicts.get("ownership")
    if verdict is None or verdict.state is RecordState.UNKNOWN:
        return
    claim_id, domain = seen.domain.id, seen.domain
    if verdict.state is RecordState.FOUND:
        if domain.proven_at is None:
            _prove(seen, now)
        elif domain.proof_missing_since is not None:
            Claim.objects.filter(pk=claim_id).update(proof_missing_since=None)
            claims.note(claim_id, "proof", "missing", "back", now)
    elif domain.proven_at is not None:
        _miss(seen, now)


def _prove(seen: _Look, now: datetime) -> None:
    try:
        claims.prove(seen.domain.id, now)
    except DomainTaken:
        taken = Verdict(RecordState.WRONG, "taken", seen.verdicts["ownership"].seen)
        seen.verdicts["ownership"] = taken
        Finding.objects.filter(claim_id=seen.domain.id, key="ownership").update(
            state=taken.state, reason=taken.reason
        )


def _miss(seen: _Look, now: datetime) -> None:
    domain = seen.domain
    if domain.proof_missing_since is None:
        Claim.objects.filter(pk=domain.id).update(proof_missing_since=now)
        claims.note(domain.id, "proof", "there", "missing", now)
        return
    exchange = seen.verdicts.get("mx")
    # While its mail comes here the domain is evidently the agency's, whatever became of the TXT record.
    goes_elsewhere = exchange is not None and (
        exchange.state is RecordState.MISSING or exchange.reason == "mx_elsewhere"
    )
    if goes_elsewhere and now - domain.proof_missing_since > GRACE:
        claims.lapse(domain.id, now)
        notices.tell_lapsed(domain, now)


def _judge_whole(claim_id: int) -> None:
    """Whether everything required was last seen as it should be."""
    domain = queries.domain(claim_id)
    seen = queries.seen(domain, site.house())
    is_complete = domain.proven_at is not None and all(
        one.verdict.state is RecordState.FOUND for one in seen if one.record.is_required
    )
    signs = any(one.record.kind == "dkim" and one.verdict.state is RecordState.FOUND for one in seen)
    Claim.objects.filter(pk=claim_id).update(is_complete=is_complete and signs)


def _shown(claim_id: int, seen: _Look) -> list[Seen]:
    """What is known now, with a look that brought no answer shown as such."""
    asked = {record.key for record in seen.records}
    return [
        msgspec.structs.replace(one, verdict=seen.verdicts[one.record.key])
        if one.record.key in asked and seen.verdicts[one.record.key].state is RecordState.UNKNOWN
        else one
        for one in queries.seen(queries.domain(claim_id), site.house())
    ]
