"""What is broken is found, told, and mended."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from pirab.core import db
from pirab.directory.finding.searching import search
from pirab.directory.finding.verification import Code, repair, verify
from tests.integration.finding.government import Government

BREAKS = {
    "delete from finding_entry where person_id = %s": Code.MISSING,
    "update finding_entry set terms = terms[2:] where person_id = %s": Code.DIFFERS,
    "update finding_entry set names = '{}' where person_id = %s": Code.DIFFERS,
    "update finding_entry set numbers = '000000000' where person_id = %s": Code.DIFFERS,
    "update finding_entry set ancestry = '{1,2}' where person_id = %s": Code.DIFFERS,
    "update finding_entry set sorting = 'x' where person_id = %s": Code.DIFFERS,
    "update finding_entry set is_head = not is_head where person_id = %s": Code.DIFFERS,
    """update finding_entry set card = jsonb_set(card, '{mobile}', '"081"') where person_id = %s""": Code.DIFFERS,
    "update directory_profile set given_th = 'ใหม่' where person_id = %s": Code.DIFFERS,
    "update directory_profile set is_listed = false where person_id = %s": Code.STRAY,
    "update directory_person set is_active = false where id = %s": Code.STRAY,
    "update directory_holding set until = '2020-01-01' where person_id = %s": Code.DIFFERS,
}


def test_nothing_is_wrong_with_what_was_just_made(government: Government) -> None:
    assert list(verify()) == []


@pytest.mark.parametrize(("statement", "code"), BREAKS.items(), ids=[*map(str, range(len(BREAKS)))])
def test_what_is_broken_is_found_and_mended(government: Government, statement: str, code: Code) -> None:
    person = government.people["wanna"]
    db.execute(statement, (person,))
    findings = list(verify())
    assert [(finding.code, finding.person_id) for finding in findings] == [(code, person)]
    assert all(done for _, done in repair(findings))
    assert list(verify()) == []


def test_a_lost_word_is_found_and_mended(government: Government) -> None:
    db.execute("delete from finding_word where word = 'ไพบูลย์'")
    assert [finding.person_id for finding in verify()] == [government.people["wanna"]]
    list(repair(list(verify())))
    found = search(government.asker("somsak"), "วรรณา ไพบูลย์").cards
    assert [card.person_id for card in found] == [government.people["wanna"]]


def test_a_row_of_nobody_is_taken_away(government: Government) -> None:
    person = government.people["wanna"]
    db.execute("update finding_entry set person_id = 999999999 where person_id = %s", (person,))
    assert {finding.code for finding in verify()} == {Code.MISSING, Code.STRAY}
    list(repair(list(verify())))
    assert list(verify()) == []


def test_operators_are_told(government: Government) -> None:
    db.execute("delete from finding_entry where person_id = %s", (government.people["wanna"],))
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("pirab_verify", json=True, no_blobs=True, stdout=out)
    assert [json.loads(line)["code"] for line in out.getvalue().splitlines()] == [Code.MISSING]
    call_command("pirab_verify", repair=True, stdout=io.StringIO())
    call_command("pirab_verify", no_blobs=True, stdout=io.StringIO())
