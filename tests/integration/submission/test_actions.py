"""Handing in, calling back, forgetting: what is allowed to whom, and what is refused in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from pirab.core import clock
from pirab.directory import actions as directory
from pirab.directory.errors import AccountNotFound
from pirab.directory.types import Role
from pirab.store import queries as stored
from pirab.store.types import ObjectType
from pirab.submission import actions, errors, queries
from pirab.submission.types import Delivered, Envelope, EnvelopeAddress, UndoStatus
from tests.conftest import Member, letter
from tests.integration.submission.conftest import Desk, MakeMember

pytestmark = pytest.mark.django_db


def test_a_submission_and_its_job_are_made_together(desk: Desk) -> None:
    email = desk.write("a@example.test, b@example.test")
    before = stored.states(desk.member.account_id).of(ObjectType.SUBMISSION)
    row = desk.submit(email)
    assert row.undo_status is UndoStatus.PENDING
    assert [address.email for address in row.envelope.rcpt_to] == ["a@example.test", "b@example.test"]
    assert {status.delivered for status in row.delivery_status.values()} == {Delivered.QUEUED}
    assert (row.email_id, row.thread_id) == (email.id, email.thread_id)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name, job.scheduled_at) == ("submission.send", "submission", None)
    assert job.args == {"account_id": desk.member.account_id, "submission_id": row.id}
    changes = stored.changes(desk.member.account_id, ObjectType.SUBMISSION, before)
    assert changes.created == [row.id]


def test_a_hold_puts_off_the_job_and_shows_in_send_at(desk: Desk) -> None:
    row = desk.submit(desk.write("a@example.test"), HOLDFOR="600")
    job = ProcrastinateJob.objects.get()
    assert job.scheduled_at == row.send_at
    assert timedelta(seconds=590) < row.send_at - clock.now() <= timedelta(seconds=600)


def test_a_refused_submission_leaves_nothing_behind(desk: Desk) -> None:
    email = desk.write("a@example.test")
    with pytest.raises(errors.InvalidRecipients):
        desk.submit(email, ["good@example.test", "a@x.test\r\nDATA"])
    assert queries.all_submission_ids(desk.member.account_id, 10) == []
    assert ProcrastinateJob.objects.count() == 0


def test_somebody_elses_account_is_not_found(desk: Desk, stranger: Member) -> None:
    email = desk.write("a@example.test")
    thief = Desk(stranger).principal
    with pytest.raises(AccountNotFound):
        actions.create_submission(thief, desk.member.account_id, desk.identity_id, email.id, None)


def test_somebody_elses_mail_and_identity_name_nothing(desk: Desk, stranger: Member) -> None:
    theirs = Desk(stranger)
    email, foreign = desk.write("a@example.test"), theirs.write("a@example.test")
    with pytest.raises(errors.InvalidProperties) as caught:
        actions.create_submission(desk.principal, desk.member.account_id, desk.identity_id, foreign.id, None)
    assert caught.value.properties == ("emailId",)
    with pytest.raises(errors.InvalidProperties) as caught:
        actions.create_submission(desk.principal, desk.member.account_id, theirs.identity_id, email.id, None)
    assert caught.value.properties == ("identityId",)


def test_a_reader_of_a_shared_account_may_not_send(desk: Desk, make_member: MakeMember) -> None:
    reader = make_member()
    directory.grant(reader.person_id, desk.member.account_id, Role.READER)
    email = desk.write("a@example.test")
    with pytest.raises(errors.ForbiddenToSend):
        actions.create_submission(
            Desk(reader).principal, desk.member.account_id, desk.identity_id, email.id, None
        )


@pytest.mark.parametrize("sender", ["minister@mof.go.test", "nobody@moi.go.test", "someone@example.test"])
def test_a_from_that_is_not_ours_is_forbidden(desk: Desk, stranger: Member, sender: str) -> None:
    email = desk.write("", raw=letter(sender=sender, to="a@example.test"))
    with pytest.raises(errors.ForbiddenFrom):
        desk.submit(email)


def test_an_envelope_sender_that_is_not_ours_is_forbidden(desk: Desk, stranger: Member) -> None:
    email = desk.write("a@example.test")
    for sender in (stranger.email, "x@example.test", "", "no address", f"{desk.member.email}\r\n"):
        envelope = Envelope(EnvelopeAddress(sender), (EnvelopeAddress("a@example.test"),))
        with pytest.raises(errors.ForbiddenMailFrom):
            actions.create_submission(
                desk.principal, desk.member.account_id, desk.identity_id, email.id, envelope
            )


def test_a_mail_without_from_is_invalid(desk: Desk) -> None:
    email = desk.write("", raw=b"To: a@example.test\r\nSubject: x\r\n\r\nbody\r\n")
    with pytest.raises(errors.InvalidEmail) as caught:
        desk.submit(email)
    assert "from" in caught.value.properties


def test_a_mail_that_grows_over_the_limit_on_its_way_is_too_large(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = desk.write("a@example.test")
    monkeypatch.setattr(actions, "TRACE_ROOM", settings.ENVIRONMENT.message_size_limit - email.size + 1)
    with pytest.raises(errors.TooLarge) as caught:
        desk.submit(email)
    assert caught.value.extra == {"maxSize": email.size - 1}


def test_canceling_stops_a_pending_submission_and_may_be_repeated(desk: Desk) -> None:
    row = desk.submit(desk.write("a@example.test"), HOLDFOR="600")
    for _ in range(2):
        actions.cancel(desk.member.account_id, row.id)
        after = desk.submission(row.id)
        assert after.undo_status is UndoStatus.CANCELED
        assert {status.delivered for status in after.delivery_status.values()} == {Delivered.NO}


def test_a_destroyed_submission_is_gone_for_clients(desk: Desk) -> None:
    row = desk.submit(desk.write("a@example.test"), HOLDFOR="600")
    actions.destroy_submission(desk.member.account_id, row.id)
    assert queries.submissions(desk.member.account_id, [row.id]) == []
    for act in (actions.cancel, actions.destroy_submission):
        with pytest.raises(errors.SubmissionNotFound):
            act(desk.member.account_id, row.id)


def test_another_accounts_submission_is_not_found(desk: Desk, stranger: Member) -> None:
    row = desk.submit(desk.write("a@example.test"), HOLDFOR="600")
    for act in (actions.cancel, actions.destroy_submission):
        with pytest.raises(errors.SubmissionNotFound):
            act(stranger.account_id, row.id)
    assert desk.submission(row.id).undo_status is UndoStatus.PENDING
