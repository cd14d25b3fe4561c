"""Notifications that come back about letters of ours (rfc8098, rfc8621#7): shown beside the submission, and kept."""

from __future__ import annotations

import hashlib

import pytest

from pirab.conf import wiring
from pirab.core import clock, db
from pirab.store import actions as store
from pirab.store import arrivals
from pirab.store import queries as stored
from pirab.store.arrivals import Incoming, take_in
from pirab.store.errors import BlobNotFound
from pirab.store.types import MailboxRole, ObjectType
from pirab.submission import actions, outbound, returned_receipts
from pirab.submission.types import Displayed, Envelope, EnvelopeAddress, SubmissionRow
from tests.conftest import Member, letter
from tests.integration.submission.conftest import Desk, FakeScanner, inbox
from tests.integration.submission.fake_postfix import FakePostfix

pytestmark = pytest.mark.django_db

MESSAGE_ID = "asked-for-a-receipt@moi.go.test"


def mdn(
    *,
    about: str = MESSAGE_ID,
    final: str = "rfc822; a@example.test",
    original: str = "",
    said: str = "displayed",
    note: str = "",
) -> bytes:
    """A notification as others write it (rfc8098#3)."""
    first = f"Original-Recipient: {original}\r\n" if original else ""
    return (
        "From: a@example.test\r\nTo: someone\r\nSubject: Read\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\nRead. {note}\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Reporting-UA: other\r\n{first}Final-Recipient: {final}\r\nOriginal-Message-ID: <{about}>\r\n"
        f"Disposition: manual-action/MDN-sent-manually; {said}\r\n\r\n--b--\r\n"
    ).encode()


class Sent:
    """A letter that has left for two people outside."""

    def __init__(self, desk: Desk, message_id: str = MESSAGE_ID) -> None:
        self.member = desk.member
        self._desk = desk
        raw = letter(sender=desk.member.email, to="a@example.test", message_id=f"<{message_id}>")
        people = tuple(EnvelopeAddress(address) for address in ("a@example.test", "b@example.test"))
        self.id = actions.create_submission(
            desk.principal,
            desk.member.account_id,
            desk.identity_id,
            desk.write("", raw=raw).id,
            Envelope(EnvelopeAddress(desk.member.email), people),
        ).id

    @property
    def submission(self) -> SubmissionRow:
        return self._desk.submission(self.id)

    @property
    def displayed(self) -> list[Displayed]:
        return [status.displayed for status in self.submission.delivery_status.values()]

    def arrive(
        self, content: bytes, member: Member | None = None, role: MailboxRole = MailboxRole.INBOX
    ) -> None:
        holder = member or self.member
        message = store.ensure_message(content)
        with db.transaction():
            take_in(Incoming(message, content, "", role, clock.now(), {holder.account_id: holder.email}))


@pytest.fixture
def sent(desk: Desk, scanner: FakeScanner, postfix: FakePostfix) -> Sent:
    made = Sent(desk)
    outbound.process(desk.member.account_id, made.id)
    return made


def test_the_listener_is_connected_at_start() -> None:
    wiring.connect()
    assert returned_receipts.take_receipts in arrivals._listeners


def test_who_has_displayed_the_letter_is_shown_and_the_mail_stays(sent: Sent) -> None:
    before = stored.states(sent.member.account_id).of(ObjectType.SUBMISSION)
    sent.arrive(mdn())
    assert sent.displayed == [Displayed.YES, Displayed.UNKNOWN]
    assert sent.submission.mdn_digests == (hashlib.sha256(mdn()).digest(),)
    assert sent.submission.dsn_digests == ()
    assert stored.states(sent.member.account_id).of(ObjectType.SUBMISSION) > before
    assert inbox(sent.member.account_id) == [mdn()]
    sent.arrive(mdn())
    assert len(sent.submission.mdn_digests) == 1


def test_the_address_we_wrote_to_names_who_forwarded_their_mail(sent: Sent) -> None:
    sent.arrive(mdn(final="rfc822; elsewhere@example.net", original="rfc822;B@EXAMPLE.test"))
    assert sent.displayed == [Displayed.UNKNOWN, Displayed.YES]


@pytest.mark.parametrize("said", ["deleted", "dispatched", "processed"])
def test_what_was_not_displayed_is_not_called_so(sent: Sent, said: str) -> None:
    sent.arrive(mdn(said=said))
    assert sent.displayed == [Displayed.UNKNOWN] * 2
    assert len(sent.submission.mdn_digests) == 1


@pytest.mark.parametrize(
    "content",
    [
        mdn(about="another@moi.go.test"),
        mdn(about=""),
        mdn(about="x" * 20_000),
        mdn(said="burnt"),
        mdn().replace(b"multipart/report", b"multipart/mixed"),
        mdn()[:300],
        b"Content-Type: multipart/report",
        mdn().replace(b"Original-Message-ID", b"X-Was"),
    ],
    ids=["another", "none", "long", "unknown", "no report", "cut", "empty", "silent"],
)
def test_what_says_nothing_of_a_letter_of_ours_is_mail_like_any_other(sent: Sent, content: bytes) -> None:
    sent.arrive(content)
    assert (sent.displayed, sent.submission.mdn_digests) == ([Displayed.UNKNOWN] * 2, ())
    assert inbox(sent.member.account_id) == [content]


def test_junk_and_mail_of_others_change_nothing(sent: Sent, stranger: Member) -> None:
    sent.arrive(mdn(), role=MailboxRole.JUNK)
    sent.arrive(mdn(), stranger)
    assert (sent.displayed, sent.submission.mdn_digests) == ([Displayed.UNKNOWN] * 2, ())


def test_nobody_has_displayed_what_has_not_left(desk: Desk, scanner: FakeScanner) -> None:
    waiting = Sent(desk)
    waiting.arrive(mdn())
    assert waiting.displayed == [Displayed.UNKNOWN] * 2


def test_one_who_is_no_recipient_is_noted_and_nobody_marked(sent: Sent) -> None:
    sent.arrive(mdn(final="rfc822; stranger@example.net"))
    assert sent.displayed == [Displayed.UNKNOWN] * 2
    assert len(sent.submission.mdn_digests) == 1


def test_a_flood_ends_as_ordinary_mail(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returned_receipts, "RECEIPTS_PER_RECIPIENT", 1)
    for number in range(5):
        sent.arrive(mdn(note=str(number)))
    assert len(sent.submission.mdn_digests) == 2
    assert len(inbox(sent.member.account_id)) == 5


def test_its_blob_can_be_read_by_the_account_alone(sent: Sent, stranger: Member) -> None:
    sent.arrive(mdn())
    (digest,) = sent.submission.mdn_digests
    (email,) = stored.all_email_ids(sent.member.account_id, 10)[:1]
    store.destroy_emails(sent.member.account_id, [email])
    stored.access_blob(sent.member.account_id, digest, person=sent.member.person_id)
    with pytest.raises(BlobNotFound):
        stored.access_blob(stranger.account_id, digest, person=stranger.person_id)


def test_a_message_id_longer_than_an_index_entry(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    long = "x" * 9_000 + "@moi.go.test"
    made = Sent(desk, long)
    outbound.process(desk.member.account_id, made.id)
    made.arrive(mdn(about=long))
    assert made.submission.id == made.id
