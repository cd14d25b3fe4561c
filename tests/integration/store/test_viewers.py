"""People on one shared account: what each sees agrees with a simple model, and nobody sees another's marks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pirab.core import clock, db
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.personnel.provisioning import open_shared_account
from pirab.store import actions, queries, tallies
from pirab.store.actions.deliver import MANY
from pirab.store.errors import InvalidProperties, MailboxNameTaken
from pirab.store.removed import RECOVERABLE_FOR
from pirab.store.types import (
    Comparator,
    Contents,
    Delivery,
    EmailPatch,
    EmailQuery,
    FilterCondition,
    MailboxDraft,
    MailboxPatch,
    MailboxRole,
    ObjectType,
    Removal,
)
from pirab.store.verification import verify
from tests.conftest import Member, letter

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)
START = datetime(2026, 11, 24, tzinfo=UTC)
PERSONAL = {"$seen", "$flagged"}


@pytest.fixture
def office(make_member: Callable[..., Member]) -> int:
    """An office's account without people."""
    make_member()
    return open_shared_account(f"office{next(_numbers)}@moi.go.test", "สารบรรณ", quota_bytes=10**9)


def received(account: int, **options: Any) -> int:
    message = actions.ensure_message(letter(**options))
    [outcome] = actions.deliver(message, [Delivery(account, clock.now())])
    assert outcome.email_id is not None
    return outcome.email_id


def mark(account: int, email: int, person: int | None, *keywords: str) -> None:
    patch = EmailPatch(add_keywords=frozenset(keywords))
    assert not actions.update_emails(account, {email: patch}, viewer=person).errors


def keywords(account: int, email: int, person: int | None) -> set[str]:
    [row] = queries.email_rows(account, [email], viewer=person)
    [view] = queries.email_views(account, [email], viewer=person)
    assert view.email == row
    return set(row.keywords)


def unread(account: int, person: int | None, role: MailboxRole = MailboxRole.INBOX) -> tuple[int, int]:
    boxes = {box.role: box for box in queries.mailboxes(account, viewer=person)}
    return boxes[role].unread_emails, boxes[role].unread_threads


def overlays(account: int) -> int:
    return int(db.scalar("select count(*) from store_viewer_email where account_id = %s", (account,)))


