"""Telling one subscription: its code while it is unverified, then what has moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.core.log import get_logger
from pirab.core.metrics import counter
from pirab.push import actions, posting, queries
from pirab.push.posting import Answer
from pirab.push.types import Outcome, Target
from pirab.signin import credentials
from pirab.store import queries as store
from pirab.store.errors import AccountUnknown

FIRST_WAIT_SECONDS: Final = 15
LONGEST_WAIT_SECONDS: Final = 3600
MOST_FAILURES: Final = 24
"""With the waits between them about seventeen hours; then the subscription ends."""
_log = get_logger(__name__)
_SENT: Final = counter("push_messages", "Messages to push services.", ("kind", "outcome"))


def verify(subscription_id: int) -> None:
    """Send the verification code (rfc8620#7.2.2), unless it has come back already."""
    target = _living(subscription_id)
    if target is None or target.is_verified:
        return
    message = {
        "@type": "PushVerification",
        "pushSubscriptionId": encode_id(IdKind.PUSH_SUBSCRIPTION, target.id),
        "verificationCode": target.code,
    }
    answer = posting.post(target.url, message, target.keys)
    _SENT.labels("verification", answer.outcome.value).inc()
    if answer.outcome is Outcome.TAKEN:
        actions.record_failure(target.id, 0)
    elif not _give_up(target, answer):
        actions.ask_for_verification(target.id, at=_next(target, answer))


def deliver(subscription_id: int) -> None:
    """Send a StateChange (rfc8620#7.1) with everything that has moved since the receiver was last told."""
    target = _living(subscription_id)
    if target is None or not target.is_verified:
        return
    changed, seen = _moved(target)
    if not changed:
        if seen != target.seen:
            actions.record_taken(target.id, seen)
        return
    answer = posting.post(target.url, {"@type": "StateChange", "changed": changed}, target.keys)
    _SENT.labels("change", answer.outcome.value).inc()
    if answer.outcome is Outcome.TAKEN:
        actions.record_taken(target.id, seen)
    elif not _give_up(target, answer):
        actions.ask_for_delivery([target.id], at=_next(target, answer))


def _living(subscription_id: int) -> Target | None:
    """The target, unless the credential it belongs to has ended: then the subscription ends too (rfc8620#7.2)."""
    target = queries.target(subscription_id)
    if target is None:
        return None
    owner = target.credential
    if not credentials.is_alive(owner.person_id, owner.kind, owner.mark):
        actions.remove(target.id)
        return None
    return target


def _moved(target: Target) -> tuple[dict[str, Any], dict[int, int]]:
    """The `changed` member of a StateChange, and what the receiver will have seen with it."""
    changed: dict[str, Any] = {}
    seen: dict[int, int] = {}
    for account in queries.accounts_of(target.credential.person_id):
        try:
            states = {kind.value: state for kind, state in store.states(account).by_type.items()}
        except AccountUnknown:
            continue
        seen[account] = max(states.values())
        moved = _wanted(target, states, target.seen.get(account, 0))
        if moved:
            changed[encode_id(IdKind.ACCOUNT, account)] = moved
    return changed, seen


def _wanted(target: Target, states: Mapping[str, int], since: int) -> dict[str, str]:
    return {
        kind: str(state)
        for kind, state in states.items()
        if state > since and (target.types is None or kind in target.types)
    }


def _give_up(target: Target, answer: Answer) -> bool:
    """Count the failure; end the subscription when another attempt has no sense."""
    failures = target.failures + 1
    if answer.outcome in (Outcome.GONE, Outcome.REFUSED_HERE) or failures >= MOST_FAILURES:
        _log.info("push.ended", subscription=target.id, outcome=answer.outcome.value, failures=failures)
        actions.remove(target.id)
        return True
    actions.record_failure(target.id, failures)
    return False


def _next(target: Target, answer: Answer) -> datetime:
    wait = min(FIRST_WAIT_SECONDS * 2**target.failures, LONGEST_WAIT_SECONDS)
    return clock.now() + timedelta(seconds=max(wait, answer.wait_seconds))
