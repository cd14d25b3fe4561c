"""Where siblings meet: what one service wants to hear of from another, said in the one place that knows both."""

from __future__ import annotations

from pirab.delivery.hooks import register_report_handler
from pirab.delivery.types import ArrivedReport
from pirab.directory.hooks import register_joining, register_leaving
from pirab.filtering import sorting, vacation
from pirab.store.actions import join_account, leave_account
from pirab.store.arrivals import register_listener, register_sorter
from pirab.submission.reports import take_report
from pirab.submission.returned_receipts import take_receipts


def connect() -> None:
    """Tie the services together; called once a process, when Django is ready. Repeating it changes nothing."""
    register_report_handler(tell_submission)
    register_listener(vacation.consider)
    register_listener(take_receipts)
    register_joining(join_account)
    register_leaving(leave_account)
    register_sorter(sorting.sort)


def tell_submission(report: ArrivedReport) -> None:
    """A delivery report has come in: it may be about mail that left from here."""
    take_report(report.content, report.digest, report.account_ids, report.received_at)