class _Office(RuleBasedStateMachine):
    """One account; `marks` holds each person's own keywords, `common` those of the team, `boxes` the membership."""

    def __init__(self, account: int, people: list[int]) -> None:
        super().__init__()
        self.account, self.waiting = account, people
        self.people: list[int] = []
        self.box_ids = [box.id for box in queries.mailboxes(account)][:2]
        self.marks: dict[int, dict[int, set[str]]] = {}
        self.system: dict[int, set[str]] = {}
        self.common: dict[int, set[str]] = {}
        self.boxes: dict[int, set[int]] = {}
        self.threads: dict[int, int] = {}
        self.roots: list[str] = []
        self.removed: dict[int, tuple[set[str], set[str], dict[int, set[str]]]] = {}
        self.join()

    @precondition(lambda self: self.waiting)
    @rule()
    def join(self) -> None:
        person = self.waiting.pop()
        actions.join_account(self.account, person)
        self.people.append(person)
        for email in self.common:
            self.marks[email][person] = (self.system[email] | {"$seen"}) & PERSONAL
        for _, system, marks in self.removed.values():
            marks[person] = (system | {"$seen"}) & PERSONAL

    @rule(
        answer=st.booleans(), given=st.sets(st.sampled_from(("$seen", "งาน", "custom", "$draft", "$flagged")))
    )
    def deliver(self, answer: bool, given: set[str]) -> None:
        given = {word for word in given if word.isascii()}
        name = f"<{next(_numbers)}@model>"
        raw = letter("one", message_id=name, references=self.roots[0] if answer and self.roots else "")
        self.roots.append(name)
        delivery = Delivery(self.account, clock.now(), keywords=frozenset(given))
        [outcome] = actions.deliver(actions.ensure_message(raw), [delivery])
        assert outcome.email_id
        self._came(outcome.email_id, given, None)

    @rule(who=st.integers(0, 9), given=st.sets(st.sampled_from(("$seen", "custom", "$draft", "$flagged"))))
    def put(self, who: int, given: set[str]) -> None:
        person = self.people[who % len(self.people)]
        message = actions.ensure_message(letter("two", references=self.roots[0] if self.roots else ""))
        made = actions.create_email(
            self.account, message, self.box_ids, given, START + timedelta(minutes=who), viewer=person
        )
        assert set(made.keywords) == given
        self._came(made.id, given, person)

    def _came(self, email: int, given: set[str], person: int | None) -> None:
        [row] = queries.email_rows(self.account, [email])
        self.common[email] = given - PERSONAL
        self.system[email] = set() if person else given & PERSONAL
        self.marks[email] = {each: set(self.system[email]) for each in self.people}
        if person:
            self.marks[email][person] = given & PERSONAL
        self.boxes[email], self.threads[email] = set(row.mailbox_ids), row.thread_id

    @precondition(lambda self: self.common)
    @rule(
        place=st.integers(0, 99),
        who=st.integers(0, 9),
        word=st.sampled_from(("$seen", "$flagged", "$draft", "custom")),
        way=st.sampled_from(("add", "remove", "replace")),
    )
    def flag(self, place: int, who: int, word: str, way: str) -> None:
        email, person = self._pick(place), self.people[who % len(self.people)]
        present = self.common[email] | self.marks[email][person]
        wanted = {"add": present | {word}, "remove": present - {word}, "replace": {word}}[way]
        if way == "add":
            patch = EmailPatch(add_keywords=frozenset({word}))
        elif way == "remove":
            patch = EmailPatch(remove_keywords=frozenset({word}))
        else:
            patch = EmailPatch(set_keywords=frozenset({word}))
        result = actions.update_emails(self.account, {email: patch}, viewer=person)
        assert result.done == {email}
        assert (result.old_state == result.new_state) == (wanted == present)
        self.common[email] = wanted - PERSONAL
        self.marks[email][person] = wanted & PERSONAL

    @precondition(lambda self: self.common)
    @rule(place=st.integers(0, 99), who=st.integers(0, 9), boxes=st.sets(st.integers(0, 1), min_size=1))
    def move(self, place: int, who: int, boxes: set[int]) -> None:
        email, person = self._pick(place), self.people[who % len(self.people)]
        self.boxes[email] = {self.box_ids[box] for box in boxes}
        patch = EmailPatch(set_mailboxes=frozenset(self.boxes[email]))
        assert actions.update_emails(self.account, {email: patch}, viewer=person).done

    @precondition(lambda self: self.common)
    @rule(place=st.integers(0, 99))
    def destroy(self, place: int) -> None:
        email = self._pick(place)
        assert actions.destroy_emails(self.account, [email]).done
        self.removed[email] = self.common[email], self.system[email], self.marks[email]
        for known in (self.common, self.marks, self.system, self.boxes, self.threads):
            del known[email]

    @precondition(lambda self: self.removed)
    @rule(place=st.integers(0, 99), comes_back=st.sampled_from((True, True, True, False)))
    def end_of_removed(self, place: int, comes_back: bool) -> None:
        old = sorted(self.removed)[place % len(self.removed)]
        for person in self.people:
            [mail] = queries.removed_emails(self.account, [old], viewer=person)
            assert set(mail.keywords) == self.removed[old][0] | self.removed[old][2][person]
        common, system, marks = self.removed.pop(old)
        if not comes_back:
            assert actions.erase_removed(self.account, [old]) == {old}
            return
        row = actions.restore_email(self.account, old).row
        self.common[row.id], self.system[row.id], self.marks[row.id] = common, system, marks
        self.boxes[row.id], self.threads[row.id] = set(row.mailbox_ids), row.thread_id

    def _pick(self, place: int) -> int:
        return sorted(self.common)[place % len(self.common)]

    @invariant()
    def everybody_sees_their_own(self) -> None:
        for person in self.people:
            found = queries.email_rows(self.account, list(self.common), viewer=person)
            assert {row.id: set(row.keywords) for row in found} == {
                email: self.common[email] | self.marks[email][person] for email in self.common
            }
            for box in queries.mailboxes(self.account, viewer=person):
                held = [email for email in self.common if box.id in self.boxes[email]]
                new = [
                    each
                    for each in held
                    if "$seen" not in self.marks[each][person] and "$draft" not in self.common[each]
                ]
                assert (box.total_emails, box.unread_emails) == (len(held), len(new))
                assert box.unread_threads == len({self.threads[each] for each in new})

    @invariant()
    def filters_look_at_ones_own(self) -> None:
        for person in self.people:
            for word in ("$seen", "$flagged"):
                having = {each for each in self.common if word in self.marks[each][person]}
                threads = {self.threads[each] for each in having}
                without = {self.threads[each] for each in self.common.keys() - having}
                some = {each for each in self.common if self.threads[each] in threads}
                every = {each for each in self.common if self.threads[each] not in without}
                assert self._found(person, has_keyword=word) == having
                assert self._found(person, not_keyword=word) == self.common.keys() - having
                assert self._found(person, some_in_thread_have_keyword=word) == some
                assert self._found(person, none_in_thread_have_keyword=word) == self.common.keys() - some
                assert self._found(person, all_in_thread_have_keyword=word) == every
                sort = (Comparator("hasKeyword", False, word),)
                ids = queries.query_emails(self.account, EmailQuery(sort=sort), viewer=person).ids
                assert set(ids[: len(having)]) == having

    def _found(self, person: int, **condition: str) -> set[int]:
        query = EmailQuery(filter=FilterCondition(**condition))  # type: ignore[arg-type]
        return set(queries.query_emails(self.account, query, viewer=person).ids)

    @invariant()
    def nothing_is_wrong_or_left_over(self) -> None:
        assert queries.wrong_counters(self.account) == []
        left = db.rows("select email_id from store_viewer_email where account_id = %s", (self.account,))
        assert {email for (email,) in left} <= self.common.keys() | self.removed.keys()


