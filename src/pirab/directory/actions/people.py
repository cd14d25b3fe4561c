"""People: who signs in, what their entry shows, the posts they hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.contrib.auth.hashers import make_password

from pirab.core import db
from pirab.directory import queries
from pirab.directory.errors import (
    AddressInvalid,
    AgencyNotFound,
    EditedMeanwhile,
    EntryInvalid,
    EntryNotFound,
)
from pirab.directory.hooks import tell_entries
from pirab.directory.limits import Resource, require_room
from pirab.directory.models import Agency, Person, Profile
from pirab.directory.queries import normal_form
from pirab.directory.types import OFFICIAL_FIELDS, PERSONAL_FIELDS


def create_person(
    login: str, name_th: str, *, name_en: str = "", language: str = "th", agency_id: int | None = None
) -> int:
    """A person who signs in with `login`; without a password until `set_password`.

    Raises `AddressInvalid`, `LimitReached`.
    """
    normal = normal_form(login)
    if normal is None:
        raise AddressInvalid(login)
    with db.transaction():
        person = Person.objects.create(
            login=normal,
            name_th=name_th,
            name_en=name_en,
            language=language,
            agency_id=agency_id,
            password=make_password(None),
        )
        require_room(agency_id, (Resource.PEOPLE,))
        tell_entries([person.pk])
    return person.pk


def set_password(person_id: int, password: str) -> None:
    """Replace the password; only the Argon2id hash of its normal form (NFC) is kept."""
    hashed = make_password(unicodedata.normalize("NFC", password))
    Person.objects.filter(pk=person_id).update(password=hashed)


def edit_person(person_id: int, *, name_th: str, name_en: str, language: str) -> None:
    """Other names or another language. Raises `EntryNotFound`, `EntryInvalid`."""
    require_text("name_th", name_th)
    require_text("name_en", name_en)
    if not name_th.strip():
        raise EntryInvalid("name_th")
    if language not in LANGUAGES:
        raise EntryInvalid("language")
    with db.transaction():
        _touched(
            Person.objects.filter(pk=person_id).update(name_th=name_th, name_en=name_en, language=language)
        )
        tell_entries([person_id])


def place_person(person_id: int, agency_id: int | None) -> None:
    """The person belongs to this agency from now on. Raises `EntryNotFound`, `AgencyNotFound`, `LimitReached`."""
    if agency_id is not None and not Agency.objects.filter(pk=agency_id, is_active=True).exists():
        raise AgencyNotFound(str(agency_id))
    with db.transaction():
        person = Person.objects.select_for_update().filter(pk=person_id).first()
        if person is None:
            raise EntryNotFound(str(person_id))
        before = () if person.agency_id is None else queries.agency(person.agency_id).ancestry
        Person.objects.filter(pk=person_id).update(agency_id=agency_id)
        if person.is_active:
            require_room(agency_id, (Resource.PEOPLE,), besides=before)
        tell_entries([person_id])


def enable_person(person_id: int) -> None:
    """The person may sign in again. Raises `EntryNotFound`, `LimitReached`."""
    with db.transaction():
        was_disabled = Person.objects.filter(pk=person_id, is_active=False).update(is_active=True)
        agency_id = queries.person(person_id).agency_id
        if was_disabled:
            require_room(agency_id, (Resource.PEOPLE,))
            tell_entries([person_id])


def disable_person(person_id: int) -> None:
    """The person may no longer sign in; every door refuses from the next request on. Raises `EntryNotFound`."""
    with db.transaction():
        _touched(Person.objects.filter(pk=person_id).update(is_active=False))
        tell_entries([person_id])


def edit_profile(person_id: int, changes: Mapping[str, str], version: int) -> int:
    """Change official or personal fields of the person's entry by name; returns its new version.

    Raises `EntryNotFound`, `EntryInvalid` naming a field that is unknown, too long or has control characters, and
    `EditedMeanwhile` unless `version` is the present one (0 for an entry nobody has written yet).
    """
    for field, value in changes.items():
        if field not in OFFICIAL_FIELDS + PERSONAL_FIELDS:
            raise EntryInvalid(field)
        require_text(field, value)
    return _save_profile(person_id, dict(changes), version)


def choose_hidden(person_id: int, hidden: Collection[str], version: int) -> int:
    """The personal fields the person does not want shown; errors as `edit_profile`."""
    if unknown := sorted(set(hidden) - {*PERSONAL_FIELDS, "picture"}):
        raise EntryInvalid(unknown[0])
    return _save_profile(person_id, {"hidden": sorted(set(hidden))}, version)


def set_listed(person_id: int, version: int, *, is_listed: bool) -> int:
    """Whether the agency shows the person in the directory at all; errors as `edit_profile`."""
    return _save_profile(person_id, {"is_listed": is_listed}, version)


def set_picture(person_id: int, digest: bytes | None, version: int) -> int:
    """The blob of the person's picture, None for none; errors as `edit_profile`."""
    return _save_profile(person_id, {"picture": digest}, version)


def _save_profile(person_id: int, values: dict[str, Any], version: int) -> int:
    with db.transaction():
        if not Person.objects.select_for_update().filter(pk=person_id).exists():
            raise EntryNotFound(str(person_id))
        Profile.objects.get_or_create(person_id=person_id, defaults={"version": 0})
        if not Profile.objects.filter(pk=person_id, version=version).update(**values, version=version + 1):
            raise EditedMeanwhile()
        tell_entries([person_id])
    return version + 1


def _touched(found: int) -> None:
    if not found:
        raise EntryNotFound()


def require_text(field: str, value: str) -> None:
    """Raises `EntryInvalid` naming the field where `value` is too long or has control characters other than a line's
    end in `about`."""
    allowed = "\n" if field == "about" else ""
    if len(value) > LONGEST_TEXT or any(
        unicodedata.category(character) in ("Cc", "Cs") and character not in allowed for character in value
    ):
        raise EntryInvalid(field)


LONGEST_TEXT: Final = 1000
"""Of one field of an entry, in characters."""
LANGUAGES: Final = ("th", "en")
