"""Checks of filtering's tables for `./pirab verify`, and their mends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec

from pirab.blob import queries as blobs
from pirab.blob.actions import put as put_blob
from pirab.blob.errors import BlobCorrupt, BlobMissing
from pirab.core import clock, db, jobs
from pirab.filtering.correspondents import LONGEST_PERIOD
from pirab.filtering.rule_script import script_of
from pirab.filtering.rules import Ruleset
from pirab.filtering.runs import RUN_TASK
from pirab.store.verification.registry import Checks
from pirab.store.verification.types import Finding

UNDER_WAY: Final = timedelta(days=1)
"""For so long an answer may wait for the mail server; nobody tries longer than that."""


class FilterCode(StrEnum):
    """What can be wrong with filters."""

    RULES_DIFFER = "rules-differ-from-script"
    """The script that runs is not what the rules mean."""
    SCRIPT_DIFFERS = "script-differs-from-blob"
    """The script that runs is not the one that its owner can download."""
    RUN_STUCK = "rules-run-without-job"
    """Rules being applied by nobody; a second run is refused as long as this one stands."""
    RUN_CHANGE_STRAY = "rules-change-without-run"
    ANSWER_UNSENT = "answer-never-sent"
    """A correspondent is remembered as answered and was not."""
    ANSWER_OLD = "answer-remembered-too-long"


def rules(accounts: Sequence[int]) -> Iterator[Finding]:
    """The script of each account's rules is the one that the rules mean."""
    for account_id, given, content in db.rows(
        "select account_id, rules::text, content from filtering_ruleset where account_id = any(%s::bigint[])",
        (list(accounts),),
    ):
        if script_of(msgspec.json.decode(given, type=Ruleset)) != content:
            yield Finding(FilterCode.RULES_DIFFER, account_id, account_id)


def scripts(accounts: Sequence[int]) -> Iterator[Finding]:
    """What runs of each script is its blob."""
    for account_id, script_id, digest, content in db.rows(
        "select account_id, id, digest, content from filtering_script where account_id = any(%s::bigint[])",
        (list(accounts),),
    ):
        if hashlib.sha256(content.encode()).digest() != bytes(digest):
            yield Finding(FilterCode.SCRIPT_DIFFERS, account_id, script_id)


def runs(accounts: Sequence[int]) -> Iterator[Finding]:
    """A run under way has a job, and what is kept for undoing belongs to a run."""
    for code, account_id, object_id in db.rows(
        """
        select 1, r.account_id, r.id from filtering_run r
         where r.account_id = any(%(accounts)s::bigint[]) and r.state in ('running', 'undoing')
           and not exists (select from procrastinate_jobs j where j.task_name = %(task)s
                              and j.status in ('todo', 'doing') and (j.args ->> 'run_id')::bigint = r.id)
        union all
        select distinct 2, c.account_id, c.account_id from filtering_runchange c
         where c.account_id = any(%(accounts)s::bigint[])
           and not exists (select from filtering_run r where r.account_id = c.account_id)
        """,
        {"accounts": list(accounts), "task": RUN_TASK},
    ):
        kind = FilterCode.RUN_STUCK if code == 1 else FilterCode.RUN_CHANGE_STRAY
        yield Finding(kind, account_id, object_id)


def answers(accounts: Sequence[int]) -> Iterator[Finding]:
    """Who is remembered as answered was, and not longer ago than anything looks back."""
    now = clock.now()
    # a day more than the nightly forgetting needs
    params = {
        "accounts": list(accounts),
        "unsent": now - UNDER_WAY,
        "old": now - LONGEST_PERIOD - timedelta(days=2),
    }
    for is_old, account_id, many in db.rows(
        """
        select answered_at < %(old)s, account_id, count(*) from filtering_answered
         where account_id = any(%(accounts)s::bigint[])
           and (answered_at < %(old)s or (not is_sent and answered_at < %(unsent)s))
         group by 1, 2
        """,
        params,
    ):
        code = FilterCode.ANSWER_OLD if is_old else FilterCode.ANSWER_UNSENT
        yield Finding(code, account_id, account_id, f"{many} correspondents")


def _compile_rules(finding: Finding) -> None:
    found = db.row(
        "select rules::text from filtering_ruleset where account_id = %s for update", (finding.account_id,)
    )
    if found is not None:
        content = script_of(msgspec.json.decode(found[0], type=Ruleset))
        db.execute(
            "update filtering_ruleset set content = %s where account_id = %s", (content, finding.account_id)
        )


def _copy_blob(finding: Finding) -> None:
    """What its owner sees is what they want; where that is gone, what has run is all there is of it."""
    found = db.row(
        "select digest, content from filtering_script where account_id = %s and id = %s for update",
        (finding.account_id, finding.object_id),
    )
    if found is None:
        return
    try:
        digest, content = bytes(found[0]), blobs.get(bytes(found[0])).decode()
    except (BlobMissing, BlobCorrupt):
        digest, content = put_blob(found[1].encode()).digest, found[1]
    db.execute(
        "update filtering_script set digest = %s, content = %s where account_id = %s and id = %s",
        (digest, content, finding.account_id, finding.object_id),
    )


def _ask_again(finding: Finding) -> None:
    """A run is harmless to repeat and goes on where it is."""
    jobs.defer(
        RUN_TASK,
        account_id=finding.account_id,
        run_id=finding.object_id,
        lock=f"filtering.run.{finding.account_id}",
    )


def _drop_changes(finding: Finding) -> None:
    db.execute(
        """
        delete from filtering_runchange c where c.account_id = %(account)s
           and not exists (select from filtering_run r where r.account_id = %(account)s)
        """,
        {"account": finding.account_id},
    )


def _forget_unsent(finding: Finding) -> None:
    """They are answered when they write again."""
    db.execute(
        "delete from filtering_answered where account_id = %s and not is_sent and answered_at < %s",
        (finding.account_id, clock.now() - UNDER_WAY),
    )


def _forget_old(finding: Finding) -> None:
    db.execute(
        "delete from filtering_answered where account_id = %s and answered_at < %s",
        (finding.account_id, clock.now() - LONGEST_PERIOD),
    )


CHECKS: Final = Checks(
    of_accounts=(rules, scripts, runs, answers),
    mends={
        FilterCode.RULES_DIFFER: _compile_rules,
        FilterCode.SCRIPT_DIFFERS: _copy_blob,
        FilterCode.RUN_STUCK: _ask_again,
        FilterCode.RUN_CHANGE_STRAY: _drop_changes,
        FilterCode.ANSWER_UNSENT: _forget_unsent,
        FilterCode.ANSWER_OLD: _forget_old,
    },
    tables=(
        "filtering_vacation",
        "filtering_answered",
        "filtering_script",
        "filtering_ruleset",
        "filtering_trouble",
        "filtering_redirected",
        "filtering_run",
        "filtering_runchange",
    ),
)