def test_everybody_sees_what_the_model_says(
    make_member: Callable[..., Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_member()
    monkeypatch.setattr(tallies, "LONG", 3)  # so that some threads are

    class FreshOffice(_Office):
        def __init__(self) -> None:
            number = next(_numbers)
            address = f"model{number}@moi.go.test"
            account = open_shared_account(address, "สารบรรณ", quota_bytes=10**9)
            super().__init__(account, [10**6 + number, 2 * 10**6 + number, 3 * 10**6 + number])

    run_state_machine_as_test(
        FreshOffice,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_letter_costs_no_row_a_member_until_somebody_says_otherwise(office: int) -> None:
    for person in range(1, 6):
        actions.join_account(office, person)
    email = received(office)
    assert overlays(office) == 0
    mark(office, email, 1, "$seen", "$flagged")
    assert overlays(office) == 1
    actions.update_emails(office, {email: EmailPatch(set_keywords=frozenset())}, viewer=1)
    assert overlays(office) == 0
    assert [unread(office, person) for person in (1, 2, None)] == [(1, 1)] * 3


def test_who_joins_later_has_nothing_unread_but_what_comes_then(office: int) -> None:
    for _ in range(3):
        received(office)
    actions.join_account(office, 1)
    actions.join_account(office, 1)
    assert unread(office, 1) == (0, 0)
    fresh = received(office)
    assert unread(office, 1) == (1, 1)
    assert keywords(office, fresh, 1) == set()
    assert unread(office, None) == (4, 4)
    assert queries.wrong_counters(office) == []


def test_who_was_never_told_of_joining_begins_with_the_common_flags(office: int) -> None:
    first, second = received(office), received(office)
    assert unread(office, 7) == (2, 2)
    mark(office, first, 7, "$seen")
    assert unread(office, 7) == (1, 1)
    assert (keywords(office, first, 7), keywords(office, second, 7)) == ({"$seen"}, set())
    assert unread(office, None) == (2, 2)


def test_an_answer_makes_a_thread_unread_again_for_those_who_had_read_it(office: int) -> None:
    for person in (1, 2):
        actions.join_account(office, person)
    first = received(office, subject="one", message_id="<root@x>")
    mark(office, first, 1, "$seen")
    assert (unread(office, 1), unread(office, 2)) == ((0, 0), (1, 1))
    received(office, subject="Re: one", references="<root@x>")
    assert (unread(office, 1), unread(office, 2)) == ((1, 1), (2, 1))


def test_a_letter_to_many_counts_for_viewers_too(make_member: Callable[..., Member], office: int) -> None:
    for person in (1, 2):
        actions.join_account(office, person)
    many = [make_member().account_id for _ in range(MANY)]
    everybody = [Delivery(account, START) for account in (*many, office)]
    first = actions.ensure_message(letter("one", message_id="<circular@x>"))
    email = actions.deliver(first, everybody)[-1].email_id
    assert email
    mark(office, email, 1, "$seen")
    actions.deliver(actions.ensure_message(letter("Re: one", references="<circular@x>")), everybody)
    assert (unread(office, 1), unread(office, 2)) == ((1, 1), (2, 1))
    assert queries.wrong_counters(office) == []


def test_a_change_of_marks_is_in_the_log_of_emails_and_mailboxes(office: int) -> None:
    actions.join_account(office, 1)
    email = received(office)
    before = queries.states(office)
    mark(office, email, 1, "$seen")
    emails = queries.changes(office, ObjectType.EMAIL, before.of(ObjectType.EMAIL))
    boxes = queries.changes(office, ObjectType.MAILBOX, before.of(ObjectType.MAILBOX))
    assert emails.updated == [email]
    assert boxes.updated == [queries.mailbox_with_role(office, MailboxRole.INBOX).id]
    assert boxes.counts_only


def test_subscriptions_are_ones_own(office: int) -> None:
    box = actions.create_mailbox(office, MailboxDraft("งานด่วน", is_subscribed=False), viewer=1)
    wanted = [
        {row.id: row.is_subscribed for row in queries.mailboxes(office, viewer=who)}[box] for who in (1, 2)
    ]
    assert wanted == [False, True]
    actions.update_mailbox(office, box, MailboxPatch(is_subscribed=False, name="ด่วน"), viewer=2)
    actions.update_mailbox(office, box, MailboxPatch(is_subscribed=True), viewer=1)
    rows = {who: {row.id: row for row in queries.mailboxes(office, viewer=who)}[box] for who in (1, 2, None)}
    assert [row.is_subscribed for row in rows.values()] == [True, False, True]
    assert {row.name for row in rows.values()} == {"ด่วน"}
    actions.destroy_mailbox(office, box, Contents.REFUSE)
    assert db.row("select from store_viewer_mailbox where mailbox_id = %s", (box,)) is None


def test_destroying_a_mailbox_leaves_no_marks_behind(office: int) -> None:
    actions.join_account(office, 1)
    box = actions.create_mailbox(office, MailboxDraft("เก่า"))
    email = received(office)
    actions.update_emails(office, {email: EmailPatch(set_mailboxes=frozenset({box}))}, viewer=1)
    mark(office, email, 1, "$seen")
    actions.destroy_mailbox(office, box, Contents.REMOVE)
    actions.erase_removed(office, [email])
    assert overlays(office) == 0
    assert queries.wrong_counters(office) == []


def test_wrong_counters_of_a_viewer_are_found_and_mended(office: int) -> None:
    actions.join_account(office, 1)
    email = received(office)
    mark(office, email, 1, "$seen")
    inbox = queries.mailbox_with_role(office, MailboxRole.INBOX).id
    db.execute("update store_viewer_mailbox set unread_emails = 5 where account_id = %s", (office,))
    assert inbox in queries.wrong_counters(office)
    assert actions.repair_counters(office) > 0
    assert queries.wrong_counters(office) == []
    assert unread(office, 1) == (0, 0)


def test_granting_and_revoking_tell_the_store(office: int, member: Member) -> None:
    received(office)
    directory.grant(member.person_id, office, Role.READER)
    assert unread(office, member.person_id) == (0, 0)
    second = received(office)
    mark(office, second, member.person_id, "$flagged")
    directory.grant(member.person_id, office, Role.MEMBER)
    assert unread(office, member.person_id) == (1, 1)
    directory.revoke(member.person_id, office)
    directory.revoke(member.person_id, office)
    for table in ("store_viewer", "store_viewer_email", "store_viewer_mailbox"):
        assert db.row(f"select from {table} where account_id = %s", (office,)) is None


def test_a_personal_account_knows_no_viewers(member: Member) -> None:
    directory.grant(member.person_id, member.account_id, Role.OWNER)
    received(member.account_id)
    assert db.row("select from store_viewer where account_id = %s", (member.account_id,)) is None
    assert (
        db.scalar("select has_viewers from store_account where account_id = %s", (member.account_id,))
        is False
    )


def test_a_taken_name_has_an_error_of_its_own(office: int) -> None:
    actions.create_mailbox(office, MailboxDraft("ซ้ำ"))
    with pytest.raises(MailboxNameTaken) as refused:
        actions.create_mailbox(office, MailboxDraft("ซ้ำ"))
    assert isinstance(refused.value, InvalidProperties)
    assert refused.value.properties == ("name",)


def test_marks_go_when_removed_mail_goes(office: int, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.join_account(office, 1)
    for _ in range(3):
        mark(office, received(office), 1, "$seen")
    first, second, third = queries.all_email_ids(office, 10)
    actions.destroy_emails(office, [first], Removal.FOR_GOOD)
    actions.destroy_emails(office, [second, third])
    assert overlays(office) == 2
    actions.erase_removed(office, [second])
    assert overlays(office) == 1
    later = clock.now() + RECOVERABLE_FOR + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert actions.purge_removed() == 1
    assert overlays(office) == 0


def test_who_left_has_said_nothing_of_mail_that_comes_back(office: int) -> None:
    for person in (1, 2):
        actions.join_account(office, person)
    email = received(office)
    mark(office, email, 1, "$seen", "$flagged")
    mark(office, email, 2, "$flagged")
    actions.destroy_emails(office, [email])
    actions.leave_account(office, 1)
    row = actions.restore_email(office, email).row
    assert [keywords(office, row.id, person) for person in (1, 2)] == [set(), {"$flagged"}]
    assert overlays(office) == 1
    assert list(verify(account_id=office)) == []
