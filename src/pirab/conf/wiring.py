"""Where siblings meet: what one service wants to hear of from another, said in the one place that knows both."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from pirab.approvals import acts
from pirab.conf.domain_acts import change_domain
from pirab.conf.group_courier import GroupCourier
from pirab.conf.notices import into_mailbox
from pirab.console import verification as console
from pirab.contacts import correspondents, links
from pirab.delivery.hooks import register_report_handler
from pirab.delivery.types import ArrivedReport
from pirab.directory import actions as directory
from pirab.directory.finding.hooks import register_correspondents
from pirab.directory.hooks import (
    register_entry_listener,
    register_joining,
    register_leaving,
    register_unit_listener,
)
from pirab.directory.types import AdminRight, DutyKind
from pirab.domainaudit.hooks import register_notice as register_domain_notice
from pirab.filtering import sorting, vacation
from pirab.filtering import verification as filtering
from pirab.groups.hooks import register_courier
from pirab.push import verification as push
from pirab.signin.hooks import register_notice
from pirab.store.actions import join_account, leave_account
from pirab.store.arrivals import register_listener, register_sorter
from pirab.store.verification import registry as verification
from pirab.submission import verification as submission
from pirab.submission.hooks import register_sent_listener
from pirab.submission.reports import take_report
from pirab.submission.returned_receipts import take_receipts
from pirab.transfer import verification as transfer


def connect() -> None:
    """Tie the services together; called once a process, when Django is ready. Repeating it changes nothing."""
    register_report_handler(tell_submission)
    register_listener(vacation.consider)
    register_listener(take_receipts)
    register_joining(join_account)
    register_leaving(leave_account)
    register_sorter(sorting.sort)
    for name, checks in CHECKS.items():
        verification.register(name, checks)
    acts.register(acts.Act("appoint", AdminRight.GOVERN, appoint))
    acts.register(acts.Act("domain", AdminRight.MANAGE, change_domain))
    register_notice(into_mailbox)
    register_domain_notice(into_mailbox)
    register_courier(GroupCourier())
    register_sent_listener(correspondents.count)
    register_correspondents(correspondents.weights_of)
    register_entry_listener(links.entries_changed)
    register_unit_listener(links.unit_changed)


CHECKS: Final = {
    "provisioning": console.CHECKS,
    "filtering": filtering.CHECKS,
    "submission": submission.CHECKS,
    "transfer": transfer.CHECKS,
    "push": push.CHECKS,
}
"""What `./pirab verify` looks at beside the store."""


def tell_submission(report: ArrivedReport) -> None:
    """A delivery report has come in: it may be about mail that left from here."""
    take_report(report.content, report.digest, report.account_ids, report.received_at)


def appoint(details: dict[str, Any], agreed_by: int) -> None:
    """Somebody agreed that a person shall have a duty."""
    expires = details["expires"]
    directory.appoint(
        details["person"],
        details["agency"],
        DutyKind(details["kind"]),
        by=agreed_by,
        expires_at=None if expires is None else datetime.fromisoformat(expires),
    )
