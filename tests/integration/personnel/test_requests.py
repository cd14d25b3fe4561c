"""The second way in: by a proved address, or as one who is on the personnel list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pirab.core import clock, db
from pirab.directory import actions as directory
from pirab.personnel import secrecy
from pirab.personnel.models import Enrolment, MailProof, RosterEntry
from pirab.personnel.proofs import CODE_TASK
from tests.integration.personnel.conftest import PASSWORD, Ministry, Newcomer

NAMES = {"givenTh": "มานี", "familyTh": "มีนา", "givenEn": "Manee", "familyEn": "Meena"}
CITIZEN = "1234567890121"
LIST = "เลขประจำตัวประชาชน,คำนำหน้า,ชื่อ,นามสกุล,ชื่ออังกฤษ,นามสกุลอังกฤษ,ปีเกิด,หน่วยงาน\n"
ROW = f"{CITIZEN},นาง,มานี,มีนา,Manee,Meena,2520,กองคลัง\n"


def allow(ministry: Ministry, **doors: str) -> Any:
    path = ministry.path(ministry.key, "/joining-rule")
    version = ministry.call("GET", path).json()["version"]
    body = {"proofDomains": ["old.go.test"], "version": version} | doors
    answer = ministry.call("PUT", path, body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def code() -> str:
    proof = MailProof.objects.order_by("-pk")[0]
    return secrecy.code_of(proof.pk, bytes(proof.nonce))


def letters() -> int:
    return int(db.scalar("select count(*) from procrastinate_jobs where task_name = %s", (CODE_TASK,)))


def asked(newcomer: Newcomer, address: str = "manee@old.go.test") -> str:
    answer = newcomer.call("mail", {"address": address})
    assert answer.status_code == 202
    return str(answer.json()["proof"])


def test_who_proves_an_address_is_in_by_rule(ministry: Ministry, newcomer: Newcomer) -> None:
    allow(ministry, byMail="rule")
    proof = asked(newcomer)
    assert letters() == 1
    assert newcomer.call("mail/confirm", {"proof": proof, "code": code()}).status_code == 204
    made = newcomer.call("mail/request", {"proof": proof} | NAMES)
    assert (made.status_code, made.json()["state"]) == (201, "open")
    entered = newcomer.call(
        "enter", {"link": made.json()["link"], "address": "manee.m@here.go.test", "password": PASSWORD}
    )
    assert entered.status_code == 200, entered.content
    again = asked(Newcomer())
    assert newcomer.call("mail/confirm", {"proof": again, "code": code()}).status_code == 204
    twice = newcomer.call("mail/request", {"proof": again} | NAMES)
    assert (twice.status_code, twice.json()["type"].rpartition("/")[2]) == (409, "enrolment-closed")


def test_a_request_waits_for_the_administrator(ministry: Ministry, newcomer: Newcomer) -> None:
    allow(ministry, byMail="administrator")
    proof = asked(newcomer)
    newcomer.call("mail/confirm", {"proof": proof, "code": code()})
    link = newcomer.call("mail/request", {"proof": proof} | NAMES).json()["link"]
    assert newcomer.call("welcome", {"link": link}).json()["state"] == "waiting"
    choice = {"link": link, "address": "manee.m@here.go.test", "password": PASSWORD}
    assert newcomer.call("enter", choice).json()["type"].endswith("still-waiting")
    queue = ministry.path(ministry.key, "/enrolments")
    (waiting,) = ministry.call("GET", f"{queue}?state=waiting").json()["items"]
    assert (waiting["evidence"], waiting["way"]) == ("manee@old.go.test", "mail")
    assert ministry.call("POST", f"{queue}/{waiting['id']}/approve").json()["state"] == "open"
    assert ministry.call("POST", f"{queue}/{waiting['id']}/approve").status_code == 409
    assert newcomer.call("enter", choice).status_code == 200


def test_who_is_refused_is_told_why(ministry: Ministry, newcomer: Newcomer) -> None:
    allow(ministry, byMail="administrator")
    proof = asked(newcomer)
    newcomer.call("mail/confirm", {"proof": proof, "code": code()})
    link = newcomer.call("mail/request", {"proof": proof} | NAMES).json()["link"]
    queue = ministry.path(ministry.key, "/enrolments")
    (waiting,) = ministry.call("GET", f"{queue}?state=waiting").json()["items"]
    refuse = f"{queue}/{waiting['id']}/refuse"
    assert ministry.call("POST", refuse, {"reason": " "}).status_code == 422
    assert ministry.call("POST", refuse, {"reason": "ไม่ใช่บุคลากร"}).status_code == 200
    shown = newcomer.call("welcome", {"link": link}).json()
    assert (shown["state"], shown["reason"], shown["offers"]) == ("refused", "ไม่ใช่บุคลากร", [])
    assert newcomer.call("enter", {"link": link, "password": PASSWORD}).status_code == 404


def test_nobody_learns_which_addresses_exist(ministry: Ministry, newcomer: Newcomer) -> None:
    allow(ministry, byMail="rule")
    shapes: set[tuple[object, ...]] = set()
    for address in ("manee@old.go.test", "nobody@nowhere.test", "boss@here.go.test", "@", "x" * 320):
        answer = newcomer.call("mail", {"address": address})
        shapes.add((answer.status_code, tuple(answer.json()), len(answer.json()["proof"])))
        wrong = newcomer.call("mail/confirm", {"proof": answer.json()["proof"], "code": "00000000"})
        shapes.add((wrong.status_code, wrong.content))
    assert len(shapes) == 2
    assert letters() == 1


def test_codes_are_not_guessed(ministry: Ministry, newcomer: Newcomer) -> None:
    allow(ministry, byMail="rule")
    proof = asked(newcomer)
    right = code()
    for _ in range(5):
        wrong = str((int(right) + 1) % 10**8).zfill(8)
        assert newcomer.call("mail/confirm", {"proof": proof, "code": wrong}).status_code == 422
    assert newcomer.call("mail/confirm", {"proof": proof, "code": right}).status_code == 422
    assert newcomer.call("mail/request", {"proof": proof} | NAMES).status_code == 422


def test_codes_grow_old_and_are_not_sent_without_end(ministry: Ministry, newcomer: Newcomer) -> None:
    allow(ministry, byMail="rule")
    proof = asked(newcomer)
    right = code()
    MailProof.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert newcomer.call("mail/confirm", {"proof": proof, "code": right}).status_code == 422
    for _ in range(5):
        asked(newcomer)
    assert letters() == 3


def test_a_network_that_asks_too_often_waits(ministry: Ministry, newcomer: Newcomer) -> None:
    answers = [newcomer.call("mail", {"address": f"a{n}@old.go.test"}) for n in range(70)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1


@pytest.mark.parametrize(
    "domain", ["gmail.com", "go.test", "evil.example", "x y", "", "a.go.test.evil.example"]
)
def test_an_address_anybody_gets_proves_nothing(ministry: Ministry, domain: str) -> None:
    body = {"byMail": "rule", "proofDomains": [domain], "version": 0}
    assert ministry.call("PUT", ministry.path(ministry.key, "/joining-rule"), body).status_code == 422


def test_a_domain_proves_one_agency(ministry: Ministry, elsewhere: Ministry) -> None:
    allow(ministry, byMail="rule")
    body = {"byMail": "rule", "proofDomains": ["old.go.test"], "version": 0}
    assert elsewhere.call("PUT", elsewhere.path(elsewhere.key, "/joining-rule"), body).status_code == 422
    stale = ministry.call("PUT", ministry.path(ministry.key, "/joining-rule"), body | {"version": 9})
    assert stale.status_code == 412


def take(ministry: Ministry, table: str | bytes) -> Any:
    content = table.encode() if isinstance(table, str) else table
    return ministry.call("PUT", ministry.path(ministry.key, "/personnel-list"), raw=content)


def on_list(newcomer: Newcomer, **more: Any) -> Any:
    known = {"lastDigits": CITIZEN[-5:], "givenTh": "มานี", "familyTh": "มีนา", "birthYear": 2520}
    return newcomer.call("list/request", known | more)


def test_who_is_on_the_list_is_in(ministry: Ministry, newcomer: Newcomer) -> None:
    allow(ministry, byList="rule")
    assert take(ministry, LIST + ROW).json() == {"entries": 1, "problems": [], "moreProblems": 0}
    made = on_list(newcomer, birthYear=1977)
    assert (made.status_code, made.json()["state"]) == (201, "open"), made.content
    shown = newcomer.call("welcome", {"link": made.json()["link"]}).json()
    assert (shown["agencyTh"], shown["givenEn"], shown["title"]) == ("กองคลัง", "Manee", "นาง")
    choice = {"link": made.json()["link"], "address": shown["offers"][0], "password": PASSWORD}
    assert newcomer.call("enter", choice).status_code == 200
    assert on_list(Newcomer()).status_code == 404
    assert ministry.call("GET", ministry.path(ministry.key, "/personnel-list")).json() == {
        "entries": 1,
        "joined": 1,
    }


def test_citizen_numbers_are_not_kept(ministry: Ministry) -> None:
    take(ministry, LIST + ROW)
    stored = db.row("select row_to_json(e)::text from personnel_rosterentry e")
    assert stored is not None
    assert CITIZEN not in stored[0]
    assert CITIZEN[-5:] not in stored[0].replace(str(RosterEntry.objects.get().pk), "")


@pytest.mark.parametrize(
    "wrong", [{"lastDigits": "00000"}, {"birthYear": 2521}, {"familyTh": "มีนาคม"}, {"givenTh": "ก" * 100}]
)
def test_what_does_not_match_looks_alike(
    ministry: Ministry, newcomer: Newcomer, wrong: dict[str, Any]
) -> None:
    allow(ministry, byList="rule")
    take(ministry, LIST + ROW)
    assert on_list(newcomer, **wrong).content == on_list(newcomer, givenTh="ไม่มี").content


def test_a_closed_list_lets_nobody_in(ministry: Ministry, newcomer: Newcomer) -> None:
    take(ministry, LIST + ROW)
    assert on_list(newcomer).status_code == 404


def test_guesses_about_one_person_are_slowed(ministry: Ministry) -> None:
    allow(ministry, byList="rule")
    take(ministry, LIST + ROW)
    answers = [on_list(Newcomer(), lastDigits=f"{n:05}").status_code for n in range(12)]
    assert answers[:8] == [404] * 8
    assert answers[-1] == 429
    assert on_list(Newcomer()).status_code == 429
    other = Newcomer().call(
        "list/request", {"lastDigits": "00000", "givenTh": "คน", "familyTh": "อื่น", "birthYear": 2520}
    )
    assert other.status_code == 404


def test_asking_again_replaces_the_earlier_link(ministry: Ministry, newcomer: Newcomer) -> None:
    allow(ministry, byList="administrator")
    take(ministry, LIST + ROW)
    first, second = on_list(newcomer).json(), on_list(newcomer).json()
    assert newcomer.call("welcome", {"link": first["link"]}).status_code == 404
    assert newcomer.call("welcome", {"link": second["link"]}).status_code == 200
    assert Enrolment.objects.filter(state="waiting").count() == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "tis-620", "utf-16"])
def test_lists_come_as_spreadsheets_write_them(ministry: Ministry, encoding: str) -> None:
    assert take(ministry, (LIST + ROW).encode(encoding)).json()["entries"] == 1


def test_bad_rows_are_told_and_left_out(ministry: Ministry) -> None:
    table = (
        LIST + ROW + ROW + "123,นาง,ก,ข,,,2520,\n" + f"{CITIZEN},นาง,,,,,2520,\n"
        "3100200012341,นาย,ก,ข,,,0,\n1101700230708,นาย,ก,ข,,,2520,กองไม่มี\n"
    )
    found = take(ministry, table).json()
    assert found["entries"] == 1
    assert [(one["row"], one["code"]) for one in found["problems"]][:3] == [
        (3, "duplicate"), (4, "citizenId"), (5, "name"),
    ]  # fmt: skip
    assert all(one["th"] and one["en"] for one in found["problems"])


@pytest.mark.parametrize(
    "junk", [b"\0\1\2", b"PK\x03\x04junk", b"no,heading\n1,2\n", b"\xff\xfe\x00", "ชื่อ,ชื่อ\nก,ข\n".encode()]
)
def test_junk_leaves_the_list_as_it_was(ministry: Ministry, junk: bytes) -> None:
    take(ministry, LIST + ROW)
    assert take(ministry, junk).status_code == 422
    assert ministry.call("GET", ministry.path(ministry.key, "/personnel-list")).json()["entries"] == 1


def test_closed_units_take_nobody(ministry: Ministry, newcomer: Newcomer) -> None:
    allow(ministry, byList="rule")
    take(ministry, LIST + ROW)
    directory.close_agency(ministry.unit)
    assert on_list(newcomer).status_code == 404
