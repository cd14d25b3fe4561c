"""A reply for every correspondent, and never a second one."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from unittest import mock

import pytest

from pirab.core import clock, db
from pirab.filtering import tasks, vacation
from pirab.filtering.types import VacationResponse
from pirab.scanning import client
from pirab.scanning.errors import ScannerUnavailable
from pirab.scanning.types import Action, Verdict
from pirab.store import actions as store
from pirab.store.arrivals import Arrival
from pirab.store.types import Delivery, MailboxRole
from pirab.submission import automatic
from pirab.submission.automatic import Fate
from tests.conftest import Member

pytestmark = pytest.mark.django_db
SENDER = "malee@outside.test"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """What would have gone to Postfix; the scanners are content."""
    handed: list[tuple[str, bytes]] = []

    def take(outbound: bytes, forward_path: str) -> Fate:
        handed.append((forward_path, outbound))
        return Fate.SENT

    monkeypatch.setattr(automatic, "_outside", take)
    monkeypatch.setattr(client, "scan", lambda raw, envelope: Verdict(Action.ACCEPT))
    return handed


def letter_to(member: Member, subject: str = "ขอข้อมูล", more: str = "") -> bytes:
    name = f"{subject.encode().hex()}.{clock.now().timestamp()}"
    head = f"From: {SENDER}\r\nTo: {member.email}\r\nSubject: {subject}\r\nMessage-ID: <{name}@x>\r\n{more}"
    return f"{head}\r\nเรียน\r\n".encode()


def arrive(member: Member, raw: bytes, *, role: MailboxRole = MailboxRole.INBOX, path: str = SENDER) -> None:
    (outcome,) = store.deliver(store.ensure_message(raw), [Delivery(member.account_id, clock.now(), role)])
    assert outcome.email_id
    vacation.consider(Arrival(raw, path, role, clock.now(), {member.account_id: outcome.email_id}))


def jobs_waiting() -> list[dict[str, object]]:
    return [
        json.loads(args)
        for (args,) in db.rows(
            "select args::text from procrastinate_jobs where task_name = 'filtering.reply'"
        )
    ]


def work() -> None:
    for arguments in jobs_waiting():
        tasks.reply(**arguments)  # type: ignore[arg-type]


def go_away(member: Member, **more: object) -> None:
    response = VacationResponse(is_enabled=True, text_body="ลาพักผ่อน", **more)  # type: ignore[arg-type]
    vacation.set_vacation(member.account_id, response)


def test_the_reply_is_what_the_rfc_asks_for(member: Member, sent: list[tuple[str, bytes]]) -> None:
    go_away(member, html_body="<p>ลาพักผ่อน</p>")
    arrive(member, letter_to(member))
    work()
    ((forward_path, raw),) = sent
    reply = message_from_bytes(raw, policy=policy.SMTP)
    assert isinstance(reply, EmailMessage)
    assert (forward_path, reply["To"], reply["Auto-Submitted"]) == (SENDER, SENDER, "auto-replied")
    assert member.email in str(reply["From"])
    assert str(reply["Subject"]).endswith("ขอข้อมูล")
    assert str(reply["In-Reply-To"]) == str(reply["References"])
    body = reply.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "ลาพักผ่อน"
    assert reply.get_content_type() == "multipart/alternative"


def test_one_reply_a_correspondent_and_again_after_the_period(
    member: Member, sent: list[tuple[str, bytes]]
) -> None:
    go_away(member)
    for subject in ("หนึ่ง", "สอง"):
        arrive(member, letter_to(member, subject))
    arrive(member, letter_to(member, "สาม"), path=SENDER.upper())
    arrive(member, letter_to(member, "สี่"), path="other@outside.test")
    work()
    work()
    assert [path for path, _ in sent] == [SENDER, "other@outside.test"]
    db.execute("update filtering_answered set answered_at = answered_at - interval '8 days'", ())
    arrive(member, letter_to(member, "ห้า"))
    work()
    assert len(sent) == 3


def test_switching_on_anew_answers_anew(member: Member, sent: list[tuple[str, bytes]]) -> None:
    go_away(member)
    arrive(member, letter_to(member, "หนึ่ง"))
    work()
    vacation.set_vacation(member.account_id, VacationResponse())
    arrive(member, letter_to(member, "สอง"))
    go_away(member)
    arrive(member, letter_to(member, "สาม"))
    work()
    assert len(sent) == 2


@pytest.mark.parametrize("days", [(1, 2), (-2, -1)])
def test_outside_its_dates_it_is_silent(
    member: Member, sent: list[tuple[str, bytes]], days: tuple[int, int]
) -> None:
    start, end = (clock.now() + timedelta(days=each) for each in days)
    go_away(member, from_date=start, to_date=end)
    arrive(member, letter_to(member))
    work()
    assert sent == []


def test_junk_lists_and_null_paths_get_nothing(member: Member, sent: list[tuple[str, bytes]]) -> None:
    go_away(member)
    arrive(member, letter_to(member, "ก"), role=MailboxRole.JUNK)
    arrive(member, letter_to(member, "ข"), path="")
    arrive(member, letter_to(member, "ค", "List-Id: <news.x>\r\n"))
    arrive(member, letter_to(member, "ง", "Auto-Submitted: auto-replied\r\n"))
    assert jobs_waiting() == []


def test_who_came_back_meanwhile_answers_no_more(member: Member, sent: list[tuple[str, bytes]]) -> None:
    go_away(member)
    arrive(member, letter_to(member))
    vacation.set_vacation(member.account_id, VacationResponse())
    work()
    assert sent == []


def test_a_run_that_was_cut_off_is_not_repeated(member: Member, sent: list[tuple[str, bytes]]) -> None:
    go_away(member)
    arrive(member, letter_to(member))
    with (
        mock.patch.object(vacation, "send_automatic", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        work()
    work()
    assert sent == []


def test_what_was_held_up_is_tried_again(
    member: Member, sent: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    go_away(member)
    arrive(member, letter_to(member))
    with mock.patch.object(automatic, "_outside", return_value=Fate.LATER), pytest.raises(tasks.ReplyHeldUp):
        work()
    with (
        mock.patch.object(client, "scan", side_effect=ScannerUnavailable("away")),
        pytest.raises(ScannerUnavailable),
    ):
        work()
    work()
    assert len(sent) == 1


def test_two_who_are_away_end_their_talk(
    member: Member, stranger: Member, sent: list[tuple[str, bytes]]
) -> None:
    """A reply is automatic mail with a null path: it is stored, and nobody answers it."""
    go_away(member)
    go_away(stranger)
    raw = f"From: {stranger.email}\r\nTo: {member.email}\r\nMessage-ID: <a@b>\r\n\r\nx\r\n".encode()
    arrive(member, raw, path=stranger.email)
    work()
    assert len(jobs_waiting()) == 1
    assert (
        db.scalar("select email_count from store_account where account_id = %s", (stranger.account_id,)) == 1
    )


def test_forgetting(member: Member, sent: list[tuple[str, bytes]]) -> None:
    go_away(member)
    arrive(member, letter_to(member))
    assert vacation.forget_answered(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert vacation.forget_answered(clock.now() + timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_letters_at_the_same_moment_get_one_reply(member: Member, sent: list[tuple[str, bytes]]) -> None:
    go_away(member)
    letters = [letter_to(member, str(number)) for number in range(6)]

    def one(raw: bytes) -> None:
        from django.db import connection

        arrive(member, raw)
        connection.close()

    threads = [threading.Thread(target=one, args=(raw,)) for raw in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(jobs_waiting()) == 1
