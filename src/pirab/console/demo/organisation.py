"""Putting the people of the demo government into their units, posts and duties."""

from __future__ import annotations

from collections.abc import Mapping

from pirab.console.demo.government import DUTIES, ENTRIES, POSTS, UNITS, DemoEntry, DemoPost
from pirab.core import db
from pirab.directory import actions, queries
from pirab.directory.types import AgencyFacts, AgencyKind


def organise(agency_ids: Mapping[str, int], person_ids: Mapping[str, int]) -> None:
    """Make what is missing; keys are domains and addresses. Repeating it changes nothing."""
    with db.transaction():
        units = _units(agency_ids)
        for entry in ENTRIES:
            _describe(entry, units, person_ids[entry.email])
        for post in POSTS:
            _hold(post, units, person_ids[post.holder])
        for duty in DUTIES:
            agency_id = None if duty.domain is None else agency_ids[duty.domain]
            actions.appoint(person_ids[duty.email], agency_id, duty.kind)


def _units(agency_ids: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    made: dict[tuple[str, ...], int] = {(domain,): key for domain, key in agency_ids.items()}
    for key in agency_ids.values():
        agency = queries.agency(key)
        if agency.facts.kind is AgencyKind.OTHER and agency.facts.document_code != "จอ":
            facts = AgencyFacts(
                agency.facts.name_th,
                agency.facts.name_en,
                AgencyKind.MINISTRY,
                document_code=agency.facts.document_code,
            )
            actions.edit_agency(key, facts, agency.version)
    for position, unit in enumerate(UNITS):
        parent = made[unit.path[:-1]]
        there = {child.facts.name_en: child.id for child in queries.children(parent)}
        made[unit.path] = there.get(unit.name_en) or actions.create_agency(
            parent,
            AgencyFacts(
                unit.name_th,
                unit.name_en,
                unit.kind,
                unit.abbreviation,
                document_code=unit.document_code,
                position=position,
            ),
        )
    return made


def _describe(entry: DemoEntry, units: Mapping[tuple[str, ...], int], person_id: int) -> None:
    if queries.profile(person_id).version:
        return
    person = queries.person(person_id)
    given, _, family = person.name_th.partition(" ")
    given_en, _, family_en = person.name_en.partition(" ")
    actions.place_person(person_id, units[entry.unit])
    said = {
        "title": entry.title,
        "rank": entry.rank,
        "given_th": given,
        "family_th": family,
        "given_en": given_en,
        "family_en": family_en,
        "office_phone": entry.phone,
        "extension": entry.extension,
        "expertise": entry.expertise,
    }
    actions.edit_profile(person_id, said, 0)


def _hold(post: DemoPost, units: Mapping[tuple[str, ...], int], person_id: int) -> None:
    unit = units[post.unit]
    there = {one.title_en: one.id for one in queries.posts_of([unit])}
    key = there.get(post.title_en) or actions.create_post(
        unit, post.title_th, title_en=post.title_en, is_head=post.is_head
    )
    actions.hold_post(person_id, key, post.kind)
