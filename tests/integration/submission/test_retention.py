"""How long the bytes of a mail are kept for its delivery: as long as it takes, and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from pirab.blob import gc
from pirab.blob import queries as blobs
from pirab.blob.errors import BlobMissing
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import Removal
from pirab.submission import outbound, records
from pirab.submission.types import Delivered
from tests.conftest import Member
from tests.integration.submission.conftest import Desk, FakeScanner, inbox
from tests.integration.submission.fake_postfix import FakePostfix

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("leave_nothing")]


def collect_garbage() -> None:
    """As if nobody had touched anything for two hours."""
    store.collect_messages(timedelta(0))
    with connection.cursor() as cursor:
        cursor.execute("update blob_blob set touched_at = touched_at - interval '2 hours'")
    gc.collect(timedelta(hours=1))


def test_a_mail_destroyed_before_its_hour_still_leaves(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    email = desk.write(stranger.email)
    digest = stored.email_views(desk.member.account_id, [email.id])[0].digest
    row = desk.submit(email, [stranger.email, "nobody@moi.go.test"], HOLDFOR="3600")
    store.destroy_emails(desk.member.account_id, [email.id], Removal.FOR_GOOD)
    collect_garbage()
    with connection.cursor() as cursor:
        cursor.execute("update submission_submission set send_at = now()")
    outbound.process(desk.member.account_id, row.id)
    status = desk.submission(row.id).delivery_status
    assert status[stranger.email].delivered is Delivered.YES
    assert len(inbox(stranger.account_id)) == 1
    assert len(inbox(desk.member.account_id)) == 1  # the report, though there is no mail left to mark
    collect_garbage()
    with pytest.raises(BlobMissing):
        blobs.stat(digest)


def test_what_is_done_holds_no_blob(desk: Desk, scanner: FakeScanner, postfix: FakePostfix) -> None:
    row = desk.submit(desk.write("far@example.test"))
    outbound.process(desk.member.account_id, row.id)
    found = records.load(desk.member.account_id, row.id)
    assert found is not None
    assert (found.source_digest, found.outbound_digest) == (None, None)
