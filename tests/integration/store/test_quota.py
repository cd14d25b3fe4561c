"""How much accounts may hold: by person, by agency, and what happens when they are full."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection

from pirab.core import clock, db
from pirab.delivery import quota_notice
from pirab.directory import actions as directory
from pirab.directory.errors import AccountNotFound, AgencyNotFound
from pirab.personnel import provisioning
from pirab.scanning.errors import ScannerUnavailable
from pirab.scanning.types import Action, Verdict
from pirab.store import actions as store
from pirab.store import queries
from pirab.store.actions import uploads
from pirab.store.errors import BlobNotFound, UploadsFull
from pirab.store.queries.quota import quota_crossings
from pirab.store.quota_levels import warned_level
from pirab.store.types import Delivery, DeliveryStatus, EmailQuery
from tests.conftest import Member, letter

GIGA = 10**9


def limit(account_id: int) -> int:
    return queries.usage(account_id).quota_bytes


@pytest.mark.django_db
def test_an_account_follows_the_nearest_agency_that_says_something() -> None:
    ministry = directory.ensure_agency("Ministry Q", "กระทรวง")
    office = directory.ensure_agency("Office Q", "สำนักงาน", parent_id=ministry)
    division = directory.ensure_agency("Division Q", "กอง", parent_id=office)
    directory.ensure_domain("quota.go.test", ministry)
    opened = [
        provisioning.open_personal_account(f"q{agency}@quota.go.test", "ก", agency_id=agency).account_id
        for agency in (ministry, office, division)
    ]
    own = provisioning.open_personal_account(
        "own@quota.go.test", "ข", agency_id=division, quota_bytes=7
    ).account_id
    default = settings.ENVIRONMENT.quota_default
    assert [limit(each) for each in (*opened, own)] == [default] * 3 + [7]
    assert provisioning.set_agency_quota(ministry, 5 * GIGA) == 3
    assert provisioning.set_agency_quota(office, 2 * GIGA) == 2
    assert [limit(each) for each in (*opened, own)] == [5 * GIGA, 2 * GIGA, 2 * GIGA, 7]
    assert provisioning.set_agency_quota(ministry, GIGA) == 1
    provisioning.set_quota(own, None)
    assert [limit(each) for each in (*opened, own)] == [GIGA, 2 * GIGA, 2 * GIGA, 2 * GIGA]
    assert provisioning.set_agency_quota(office, None) == 3
    assert [limit(each) for each in (*opened, own)] == [GIGA] * 4
    provisioning.set_quota(opened[0], 0)
    assert provisioning.set_agency_quota(ministry, None) == 3
    assert [limit(each) for each in (*opened, own)] == [0, default, default, default]


@pytest.mark.django_db
def test_nobody_and_nothing_have_no_quota() -> None:
    with pytest.raises(AgencyNotFound):
        provisioning.set_agency_quota(2**40, 1)
    with pytest.raises(AccountNotFound):
        provisioning.set_quota(2**40, 1)


def test_a_warning_is_said_once_a_crossing() -> None:
    warned = 0
    seen = []
    for used in (10, 79, 80, 90, 79, 80, 76, 80, 74, 81, 95, 99, 91, 96, 89, 95, 10):
        now = warned_level(used, 100, warned)
        if now > warned:
            seen.append((used, now))
        warned = now
    assert seen == [(80, 80), (81, 80), (95, 95), (95, 95)]
    assert warned_level(0, 0, 0) == 95


@pytest.mark.django_db
def test_the_letter_reaches_even_a_full_account_once(
    make_member: Callable[..., Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_member(quota_bytes=1_000_000).account_id
    monkeypatch.setattr(quota_notice, "scan", lambda *_: Verdict(Action.ACCEPT))
    assert [each for each in quota_crossings(100) if each.account_id == account] == []
    store.deliver(store.ensure_message(letter()), [Delivery(account, clock.now())])
    provisioning.set_quota(account, 100)
    [crossing] = [each for each in quota_crossings(100) if each.account_id == account]
    assert (crossing.warned, crossing.level) == (0, 95)
    quota_notice.warn(crossing)
    quota_notice.warn(crossing)
    newest = queries.email_views(account, queries.query_emails(account, EmailQuery()).ids)[0]
    assert "full" in (newest.envelope.subject or "")
    assert queries.usage(account).email_count == 2
    assert [each for each in quota_crossings(100) if each.account_id == account] == []
    provisioning.set_quota(account, GIGA)
    [back] = [each for each in quota_crossings(100) if each.account_id == account]
    quota_notice.warn(back)
    assert queries.usage(account).email_count == 2


@pytest.mark.django_db
def test_without_a_scanner_nobody_is_warned_yet(
    make_member: Callable[..., Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> Verdict:
        raise ScannerUnavailable("away")

    account = make_member(quota_bytes=0).account_id
    monkeypatch.setattr(quota_notice, "scan", away)
    [crossing] = [each for each in quota_crossings(100) if each.account_id == account]
    with pytest.raises(ScannerUnavailable):
        quota_notice.warn(crossing)
    assert crossing in quota_crossings(100)


@pytest.mark.django_db(transaction=True)
def test_deliveries_racing_for_the_last_kilobyte(make_member: Callable[..., Member]) -> None:
    messages = [store.ensure_message(letter(body="x" * 500)) for _ in range(8)]
    largest = max(message.size for message in messages)
    account = make_member(quota_bytes=3 * largest).account_id
    outcomes: list[DeliveryStatus] = []

    def put(index: int) -> None:
        try:
            [outcome] = store.deliver(messages[index], [Delivery(account, clock.now())])
            outcomes.append(outcome.status)
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    usage = queries.usage(account)
    assert sorted(outcomes, key=str) == [DeliveryStatus.OVER_QUOTA] * 5 + [DeliveryStatus.STORED] * 3
    assert usage.email_count == 3
    assert usage.used_bytes <= usage.quota_bytes


@pytest.mark.django_db
def test_uploads_have_a_room_of_their_own(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "UPLOAD_ROOM", 100)
    account = member.account_id
    store.record_upload(account, b"a" * 32, 60, "text/plain", person=member.person_id)
    store.record_upload(account, b"a" * 32, 60, "text/plain", person=member.person_id)
    store.record_upload(account, b"b" * 32, 40, "text/plain", person=member.person_id)
    with pytest.raises(UploadsFull):
        store.record_upload(account, b"c" * 32, 1, "text/plain", person=member.person_id)
    db.execute(
        "update store_upload set created_at = created_at - interval '2 hours' where account_id = %s and size = 60",
        (account,),
    )
    store.record_upload(account, b"c" * 32, 50, "text/plain", person=member.person_id)
    left = {
        bytes(row[0]) for row in db.rows("select digest from store_upload where account_id = %s", (account,))
    }
    assert left == {b"b" * 32, b"c" * 32}
    with pytest.raises(UploadsFull):
        store.record_upload(account, b"d" * 32, 101, "text/plain", person=member.person_id)


@pytest.mark.django_db
def test_an_operator_sets_it(make_member: Callable[..., Member]) -> None:
    from django.core.management import CommandError, call_command

    member = make_member()
    call_command("pirab_quota", address=member.email, size="2GB")
    assert limit(member.account_id) == 2 * GIGA
    call_command("pirab_quota", address=member.email, size="inherit")
    agency = directory.ensure_agency("moi.go.test", "")
    call_command("pirab_quota", agency=agency, size="500MB")
    assert limit(member.account_id) == 500_000_000
    for wrong in ({"address": "nobody@moi.go.test"}, {"agency": 2**40, "size": "1"}, {"agency": agency}):
        with pytest.raises(CommandError):
            call_command("pirab_quota", **wrong)
    for size in ("lots", "-1", "1.5GB", "๓GB", "9" * 40):
        with pytest.raises(CommandError):
            call_command("pirab_quota", address=member.email, size=size)


@pytest.mark.django_db
def test_each_person_has_a_room_and_uploads_of_their_own(
    member: Member, stranger: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """rfc8620#6 asks for a quota for each user; #6.1 hides what nobody uses yet from everybody else."""
    monkeypatch.setattr(uploads, "UPLOAD_ROOM", 100)
    account, one, other = member.account_id, member.person_id, stranger.person_id
    for person in (one, other, other):
        store.record_upload(account, b"a" * 32, 60, "text/plain", person=person)
    store.record_upload(account, b"b" * 32, 40, "text/plain", person=one)
    queries.access_blob(account, b"b" * 32, person=one)
    with pytest.raises(BlobNotFound):
        queries.access_blob(account, b"b" * 32, person=other)
    db.execute("update store_upload set created_at = created_at - interval '2 hours'")
    store.record_upload(account, b"c" * 32, 50, "text/plain", person=one)
    queries.access_blob(account, b"a" * 32, person=other)
    with pytest.raises(BlobNotFound):
        queries.access_blob(account, b"a" * 32, person=one)


@pytest.mark.django_db
def test_an_upload_of_older_code_is_the_accounts(member: Member) -> None:
    db.execute(
        "insert into store_upload (account_id, digest, size, media_type, created_at) values (%s, %s, 1, '', now())",
        (member.account_id, b"a" * 32),
    )
    queries.access_blob(member.account_id, b"a" * 32, person=member.person_id)
    store.record_upload(member.account_id, b"a" * 32, 1, "text/plain", person=member.person_id)
    queries.access_blob(member.account_id, b"a" * 32, person=member.person_id)
