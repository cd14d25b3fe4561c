"""A person with a mail to send, a scanner that says what it is told, and the pipeline without a worker."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection

from pirab.directory import queries as directory
from pirab.directory.types import Principal
from pirab.scanning import client
from pirab.scanning.errors import ScannerUnavailable
from pirab.scanning.types import Action, ScanEnvelope, Verdict
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import EmailRow, MailboxRole
from pirab.submission import actions, identity_actions, queries
from pirab.submission.types import Envelope, EnvelopeAddress, SubmissionRow
from tests.conftest import Member, letter
from tests.integration.submission.fake_postfix import FakePostfix, running

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass
class FakeScanner:
    """Stands where Rspamd is: answers `verdict`, or is away."""

    verdict: Verdict = field(
        default_factory=lambda: Verdict(
            Action.ACCEPT, headers_to_add=(("DKIM-Signature", "v=1; a=rsa-sha256;\r\n\tb=abc"),)
        )
    )
    is_away: bool = False
    asked: list[tuple[bytes, ScanEnvelope]] = field(default_factory=list)

    def scan(self, raw: bytes, envelope: ScanEnvelope) -> Verdict:
        self.asked.append((raw, envelope))
        if self.is_away:
            raise ScannerUnavailable("test")
        return self.verdict


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch) -> FakeScanner:
    """The scanner of every mail in this test."""
    fake = FakeScanner()
    monkeypatch.setattr(client, "scan", fake.scan)
    return fake


@dataclass(frozen=True)
class Desk:
    """Somebody at work: who they are and what they may write."""

    member: Member

    @property
    def principal(self) -> Principal:
        found = directory.principal(self.member.person_id)
        assert found is not None
        return found

    @property
    def identity_id(self) -> int:
        identity_actions.ensure_default_identities(self.member.account_id)
        return queries.identities(self.member.account_id)[0].id

    def write(self, to: str, *, raw: bytes | None = None) -> EmailRow:
        """A mail in Sent, as the client leaves it before it hands it in."""
        account = self.member.account_id
        content = raw or letter(sender=self.member.email, to=to)
        sent = stored.mailbox_with_role(account, MailboxRole.SENT)
        return store.create_email(account, store.ensure_message(content), [sent.id], {"$seen"}, NOON)

    def submit(
        self, email: EmailRow, recipients: list[str] | None = None, **parameters: str | None
    ) -> SubmissionRow:
        """Hand it in; with `recipients`, under an envelope of its own."""
        envelope = None
        if recipients is not None or parameters:
            envelope = Envelope(
                EnvelopeAddress(self.member.email, dict(parameters)),
                tuple(EnvelopeAddress(each) for each in recipients or ["a@example.test"]),
            )
        return actions.create_submission(
            self.principal, self.member.account_id, self.identity_id, email.id, envelope
        )

    def submission(self, submission_id: int) -> SubmissionRow:
        (row,) = queries.submissions(self.member.account_id, [submission_id])
        return row


@pytest.fixture
def desk(member: Member) -> Desk:
    """The person whose mail goes out."""
    return Desk(member)


def inbox(account_id: int) -> list[bytes]:
    """The messages in the inbox of an account, as bytes, oldest first."""
    return _mailbox(account_id, MailboxRole.INBOX)


def junk(account_id: int) -> list[bytes]:
    return _mailbox(account_id, MailboxRole.JUNK)


def _mailbox(account_id: int, role: MailboxRole) -> list[bytes]:
    wanted = stored.mailbox_with_role(account_id, role).id
    views = stored.email_views(account_id, stored.all_email_ids(account_id, 1000))
    chosen = sorted(
        (view for view in views if wanted in view.email.mailbox_ids), key=lambda view: view.email.id
    )
    return [stored.message_bytes(view.digest) for view in chosen]


MakeMember = Callable[..., Member]


@pytest.fixture
def postfix(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePostfix]:
    """The re-injection port, played by a server that the test scripts."""
    with running(FakePostfix()) as script:
        environment = settings.ENVIRONMENT
        ports = dataclasses.replace(environment.ports, reinject=script.port)
        monkeypatch.setattr(settings, "ENVIRONMENT", dataclasses.replace(environment, ports=ports))
        yield script


@pytest.fixture
def leave_nothing(transactional_db: None) -> Iterator[None]:
    """Django's flush does not know of tables that it did not make."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "truncate submission_report, submission_recipient, submission_submission, submission_identity,"
            " procrastinate_jobs, procrastinate_workers cascade"
        )
