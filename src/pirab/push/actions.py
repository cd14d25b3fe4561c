"""The only writers of subscriptions."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from pirab.core import clock, db, jobs
from pirab.push import destination, encryption, models, queries
from pirab.push.errors import AlreadyOver, SubscriptionNotFound, TooFast, TooManySubscriptions, WrongCode
from pirab.push.types import Credential, Draft, Patch, Subscription
from pirab.store import queries as store
from pirab.store.errors import AccountUnknown

CHANNEL: Final = "pirab_push"
"""NOTIFY channel; the payload is the id of a person whose verified subscriptions have changed."""
VERIFY_TASK: Final = "push.verify"
DELIVER_TASK: Final = "push.deliver"
LANES: Final = 2
LONGEST_LIFE: Final = timedelta(days=7)
MOST_OF_A_PERSON: Final = 50
MOST_AN_HOUR: Final = 60
"""Each makes a request to the outside, which must not become a weapon (rfc8620#8.6)."""


def create(owner: Credential, draft: Draft) -> Subscription:
    """Make a subscription and have its verification code sent (rfc8620#7.2.2).

    Raises `NotHttps`, `HostNotAllowed`, `BadKeys`, `AlreadyOver`, `TooManySubscriptions`, `TooFast`.
    """
    destination.check_url(draft.url)
    if draft.keys is not None:
        encryption.check_keys(draft.keys)
    with db.transaction():
        now = clock.now()
        _claim(owner.person_id, now)
        row = models.Subscription.objects.create(
            person_id=owner.person_id,
            credential_kind=owner.kind.value,
            credential_mark=owner.mark,
            device_client_id=draft.device_client_id,
            url=draft.url,
            p256dh=draft.keys.p256dh if draft.keys else None,
            auth=draft.keys.auth if draft.keys else None,
            types=draft.types,
            code=secrets.token_urlsafe(24),
            expires_at=_bounded(draft.expires_at, now),
            created_at=now,
        )
        ask_for_verification(row.pk)
    return queries.subscription_of(row)


def update(owner: Credential, subscription_id: int, patch: Patch) -> Subscription:
    """Verify, renew or narrow a subscription; returns it as it is now.

    Raises `SubscriptionNotFound`, `WrongCode`, `AlreadyOver`.
    """
    with db.transaction():
        row = _owned(owner, subscription_id)
        if isinstance(patch.verification_code, str) and not row.is_verified:
            if not hmac.compare_digest(patch.verification_code.encode(), row.code.encode()):
                raise WrongCode()
            row.is_verified = True
            row.seen = {str(account): modseq for account, modseq in present(owner.person_id).items()}
        elif isinstance(patch.verification_code, str) and patch.verification_code != row.code:
            raise WrongCode()
        elif patch.verification_code is None and row.is_verified:
            row.is_verified = False
        if not isinstance(patch.expires_at, msgspec.UnsetType):
            row.expires_at = _bounded(patch.expires_at, clock.now())
        if not isinstance(patch.types, msgspec.UnsetType):
            row.types = patch.types
        row.save()
        db.notify(CHANNEL, str(owner.person_id))
    return queries.subscription_of(row)


def destroy(owner: Credential, subscription_id: int) -> None:
    """End a subscription; raises `SubscriptionNotFound`."""
    with db.transaction():
        _owned(owner, subscription_id).delete()
        db.notify(CHANNEL, str(owner.person_id))


def remove(subscription_id: int) -> None:
    """End a subscription that nobody listens to any more; one that is gone already is fine."""
    models.Subscription.objects.filter(pk=subscription_id).delete()


def record_taken(subscription_id: int, seen: Mapping[int, int]) -> None:
    """The receiver knows of these modseqs now."""
    models.Subscription.objects.filter(pk=subscription_id).update(
        seen={str(account): modseq for account, modseq in seen.items()}, failures=0
    )


def record_failure(subscription_id: int, failures: int) -> None:
    """The receiver has not taken a message, the `failures`th time in a row."""
    models.Subscription.objects.filter(pk=subscription_id).update(failures=failures)


def lane_of(subscription_id: int) -> str:
    """The lock of a subscription's jobs. So few can run at a time that dead receivers never hold up the mail."""
    return f"push.lane.{subscription_id % LANES}"


def ask_for_verification(subscription_id: int, at: datetime | None = None) -> None:
    """Have the worker send the verification code."""
    jobs.defer(VERIFY_TASK, at=at, lock=lane_of(subscription_id), subscription_id=subscription_id)


def ask_for_delivery(subscription_ids: Iterable[int], at: datetime | None = None) -> None:
    """Have the worker tell these subscriptions what is new; one that waits already is not asked for twice."""
    for key in subscription_ids:
        jobs.defer_once(
            DELIVER_TASK, key=f"push.deliver.{key}", at=at, lock=lane_of(key), subscription_id=key
        )


def forget_expired() -> int:
    """Remove what is over; returns how many."""
    removed, _ = models.Subscription.objects.filter(expires_at__lte=clock.now()).delete()
    return removed


def present(person_id: int) -> dict[int, int]:
    """Account id → newest state of any type, for the accounts of a person."""
    found: dict[int, int] = {}
    for account in queries.accounts_of(person_id):
        try:
            found[account] = max(store.states(account).by_type.values())
        except AccountUnknown:
            continue
    return found


def _owned(owner: Credential, subscription_id: int) -> models.Subscription:
    row = models.Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if (
        row is None
        or row.expires_at <= clock.now()
        or (row.person_id, row.credential_kind) != (owner.person_id, owner.kind.value)
        or not hmac.compare_digest(bytes(row.credential_mark), owner.mark)
    ):
        raise SubscriptionNotFound()
    return row


def _bounded(asked: datetime | None, now: datetime) -> datetime:
    longest = (now + LONGEST_LIFE).replace(microsecond=0)
    if asked is None:
        return longest
    if asked <= now:
        raise AlreadyOver()
    return min(asked, longest)


def _claim(person_id: int, now: datetime) -> None:
    """Count one more in this hour; the row also makes two creations of one person wait for each other."""
    made = db.scalar(_CLAIM, {"person": person_id, "now": now, "old": now - timedelta(hours=1)})
    if made > MOST_AN_HOUR:
        raise TooFast()
    living = models.Subscription.objects.filter(person_id=person_id, expires_at__gt=now).count()
    if living >= MOST_OF_A_PERSON:
        raise TooManySubscriptions()


_CLAIM: Final = """
    insert into push_allowance as a (person_id, since, made) values (%(person)s, %(now)s, 1)
    on conflict (person_id) do update
       set made = case when a.since < %(old)s then 1 else a.made + 1 end,
           since = case when a.since < %(old)s then %(now)s else a.since end
    returning made
"""
