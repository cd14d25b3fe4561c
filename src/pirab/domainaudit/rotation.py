"""Signing keys through their lives: made, seen in the DNS, signing, retired for a week, revoked. No restart of mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pirab.core import clock, db
from pirab.domainaudit import keys, queries
from pirab.domainaudit.errors import ClaimNotFound, NotProven, RotationRefused
from pirab.domainaudit.models import Change, Claim, SigningKey
from pirab.domainaudit.types import Algorithm, KeyState, RecordState

KEPT: Final = timedelta(days=7)
"""How long a retired key stays published: letters wait in queues for five days at most."""
FRESH: Final = timedelta(hours=1)
"""How long ago the record of a waiting key may have been seen when the switch comes."""
OLD: Final = timedelta(days=365)
"""When administrators are reminded to change a key."""
_EARLIER_SELECTOR: Final = "pirab"
"""Of keys made by `./pirab dkim`."""
_LETTER: Final = {Algorithm.RSA: "r", Algorithm.ED25519: "e"}


def begin(claim_id: int) -> int:
    """Make the next generation of keys, to be published; returns its number.

    Raises `ClaimNotFound`, `NotProven`, and `RotationRefused` while one is waiting.
    """
    now = clock.now()
    with db.transaction():
        claim = _locked(claim_id)
        if claim.proven_at is None:
            raise NotProven()
        known = list(claim.keys.all())
        if any(key.state == KeyState.WAITING for key in known):
            raise RotationRefused()
        generation = max((key.generation for key in known), default=0) + 1
        _make(claim, generation, now)
    return generation


def begin_first(claim_id: int, domain: str, now: datetime) -> None:
    """The first keys of a domain that was just proven: those of an operator, if there are any, else new ones."""
    claim = _locked(claim_id)
    if claim.keys.exists():
        return
    public = keys.public_of(domain, _EARLIER_SELECTOR)
    if public is None:
        _make(claim, 1, now)
        return
    SigningKey.objects.create(
        claim=claim,
        selector=_EARLIER_SELECTOR,
        generation=0,
        algorithm=Algorithm.RSA,
        public=public,
        state=KeyState.SIGNING,
        created_at=now,
        signing_at=now,
    )
    db.on_commit(tell_signer)


def abandon(claim_id: int, selector: str) -> None:
    """Give up the waiting generation that `selector` is of. Raises `ClaimNotFound`, `RotationRefused` for a key that is
    or was in use."""
    with db.transaction():
        claim = _locked(claim_id)
        chosen = claim.keys.filter(selector=selector, state=KeyState.WAITING).first()
        if chosen is None:
            raise RotationRefused()
        for key in list(claim.keys.filter(generation=chosen.generation)):
            _note(claim, key, KeyState.WAITING, "abandoned", clock.now())
            _forget_later(claim.name, key.selector)
            key.delete()


def advance(claim_id: int) -> None:
    """Take every step that is due: switch to a generation that was seen whole, revoke what was retired long enough.

    Each key of a generation may have been seen by a look of its own, but not longer ago than `FRESH`.
    """
    now = clock.now()
    with db.transaction():
        claim = _locked(claim_id)
        if claim.proven_at is None:
            return
        waiting = list(claim.keys.filter(state=KeyState.WAITING))
        if waiting and all(_was_seen(claim, key, now) for key in waiting):
            _switch(claim, waiting, now)
        for key in list(claim.keys.filter(state=KeyState.RETIRED, retired_at__lte=now - KEPT)):
            _revoke(claim, key, now)


def destroy(claim_id: int, domain: str) -> None:
    """The domain has gone: so do its keys."""
    for key in list(SigningKey.objects.filter(claim_id=claim_id)):
        _forget_later(domain, key.selector)
        key.delete()
    db.on_commit(tell_signer)


def tell_signer() -> None:
    """Write down for Rspamd which key signs for which domain, as the database has it."""
    for algorithm in Algorithm:
        keys.tell_signer(algorithm, queries.signing(algorithm))


def _was_seen(claim: Claim, key: SigningKey, now: datetime) -> bool:
    return claim.findings.filter(
        key=f"dkim:{key.selector}", state=RecordState.FOUND, checked_at__gt=now - FRESH
    ).exists()


def _switch(claim: Claim, waiting: list[SigningKey], now: datetime) -> None:
    for old in list(claim.keys.filter(state=KeyState.SIGNING)):
        _set(claim, old, KeyState.RETIRED, now, retired_at=now)
    for new in waiting:
        _set(claim, new, KeyState.SIGNING, now, seen_at=now, signing_at=now)
    db.on_commit(tell_signer)


def _revoke(claim: Claim, key: SigningKey, now: datetime) -> None:
    _set(claim, key, KeyState.REVOKED, now, revoked_at=now)
    _forget_later(claim.name, key.selector)


def _set(claim: Claim, key: SigningKey, state: KeyState, now: datetime, **moments: datetime) -> None:
    _note(claim, key, KeyState(key.state), state.value, now)
    SigningKey.objects.filter(pk=key.pk).update(state=state, **moments)


def _make(claim: Claim, generation: int, now: datetime) -> None:
    for algorithm in Algorithm:
        selector = f"p{now:%Y%m%d}g{generation}{_LETTER[algorithm]}"
        # Left by a transaction that came to nothing: no row names it, so nobody ever published it.
        keys.forget(claim.name, selector)
        key = SigningKey.objects.create(
            claim=claim,
            selector=selector,
            generation=generation,
            algorithm=algorithm,
            public=keys.make(claim.name, selector, algorithm),
            created_at=now,
        )
        _note(claim, key, None, KeyState.WAITING.value, now)


def _forget_later(domain: str, selector: str) -> None:
    db.on_commit(lambda: keys.forget(domain, selector))


def _note(claim: Claim, key: SigningKey, before: KeyState | None, after: str, now: datetime) -> None:
    Change.objects.create(
        claim=claim,
        key=f"key:{key.selector}",
        before="" if before is None else before.value,
        after=after,
        at=now,
    )


def _locked(claim_id: int) -> Claim:
    found = Claim.objects.select_for_update().filter(pk=claim_id).first()
    if found is None:
        raise ClaimNotFound()
    return found
