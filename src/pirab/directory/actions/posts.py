"""Posts of units and who holds them."""

from __future__ import annotations

from datetime import date

from pirab.core import db
from pirab.directory.actions.people import require_text
from pirab.directory.errors import (
    AgencyNotFound,
    EditedMeanwhile,
    EntryInvalid,
    EntryNotFound,
    PeriodInvalid,
)
from pirab.directory.hooks import tell_entries
from pirab.directory.models import Agency, Holding, Post
from pirab.directory.types import HoldingKind


def create_post(
    agency_id: int, title_th: str, *, title_en: str = "", is_head: bool = False, position: int = 0
) -> int:
    """A post of the unit; returns its key. Raises `AgencyNotFound`, `EntryInvalid`."""
    _check_titles(title_th, title_en)
    if not Agency.objects.filter(pk=agency_id, is_active=True).exists():
        raise AgencyNotFound(str(agency_id))
    post = Post.objects.create(
        agency_id=agency_id, title_th=title_th, title_en=title_en, is_head=is_head, position=position
    )
    return post.pk


def edit_post(
    post_id: int, version: int, *, title_th: str, title_en: str, is_head: bool, position: int
) -> int:
    """Say other things of a post; returns its new version.

    Raises `EntryNotFound`, `EntryInvalid`, and `EditedMeanwhile` unless `version` is the present one.
    """
    _check_titles(title_th, title_en)
    with db.transaction():
        post = Post.objects.select_for_update().filter(pk=post_id).first()
        if post is None:
            raise EntryNotFound(str(post_id))
        if post.version != version:
            raise EditedMeanwhile()
        Post.objects.filter(pk=post_id).update(
            title_th=title_th, title_en=title_en, is_head=is_head, position=position, version=version + 1
        )
        tell_entries(_holders(post_id))
    return version + 1


def abolish_post(post_id: int) -> None:
    """The post is no more; nobody holds it. One that is gone is abolished already."""
    with db.transaction():
        holders = _holders(post_id)
        Post.objects.filter(pk=post_id).delete()
        tell_entries(holders)


def hold_post(
    person_id: int,
    post_id: int,
    kind: HoldingKind = HoldingKind.SUBSTANTIVE,
    *,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Put the person into the post for these days (both included; None: open); returns the holding's key.

    Repeating it changes the days. Raises `PeriodInvalid`, `EntryNotFound`.
    """
    if since is not None and until is not None and since > until:
        raise PeriodInvalid()
    if not Post.objects.filter(pk=post_id).exists():
        raise EntryNotFound(str(post_id))
    with db.transaction():
        holding, _ = Holding.objects.update_or_create(
            person_id=person_id, post_id=post_id, kind=kind, defaults={"since": since, "until": until}
        )
        tell_entries([person_id])
    return holding.pk


def release_post(holding_id: int) -> None:
    """The person no longer holds the post; a holding that is gone is released already."""
    with db.transaction():
        holding = Holding.objects.filter(pk=holding_id).first()
        if holding is not None:
            holding.delete()
            tell_entries([holding.person_id])


def _holders(post_id: int) -> list[int]:
    return list(Holding.objects.filter(post_id=post_id).values_list("person_id", flat=True).distinct())


def _check_titles(title_th: str, title_en: str) -> None:
    require_text("title_th", title_th)
    require_text("title_en", title_en)
    if not title_th.strip():
        raise EntryInvalid("title_th")
