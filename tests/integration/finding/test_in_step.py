"""Rows say what the directory says: after every change, in its transaction, and nothing of what is hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from pirab.core import db
from pirab.directory import actions, queries
from pirab.directory.finding import facts, hooks, index
from pirab.directory.finding.searching import search
from pirab.directory.finding.types import Asker
from pirab.directory.types import AccountKind, AgencyFacts, HoldingKind, Role
from tests.integration.finding.government import Government


def found(government: Government, text: str, asker: Asker | None = None) -> list[str]:
    answers = search(asker or government.asker("somsak"), text).cards
    return government.names([card.person_id for card in answers])


def profile(government: Government, name: str) -> Any:
    return queries.profile(government.people[name])


def test_a_new_name_is_found_and_the_old_one_is_not(government: Government) -> None:
    person = government.people["wanna"]
    actions.edit_profile(
        person, {"family_th": "แสงตะวัน", "family_en": ""}, profile(government, "wanna").version
    )
    assert found(government, "วรรณา แสงตะวัน") == ["wanna"]
    assert found(government, "วรรณา ไพบูลย์") == []


def test_a_new_telephone_is_found(government: Government) -> None:
    person = government.people["wanna"]
    actions.edit_profile(person, {"extension": "7777"}, profile(government, "wanna").version)
    assert found(government, "7777") == ["wanna"]
    assert found(government, "8802") == []


def test_every_address_of_ones_own_finds_one(government: Government) -> None:
    person = government.people["wanna"]
    actions.ensure_domain("opdc.go.test", government.units["opdc"])
    account = actions.open_account("วรรณา", AccountKind.PERSONAL, None, government.units["opdc"])
    actions.grant(person, account, Role.OWNER)
    actions.add_address(account, "wanna.p@opdc.go.test")
    actions.add_address(account, "วรรณา@opdc.go.test")
    actions.add_address(account, "drop.box@opdc.go.test")
    assert found(government, "drop.box") == found(government, "drop.box@opdc.go.test") == ["wanna"]
    assert found(government, "วรรณา@") == ["wanna"]


def test_what_a_person_hides_is_neither_shown_nor_found(government: Government) -> None:
    person = government.people["somchai"]
    assert found(government, "0812345678") == ["somchai"]
    actions.choose_hidden(person, ["mobile"], profile(government, "somchai").version)
    assert found(government, "0812345678") == []
    assert search(government.asker("somsak"), "สมชาย ใจดี").cards[0].mobile == ""


def test_who_is_not_listed_is_not_there(government: Government) -> None:
    actions.set_listed(government.people["wanna"], profile(government, "wanna").version, is_listed=False)
    assert found(government, "วรรณา") == []
    assert found(government, "8802") == []


def test_who_may_not_sign_in_is_not_there_until_they_may(government: Government) -> None:
    actions.disable_person(government.people["wanna"])
    assert found(government, "วรรณา") == []
    actions.enable_person(government.people["wanna"])
    assert found(government, "วรรณา") == ["wanna"]


def test_who_moves_is_found_in_the_new_place(government: Government) -> None:
    actions.place_person(government.people["wanna"], government.units["cgd.law"])
    assert found(government, "วรรณา กองกฎหมาย") == ["wanna"]
    assert found(government, "วรรณา บก") == ["wanna"]


def test_a_unit_gets_another_name(government: Government) -> None:
    unit = queries.agency(government.units["cgd"])
    actions.edit_agency(unit.id, AgencyFacts("กรมบัญชีใหม่", "New Accounts", abbreviation="บม"), unit.version)
    assert found(government, "เฉลิมชัย กรมบัญชีใหม่") == ["chalerm"]
    assert found(government, "เฉลิมชัย บม") == ["chalerm"]
    assert found(government, "เฉลิมชัย กรมบัญชีกลาง") == []


def test_a_unit_moves_and_its_people_with_it(government: Government) -> None:
    actions.move_agency(government.units["cgd"], government.units["moi"])
    near, far = government.asker("wichai"), government.asker("prasert")
    assert found(government, "เฉลิมชัย มหาดไทย") == ["chalerm"]
    assert found(government, "ศิริพร", near) == found(government, "ศิริพร", far) == ["siriporn"]
    assert queries.agency(government.units["cgd.law"]).ancestry[0] == government.units["moi"]


def test_posts_are_found_while_they_are_held(government: Government) -> None:
    post = actions.create_post(government.units["opdc"], "รองเลขาธิการ")
    day = facts.today()
    held = actions.hold_post(government.people["wanna"], post, HoldingKind.ACTING, until=day)
    assert found(government, "รองเลขาธิการ") == ["wanna"]
    actions.hold_post(government.people["wanna"], post, HoldingKind.ACTING, since=day + timedelta(days=1))
    assert found(government, "รองเลขาธิการ") == []
    actions.release_post(held)
    assert found(government, "รองเลขาธิการ") == []


def test_a_new_day_ends_what_ended_yesterday(government: Government) -> None:
    post = actions.create_post(government.units["opdc"], "รองเลขาธิการ")
    holding = actions.hold_post(government.people["wanna"], post, HoldingKind.ACTING, until=facts.today())
    db.execute(
        "update directory_holding set until = %s where id = %s", (facts.today() - timedelta(days=1), holding)
    )
    assert found(government, "รองเลขาธิการ") == ["wanna"]
    assert index.renew_for_day() == 1
    assert found(government, "รองเลขาธิการ") == []


def test_a_change_that_is_undone_leaves_no_trace(government: Government) -> None:
    person = government.people["wanna"]
    with transaction.atomic():
        actions.edit_profile(person, {"given_th": "ลบเลือน"}, profile(government, "wanna").version)
        assert found(government, "ลบเลือน") == ["wanna"]
        transaction.set_rollback(True)
    assert found(government, "ลบเลือน") == []
    assert found(government, "วรรณา") == ["wanna"]


def test_rows_that_are_missing_or_old_are_made_anew(government: Government) -> None:
    db.execute("delete from finding_entry where person_id = %s", (government.people["wanna"],))
    db.execute(
        "update finding_entry set version = 0, terms = '{}' where person_id = %s",
        (government.people["prasert"],),
    )
    assert found(government, "วรรณา") == found(government, "ประเสริฐ") == []
    assert index.renew_old() == 2
    assert index.renew_old() == 0
    assert found(government, "วรรณา") == ["wanna"]
    assert found(government, "ประเสริฐ") == ["prasert"]


def test_correspondents_come_before_others_as_near(government: Government) -> None:
    def writes_with(person_id: int) -> dict[int, float]:
        return {government.people["acting"]: 3.0, government.people["somchai2"]: 1.0}

    assert found(government, "นิติกร") == ["nattawut", "acting", "somchai2"]
    hooks.register_correspondents(writes_with)
    try:
        assert found(government, "นิติกร") == ["acting", "somchai2", "nattawut"]
        assert found(government, "สมชาย") == ["somchai", "somchai2"], "closeness counts more"
    finally:
        hooks.forget_correspondents(writes_with)


def test_pages_are_parts_of_one_list(government: Government) -> None:
    asker = government.asker("somsak")
    whole = [card.person_id for card in search(asker, "ส", 0, 50).cards]
    pages = [card.person_id for start in range(0, 20, 3) for card in search(asker, "ส", start, 3).cards]
    assert pages == whole[: len(pages)]
    assert len(set(pages)) == len(pages) >= 5


def test_who_belongs_to_no_unit_finds_people_too(government: Government) -> None:
    assert set(found(government, "สมชาย", Asker(government.people["somsak"]))) == {"somchai", "somchai2"}
    assert found(government, "สมชาญ ใจดี", Asker(0)) == ["somchai"]
