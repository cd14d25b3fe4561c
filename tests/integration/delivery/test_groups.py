"""A letter to a group: who may write, whom it reaches, and what waits for a manager."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from pirab.core import clock, db
from pirab.delivery.types import RecipientReply
from pirab.directory import actions as directory
from pirab.directory import queries as people
from pirab.directory.types import GroupFacts, GroupKind, MemberKind, PostingPolicy
from pirab.groups import moderation, queries, spreading
from pirab.groups.errors import LetterDecided, LetterNotFound
from pirab.lmtp.answers import Answers, Outside
from pirab.scanning.types import Action, Verdict
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import MailboxRole
from tests.conftest import Member, letter
from tests.integration.delivery.conftest import Scanner

Receive = Callable[..., list[RecipientReply]]
Make = Callable[..., Member]
TEAM = "team@moi.go.test"
PROVEN = Verdict(Action.ACCEPT, symbols=("DMARC_POLICY_ALLOW",))


class Team:
    """A group of two members and a manager who gets nothing."""

    def __init__(self, make_member: Make, posting: PostingPolicy) -> None:
        self.first, self.second, self.manager, self.outsider = (make_member() for _ in range(4))
        agency = people.person(self.first.person_id).agency_id
        assert agency is not None
        self.id = directory.create_group(
            agency, TEAM, GroupFacts(GroupKind.PEOPLE, "คณะทำงาน", posting=posting)
        )
        for one in (self.first, self.second):
            directory.add_member(self.id, MemberKind.PERSON, one.person_id)
        directory.add_member(self.id, MemberKind.PERSON, self.manager.person_id, receives=False, manages=True)

    def received(self) -> list[int]:
        return [inbox(one) for one in (self.first, self.second, self.manager)]


@pytest.fixture
def team(make_member: Make, request: pytest.FixtureRequest) -> Team:
    return Team(make_member, getattr(request, "param", PostingPolicy.OPEN))


def inbox(member: Member) -> int:
    box = stored.mailbox_with_role(member.account_id, MailboxRole.INBOX)
    assert box is not None
    return box.total_emails


def code(replies: list[RecipientReply]) -> tuple[int, str]:
    (reply,) = replies
    return reply.reply_code, reply.enhanced_status


def jobs(task: str) -> list[dict[str, object]]:
    found = db.rows("select args from procrastinate_jobs where task_name = %s order by id", (task,))
    return [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in found]


def test_each_member_gets_it_once_with_the_list_fields(receive: Receive, team: Team) -> None:
    raw = letter()
    assert code(receive(raw, TEAM)) == (250, "2.1.5")
    assert code(receive(raw, "Team+tag@moi.go.test")) == (250, "2.1.5")
    assert team.received() == [1, 1, 0]
    (email_id,) = stored.all_email_ids(team.first.account_id, 10)
    (view,) = stored.email_views(team.first.account_id, [email_id])
    content = stored.message_bytes(view.digest)
    assert content.startswith(b"List-Id: =?utf-8?")
    assert b"<team.moi.go.test>\r\nList-Post: <mailto:team@moi.go.test>\r\n" in content
    assert content.endswith(raw)
    again = content.partition(b"Return-Path")[0] + letter()
    assert code(receive(again, TEAM)) == (554, "5.4.6")


def test_a_member_written_to_as_well_and_somebody_unknown(receive: Receive, team: Team) -> None:
    replies = receive(letter(), TEAM, team.first.email, "nobody@moi.go.test")
    assert [reply.reply_code for reply in replies] == [250, 250, 550]
    assert inbox(team.second) == 1
    assert inbox(team.first) == 2  # one as a person, one with the fields of the group


@pytest.mark.parametrize(
    ("team", "writer", "vouched", "expected"),
    [
        (PostingPolicy.MEMBERS, "first", True, 250),
        (PostingPolicy.MEMBERS, "manager", True, 250),
        (PostingPolicy.MEMBERS, "first", False, 550),
        (PostingPolicy.MEMBERS, "outsider", True, 550),
        (PostingPolicy.ANNOUNCEMENT, "first", True, 550),
        (PostingPolicy.ANNOUNCEMENT, "manager", True, 250),
        (PostingPolicy.ANNOUNCEMENT, "manager", False, 550),
        (PostingPolicy.OPEN, "outsider", False, 250),
    ],
    indirect=["team"],
)
def test_who_may_write(
    receive: Receive, scanner: Scanner, team: Team, writer: str, *, vouched: bool, expected: int
) -> None:
    scanner.verdict = PROVEN if vouched else Verdict(Action.ACCEPT)
    replies = receive(letter(), TEAM, reverse_path=getattr(team, writer).email)
    assert replies[0].reply_code == expected
    assert sum(team.received()) == (2 if expected == 250 else 0)


def test_junk_goes_to_no_group_and_a_closed_one_takes_nothing(
    receive: Receive, scanner: Scanner, team: Team
) -> None:
    scanner.verdict = Verdict(Action.JUNK)
    assert code(receive(letter(), TEAM)) == (550, "5.7.1")
    scanner.verdict = Verdict(Action.ACCEPT)
    directory.close_group(team.id)
    assert code(receive(letter(), TEAM)) == (550, "5.2.1")
    assert team.received() == [0, 0, 0]


def test_reports_on_copies_are_for_managers(receive: Receive, team: Team) -> None:
    assert code(receive(letter(), TEAM, reverse_path="")) == (250, "2.1.5")
    assert team.received() == [0, 0, 1]


def test_members_outside_get_a_copy_each_that_is_kept_until_it_is_sent(receive: Receive, team: Team) -> None:
    for one in ("a@example.test", "b@example.test"):
        directory.add_member(team.id, MemberKind.ADDRESS, one)
    receive(letter(), TEAM)
    waiting = jobs(spreading.COPY_TASK)
    assert [(job["address"], job["reverse_path"]) for job in waiting] == [
        ("a@example.test", TEAM),
        ("b@example.test", TEAM),
    ]
    assert db.scalar("select count(*) from store_message_hold") == 2


def test_many_members_get_it_from_the_worker(
    receive: Receive, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "AT_ONCE", 1)
    receive(letter(), TEAM)
    (fanout,) = stored.open_fanouts()
    while store.run_chunk(fanout):
        pass
    assert team.received() == [1, 1, 0]


@pytest.mark.parametrize("team", [PostingPolicy.MODERATED], indirect=True)
def test_a_letter_waits_until_a_manager_lets_it_through(receive: Receive, team: Team) -> None:
    raw = letter("เรื่องด่วน")
    for _ in range(2):
        assert code(receive(raw, TEAM)) == (250, "2.1.5")
    assert team.received() == [0, 0, 0]
    (one,) = queries.waiting(team.id, 2**62, 10)
    assert (one.subject, one.writer, one.state) == ("เรื่องด่วน", "out@example.test", "waiting")
    assert queries.bytes_waiting(team.id, one.id).endswith(raw)
    assert jobs(moderation.ASK_TASK) == [{"letter_id": one.id}]
    with pytest.raises(LetterNotFound):
        moderation.release(one.id, team.id + 1, team.manager.person_id)
    moderation.release(one.id, team.id, team.manager.person_id)
    assert team.received() == [1, 1, 0]
    for decide in (moderation.release, moderation.refuse):
        with pytest.raises(LetterDecided):
            decide(one.id, team.id, team.manager.person_id)
    receive(raw, TEAM)
    assert team.received() == [1, 1, 0]


@pytest.mark.parametrize("team", [PostingPolicy.MODERATED], indirect=True)
def test_a_refused_or_forgotten_letter_goes_no_further_and_its_writer_is_told(
    receive: Receive, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(letter(), TEAM)
    receive(letter(), TEAM)
    second, first = queries.waiting(team.id, 2**62, 10)
    moderation.refuse(first.id, team.id, team.manager.person_id)
    later = clock.now() + moderation.WAITS_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert moderation.expire() == 1
    assert [one.state for one in queries.waiting(team.id, 2**62, 10)] == ["expired", "refused"]
    assert [job["letter_id"] for job in jobs(moderation.TELL_TASK)] == [first.id, second.id]
    assert team.received() == [0, 0, 0]
    assert db.scalar("select count(*) from store_message_hold") == 0
    assert db.scalar("select count(*) from store_orphan") == 2
    moderation.forget(later + timedelta(days=1))
    assert queries.waiting(team.id, 2**62, 10) == []


@pytest.mark.parametrize("team", [PostingPolicy.MODERATED], indirect=True)
def test_a_managers_letter_does_not_wait(receive: Receive, scanner: Scanner, team: Team) -> None:
    scanner.verdict = PROVEN
    receive(letter(), TEAM, reverse_path=team.manager.email)
    assert team.received() == [1, 1, 0]


def test_postfix_hears_that_a_group_takes_mail(team: Team, tmp_path: object) -> None:
    answers = Answers(tmp_path, Outside.OFF)  # type: ignore[arg-type]
    assert answers.recipient(TEAM).text == "group"
    directory.close_group(team.id)
    assert answers.recipient(TEAM) == answers.recipient("nobody@moi.go.test")
