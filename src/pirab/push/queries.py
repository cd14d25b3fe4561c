"""Reading subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pirab.core import clock, db
from pirab.directory import queries as directory
from pirab.push import models
from pirab.push.types import Credential, Keys, Subscription, Target
from pirab.signin.types import CredentialKind


def subscriptions(owner: Credential, ids: Sequence[int] | None = None) -> list[Subscription]:
    """The live subscriptions made with this credential: those with these ids, or all, oldest first."""
    found = models.Subscription.objects.filter(
        person_id=owner.person_id,
        credential_kind=owner.kind.value,
        credential_mark=owner.mark,
        expires_at__gt=clock.now(),
    )
    if ids is not None:
        found = found.filter(pk__in=ids)
    return [subscription_of(row) for row in found.order_by("pk")]


def subscription_of(row: models.Subscription) -> Subscription:
    """What the owner may see of a row."""
    return Subscription(
        row.pk,
        row.device_client_id,
        row.code if row.is_verified else None,
        row.expires_at,
        None if row.types is None else tuple(row.types),
    )


def target(subscription_id: int) -> Target | None:
    """What the sender needs of a live subscription; None when it is gone or over."""
    row = models.Subscription.objects.filter(pk=subscription_id, expires_at__gt=clock.now()).first()
    if row is None:
        return None
    keys = None if row.p256dh is None or row.auth is None else Keys(bytes(row.p256dh), bytes(row.auth))
    owner = Credential(row.person_id, CredentialKind(row.credential_kind), bytes(row.credential_mark))
    return Target(
        row.pk,
        owner,
        row.url,
        keys,
        None if row.types is None else tuple(row.types),
        row.code,
        row.is_verified,
        row.failures,
        {int(account): modseq for account, modseq in row.seen.items()},
    )


def accounts_of(person_id: int) -> list[int]:
    """The accounts whose changes the person may hear of, ascending; none when the person is gone."""
    principal = directory.principal(person_id)
    return sorted(principal.account_ids) if principal is not None else []


def watched(person_id: int | None = None) -> list[tuple[int, int, int]]:
    """(account, person, subscription) of every verified, live subscription, of one person or of all."""
    rows: list[tuple[int, int, int]] = db.rows(_WATCHED, {"person": person_id, "now": clock.now()})
    return rows


def behind() -> list[int]:
    """The verified subscriptions with an account that has moved since they were told."""
    return [key for (key,) in db.rows(_BEHIND, {"now": clock.now()})]


_LIVE: Final[Any] = """
      from push_subscription s
      join directory_person p on p.id = s.person_id and p.is_active
      join directory_membership_now m on m.person_id = s.person_id
"""
_WATCHED: Final = f"""
    select m.account_id, s.person_id, s.id {_LIVE}
     where s.is_verified and s.expires_at > %(now)s
       and (%(person)s::bigint is null or s.person_id = %(person)s)
"""
_BEHIND: Final = f"""
    select distinct s.id {_LIVE}
      join store_account a on a.account_id = m.account_id
     where s.is_verified and s.expires_at > %(now)s
       and a.modseq > coalesce((s.seen ->> a.account_id::text)::bigint, 0)
"""
