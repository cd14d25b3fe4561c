"""What applications above the store keep: broken on purpose, found, mended, and then sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import StrEnum
from itertools import chain

import pytest

from pirab.conf.wiring import CHECKS
from pirab.console.verification import ProvisioningCode
from pirab.core import clock, db
from pirab.filtering.rule_types import FilterRule, RuleActions
from pirab.filtering.rules import set_rules
from pirab.filtering.runs import RUN_TASK, RunState, latest_run, start_run, work_on
from pirab.filtering.scripts import activate, active_scripts, create_script
from pirab.filtering.verification import FilterCode
from pirab.push.models import Subscription
from pirab.push.verification import PushCode
from pirab.store import actions, queries
from pirab.store.types import Delivery, MailboxRole
from pirab.store.verification import Finding, repair, verify
from pirab.submission.verification import SubmissionCode
from pirab.transfer.planning import plan_some
from pirab.transfer.verification import TransferCode
from tests.conftest import Member, letter

pytestmark = pytest.mark.django_db

_SUBMISSION = """
    insert into submission_submission (account_id, id, identity_id, email_id, thread_id, message_key, source_digest,
                                       mail_from, secret, created_at, send_at, undo_status, phase, next_attempt_at)
    select {account}, {id}, 1, 1, 1, '', (select digest from blob_blob limit 1), '', '', now(), now(), %s, %s, %s
