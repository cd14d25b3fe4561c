"""The rules applied to mail that is there already: by a job, in steps that commit, and taken back the same way.

A run files and marks; it neither sends letters on nor answers them. What it did to each email is kept until the next
run, so that it can be undone, except for emails somebody has moved since. One run an account at a time.

In a shared account `$seen` and stars are those of the person who applies the rules (ADR 0011): it is an act of theirs
on mail that colleagues have still to read. What is common (places, labels) is changed for all, as by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from pirab.blob.errors import BlobMissing
from pirab.core import clock, db, jobs
from pirab.filtering.engine import Folders, Letter, Outcome, RunError, Surroundings, run_scripts
from pirab.filtering.errors import NothingToUndo, RunUnderWay
from pirab.filtering.rule_script import script_of
from pirab.filtering.rules import SINGLETON, rules_of
from pirab.filtering.scripts import check_script
from pirab.filtering.sorting import NOT_JUNK, SEEN, folders_of
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.errors import MailboxNotFound
from pirab.store.types import (
    ChangeKind,
    EmailPatch,
    EmailQuery,
    EmailRow,
    FilterCondition,
    MailboxRole,
    ObjectType,
)
from pirab.wire.sieve import Script

RUN_TASK: Final = "filtering.run"
STEP: Final = 50
"""Emails of one transaction."""
MOST_EMAILS: Final = 100_000
"""Emails one run looks at, the newest ones."""


class RunState(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class RunRow(msgspec.Struct, frozen=True):
    """The latest run of an account: `done` of `total` emails seen, `changed` of them changed or still to be undone."""

    mailbox_id: int
    state: RunState
    total: int
    done: int
    changed: int
    started_at: datetime


def latest_run(account_id: int) -> RunRow | None:
    """The latest run, or None."""
    found = db.row(
        """
        select mailbox_id, state, cardinality(email_ids), done, changed, started_at
          from filtering_run where account_id = %s
        """,
        (account_id,),
    )
    return None if found is None else RunRow(found[0], RunState(found[1]), *found[2:])


def start_run(account_id: int, mailbox_id: int, *, viewer: int | None = None) -> None:
    """Have the rules, as they are now, applied to the emails of a mailbox. Raises `MailboxNotFound`, `RunUnderWay`.

    `viewer` is the person whose own `$seen` and `$flagged` are set; None: those of the account itself.
    """
    if mailbox_id not in {row.id for row in stored.mailboxes(account_id)}:
        raise MailboxNotFound(str(mailbox_id))
    query = EmailQuery(filter=FilterCondition(in_mailbox=mailbox_id), limit=MOST_EMAILS)
    with db.transaction():
        store.log_change(account_id, ObjectType.SIEVE, SINGLETON, ChangeKind.UPDATED)
        _refuse_second(account_id)
        ids = stored.query_emails(account_id, query).ids
        run_id: int = db.scalar("select store_new_id()")
        db.execute("delete from filtering_runchange where account_id = %s", (account_id,))
        db.execute(
            """
            insert into filtering_run
                   (account_id, id, mailbox_id, state, content, email_ids, done, changed, started_at, person_id)
            values (%(account)s, %(id)s, %(mailbox)s, 'running', %(content)s, %(emails)s::bigint[], 0, 0, %(now)s,
                    %(viewer)s)
            on conflict (account_id) do update
               set (id, mailbox_id, state, content, email_ids, done, changed, started_at, person_id) =
                   (excluded.id, excluded.mailbox_id, 'running', excluded.content, excluded.email_ids, 0, 0,
                    excluded.started_at, excluded.person_id)
            """,
            {
                "account": account_id,
                "id": run_id,
                "mailbox": mailbox_id,
                "content": script_of(rules_of(account_id)),
                "emails": ids,
                "now": clock.now(),
                "viewer": viewer,
            },
        )
        jobs.defer(RUN_TASK, account_id=account_id, run_id=run_id, lock=f"filtering.run.{account_id}")


def undo_run(account_id: int) -> None:
    """Have the latest run taken back. Raises `RunUnderWay`, `NothingToUndo`."""
    with db.transaction():
        store.log_change(account_id, ObjectType.SIEVE, SINGLETON, ChangeKind.UPDATED)
        _refuse_second(account_id)
        run_id = db.scalar(
            "update filtering_run set state = 'undoing' where account_id = %s and state = 'done' returning id",
            (account_id,),
        )
        if run_id is None:
            raise NothingToUndo()
        jobs.defer(RUN_TASK, account_id=account_id, run_id=run_id, lock=f"filtering.run.{account_id}")


def work_on(account_id: int, run_id: int) -> None:
    """Go on with a run until it is at its end; harmless to repeat, and to end in the middle."""
    while True:
        with db.transaction():
            found = db.row(
                """
                select state, person_id, mailbox_id, content, email_ids[done + 1 : done + %s] from filtering_run
                 where account_id = %s and id = %s for update
                """,
                (STEP, account_id, run_id),
            )
            if found is None or found[0] in (RunState.DONE, RunState.UNDONE):
                return
            if found[0] == RunState.RUNNING:
                is_over = _apply_step(account_id, *found[1:])
                ended = RunState.DONE
            else:
                is_over = _undo_step(account_id, found[1])
                ended = RunState.UNDONE
            if is_over:
                store.log_change(account_id, ObjectType.SIEVE, SINGLETON, ChangeKind.UPDATED)
                db.execute("update filtering_run set state = %s where account_id = %s", (ended, account_id))


def _refuse_second(account_id: int) -> None:
    found = latest_run(account_id)
    if found is not None and found.state in (RunState.RUNNING, RunState.UNDOING):
        raise RunUnderWay()


def _apply_step(
    account_id: int, viewer: int | None, mailbox_id: int, content: str, email_ids: Sequence[int]
) -> bool:
    if not email_ids:
        return True
    step = _Step(account_id, viewer, mailbox_id, check_script(content.encode()))
    patches = step.patches(email_ids)
    done = store.update_emails(account_id, patches, viewer=viewer).done
    for email_id in sorted(done):
        row, patch = step.rows[email_id], patches[email_id]
        db.execute(
            """
            insert into filtering_runchange (account_id, email_id, before, after, keywords)
            values (%s, %s, %s::bigint[], %s::bigint[], %s::text[]) on conflict do nothing
            """,
            (
                account_id,
                email_id,
                sorted(row.mailbox_ids),
                sorted(patch.set_mailboxes or row.mailbox_ids),
                sorted(patch.add_keywords),
            ),
        )
    db.execute(
        "update filtering_run set done = done + %s, changed = changed + %s where account_id = %s",
        (len(email_ids), len(done), account_id),
    )
    return False


def _undo_step(account_id: int, viewer: int | None) -> bool:
    found = db.rows(
        """
        select email_id, before, after, keywords
          from filtering_runchange where account_id = %s order by email_id limit %s
        """,
        (account_id, STEP),
    )
    if not found:
        return True
    ids = [row[0] for row in found]
    rows = {row.id: sorted(row.mailbox_ids) for row in stored.email_rows(account_id, ids)}
    patches = {
        email_id: EmailPatch(set_mailboxes=frozenset(before), remove_keywords=frozenset(keywords))
        for email_id, before, after, keywords in found
        if rows.get(email_id) == after  # else somebody has moved it since: that counts more
    }
    store.update_emails(account_id, patches, viewer=viewer)
    db.execute(
        "delete from filtering_runchange where account_id = %s and email_id = any(%s::bigint[])",
        (account_id, ids),
    )
    db.execute(
        "update filtering_run set changed = greatest(0, changed - %s) where account_id = %s",
        (len(ids), account_id),
    )
    return False


class _Step:
    """Some emails of one mailbox, and what the rules want with them."""

    def __init__(self, account_id: int, viewer: int | None, mailbox_id: int, script: Script) -> None:
        self._account_id = account_id
        self._viewer = viewer
        self._mailbox_id = mailbox_id
        self._script = script
        self._folders: Folders = folders_of(account_id)
        self.rows: dict[int, EmailRow] = {}

    def patches(self, email_ids: Sequence[int]) -> dict[int, EmailPatch]:
        """The changes of those emails that are still in the mailbox and that a rule changes."""
        patches: dict[int, EmailPatch] = {}
        for view in stored.email_views(self._account_id, email_ids, viewer=self._viewer):
            if self._mailbox_id not in view.email.mailbox_ids:
                continue
            outcome = self._outcome(view.digest, view.email.received_at)
            patch = None if outcome is None else self._patch(view.email, outcome)
            if patch is not None:
                self.rows[view.email.id] = view.email
                patches[view.email.id] = patch
        return patches

    def _outcome(self, digest: bytes, received_at: datetime) -> Outcome | None:
        """None for a letter the rules cannot be run on: it stays as it is."""
        try:
            letter = Letter(stored.message_bytes(digest), "")
            return run_scripts([self._script], letter, Surroundings("", received_at, self._folders))
        except (RunError, BlobMissing):
            return None

    def _patch(self, row: EmailRow, outcome: Outcome) -> EmailPatch | None:
        keywords, mailboxes = outcome.keywords, set(row.mailbox_ids)
        is_junk = self._mailbox_id == self._folders.by_use(MailboxRole.JUNK)
        if is_junk and NOT_JUNK not in keywords:
            return None
        if not outcome.is_kept or is_junk:
            mailboxes.discard(self._mailbox_id)
        mailboxes.update(outcome.mailbox_ids)
        if not outcome.is_kept and not outcome.mailbox_ids and not outcome.redirects:
            mailboxes, keywords = {self._role(MailboxRole.TRASH)}, keywords | {SEEN}
        if not mailboxes:
            mailboxes.add(self._role(MailboxRole.INBOX))
        if mailboxes == set(row.mailbox_ids) and keywords <= row.keywords:
            return None
        return EmailPatch(add_keywords=keywords - row.keywords, set_mailboxes=frozenset(mailboxes))

    def _role(self, role: MailboxRole) -> int:
        found = self._folders.by_use(role) or self._folders.by_use(MailboxRole.INBOX)
        assert found is not None, "an account always has an inbox"
        return found
