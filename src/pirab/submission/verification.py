"""Checks of submission's tables for `./pirab verify`, and their mends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from pirab.core import clock, db
from pirab.store.verification.registry import Checks
from pirab.store.verification.types import Finding


class SubmissionCode(StrEnum):
    """What can be wrong with mail on its way out."""

    RECIPIENT_STRAY = "recipient-of-nothing"
    """A recipient, or a report, of a submission that is gone."""
    WITHOUT_MESSAGE = "queued-without-message"
    """Mail that is to leave and whose bytes are gone. Only a backup can mend it."""
    FORGOTTEN = "queued-and-forgotten"
    """Mail that is to leave and that nobody will look at."""
    KEPT = "sent-and-still-kept"
    """Mail that has left and keeps its bytes from being collected."""


_QUESTIONS: Final = {
    SubmissionCode.RECIPIENT_STRAY: """
        select distinct r.account_id, r.submission_id
          from (select account_id, submission_id from submission_recipient where account_id = any(%s::bigint[])
                union all
                select account_id, submission_id from submission_report where account_id = any(%s::bigint[])) r
         where not exists (select from submission_submission s
                            where s.account_id = r.account_id and s.id = r.submission_id)
    """,
    SubmissionCode.WITHOUT_MESSAGE: """
        select s.account_id, s.id from submission_submission s
         where s.account_id = any(%s::bigint[]) and s.phase <> 'done'
           and not exists (select from blob_blob b where b.digest = s.source_digest)
    """,
    SubmissionCode.FORGOTTEN: """
        select account_id, id from submission_submission
         where account_id = any(%s::bigint[]) and phase <> 'done' and next_attempt_at is null
    """,
    SubmissionCode.KEPT: """
        select account_id, id from submission_submission
         where account_id = any(%s::bigint[]) and phase = 'done'
           and (next_attempt_at is not null or source_digest is not null or outbound_digest is not null)
    """,
}


def queue(accounts: Sequence[int]) -> Iterator[Finding]:
    """Everything on its way out is whole and will be looked at; what has left holds nothing."""
    for code, sql in _QUESTIONS.items():
        for account_id, submission_id in db.rows(sql, (list(accounts),) * sql.count("%s")):
            yield Finding(code, account_id, submission_id)


def _drop_strays(finding: Finding) -> None:
    for table in ("submission_recipient", "submission_report"):
        db.execute(
            f"""
            delete from {table} r where r.account_id = %(account)s and r.submission_id = %(id)s
               and not exists (select from submission_submission s
                                where s.account_id = %(account)s and s.id = %(id)s)
            """,  # noqa: S608 - names of our own
            {"account": finding.account_id, "id": finding.object_id},
        )


def _look_now(finding: Finding) -> None:
    """The sweep finds it late and leaves a job."""
    db.execute(
        """
        update submission_submission set next_attempt_at = greatest(send_at, %s)
         where account_id = %s and id = %s and phase <> 'done' and next_attempt_at is null
        """,
        (clock.now(), finding.account_id, finding.object_id),
    )


def _let_go(finding: Finding) -> None:
    db.execute(
        """
        update submission_submission set next_attempt_at = null, source_digest = null, outbound_digest = null
         where account_id = %s and id = %s and phase = 'done'
        """,
        (finding.account_id, finding.object_id),
    )


CHECKS: Final = Checks(
    of_accounts=(queue,),
    mends={
        SubmissionCode.RECIPIENT_STRAY: _drop_strays,
        SubmissionCode.FORGOTTEN: _look_now,
        SubmissionCode.KEPT: _let_go,
    },
)