"""

BREAKS: dict[StrEnum, list[str]] = {
    FilterCode.RULES_DIFFER: ["update filtering_ruleset set content = 'discard;'"],
    FilterCode.SCRIPT_DIFFERS: ["update filtering_script set content = 'discard;'"],
    FilterCode.RUN_STUCK: ["delete from procrastinate_jobs", "update filtering_run set state = 'running'"],
    FilterCode.RUN_CHANGE_STRAY: ["insert into filtering_runchange values ({account}, 1, '{{}}', '{{}}', '{{}}')",
                                  "delete from filtering_run"],
    FilterCode.ANSWER_UNSENT: ["insert into filtering_answered values"
                               " ({account}, '\\x01', now() - interval '2 days', false)"],
    FilterCode.ANSWER_OLD: ["insert into filtering_answered values"
                            " ({account}, '\\x02', now() - interval '40 days', true)"],
    SubmissionCode.RECIPIENT_STRAY: [
        "insert into submission_recipient (account_id, submission_id, position, address, address_key, state,"
        " smtp_reply, last_event_at) values ({account}, 4711, 0, 'a@x', 'a@x', 'queued', '', now())",
        "insert into submission_report (account_id, submission_id, digest, received_at, kind)"
        " values ({account}, 4712, '\\x00', now(), 'dsn')",
    ],
    SubmissionCode.FORGOTTEN: ["update submission_submission set next_attempt_at = null where phase = 'waiting'"],
    SubmissionCode.KEPT: ["update submission_submission set source_digest = (select digest from blob_blob limit 1)"
                          " where phase = 'done'"],
    TransferCode.ITEM_STRAY: ["delete from transfer_export"],
    TransferCode.EXPORT_DIFFERS: ["update transfer_item set start = start + 1 where number = 1"],
    PushCode.AHEAD: ["update push_subscription set seen = '{{\"{account}\": 1000000}}'"],
    ProvisioningCode.QUOTA_DIFFERS: ["update store_account set quota_bytes = 1 where account_id = {account}"],
    ProvisioningCode.ACCOUNT_MISSING: [
        "insert into directory_account (id, name, kind, is_active) values (4711, 'x', 'personal', true)",
    ],
    ProvisioningCode.ROWS_STRAY: ["insert into filtering_redirected values (4711, '2026-01-01', 7)"],
}  # fmt: skip
BEYOND_MENDING = {SubmissionCode.WITHOUT_MESSAGE, ProvisioningCode.ACCOUNT_UNKNOWN}


@pytest.fixture
def busy(member: Member) -> Member:
    """Somebody with rules, a script, a run, an export, a subscription, mail on its way out and mail that has left."""
    account = member.account_id
    for subject in ("ก", "ข"):
        actions.deliver(actions.ensure_message(letter(subject)), [Delivery(account, clock.now())])
    set_rules(account, (FilterRule(name="ดาว", actions=RuleActions(star=True)),))
    activate(account, create_script(account, "x", b"keep;").id)
    start_run(account, queries.mailbox_with_role(account, MailboxRole.INBOX).id)
    work_on(account, db.scalar("select id from filtering_run"))
    export_id = db.scalar(
        "insert into transfer_export (account_id, format, created_at) values (%s, 'zip', now()) returning id",
        (account,),
    )
    while plan_some(account, export_id) == "planning":
        pass
    Subscription.objects.create(
        person_id=member.person_id,
        credential_kind="session",
        credential_mark=b"x",
        device_client_id="d",
        url="https://push.test/",
        code="c",
        is_verified=True,
        expires_at=clock.now() + timedelta(days=1),
        created_at=clock.now(),
    )
    waiting = _SUBMISSION.format(account=account, id=1)
    db.execute(waiting, ("pending", "waiting", clock.now()))
    db.execute(_SUBMISSION.format(account=account, id=2), ("final", "done", None))
    db.execute("update submission_submission set source_digest = null where phase = 'done'", ())
    return member


def found() -> set[StrEnum]:
    return {finding.code for finding in verify()}


def broken(member: Member, statements: list[str]) -> None:
    for statement in statements:
        db.execute(statement.format(account=member.account_id), ())


def test_nothing_is_wrong_with_somebody_busy(busy: Member) -> None:
    assert found() == set()


@pytest.mark.parametrize("code", BREAKS, ids=[code.value for code in BREAKS])
def test_what_is_broken_is_found_and_mended(busy: Member, code: StrEnum) -> None:
    broken(busy, BREAKS[code])
    assert code in found()
    assert all(done for _, done in repair(verify()))
    assert found() == set()


def test_every_code_is_broken_or_beyond_mending() -> None:
    codes = (FilterCode, SubmissionCode, TransferCode, PushCode, ProvisioningCode)
    assert set(BREAKS) | BEYOND_MENDING == set(chain.from_iterable(codes))
    mended = {code for checks in CHECKS.values() for code in checks.mends}
    assert mended == set(BREAKS)


def test_what_needs_a_backup_is_told_and_left_alone(busy: Member) -> None:
    actions.open_account(4711, 1000)
    db.execute("update submission_submission set source_digest = '\\x00' where phase = 'waiting'", ())
    told = [(finding.code, done) for finding, done in repair(verify())]
    assert sorted(told) == sorted((code, False) for code in BEYOND_MENDING)
    assert found() == BEYOND_MENDING


def test_what_runs_is_what_was_meant_again(busy: Member) -> None:
    right = active_scripts([busy.account_id])
    broken(busy, BREAKS[FilterCode.RULES_DIFFER] + BREAKS[FilterCode.SCRIPT_DIFFERS])
    assert active_scripts([busy.account_id]) != right
    list(repair(verify()))
    assert active_scripts([busy.account_id]) == right


def test_a_script_whose_blob_is_gone_keeps_what_has_run(busy: Member) -> None:
    db.execute("update filtering_script set digest = '\\x00'", ())
    list(repair(verify()))
    assert db.scalar("select content from filtering_script") == "keep;"
    assert found() == set()


def test_a_run_that_nobody_works_on_is_taken_up_and_ends(busy: Member) -> None:
    broken(busy, BREAKS[FilterCode.RUN_STUCK])
    list(repair(verify()))
    run_id = db.scalar(
        "select (args ->> 'run_id')::bigint from procrastinate_jobs where task_name = %s", (RUN_TASK,)
    )
    work_on(busy.account_id, run_id)
    run = latest_run(busy.account_id)
    assert run is not None
    assert run.state is RunState.DONE


def test_repair_gathers_nothing(make_member: Callable[[], Member]) -> None:
    """The first finding is mended before the second is looked for in another chunk."""
    accounts = [make_member().account_id for _ in range(3)]
    db.execute("update store_account set used_bytes = 7 where account_id = any(%s)", (accounts,))
    pulled: list[int] = []

    def slowly() -> Iterator[Finding]:
        for finding in verify():
            pulled.append(finding.object_id)
            yield finding

    mending = repair(slowly())
    next(mending)
    assert pulled == accounts[:1]
    assert queries.usage(accounts[0]).used_bytes == 0
    assert len(list(mending)) == 2
