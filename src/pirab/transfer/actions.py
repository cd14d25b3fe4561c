"""The only writers of exports."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from pirab.core import clock, db, jobs
from pirab.store import queries as store
from pirab.transfer.errors import ExportNotFound, TooManyExports
from pirab.transfer.types import Format

PLAN_TASK: Final = "transfer.plan"
MOST_EXPORTS: Final = 5
"""Exports of one account at a time."""
KEPT_FOR: Final = timedelta(days=3)


def begin_export(account_id: int, form: Format, mailbox_ids: Collection[int] | None) -> int:
    """Have an export prepared: of all mail, or of what is in these mailboxes; returns its id.

    Raises `TooManyExports`.
    """
    with db.transaction():
        db.scalar("select account_id from store_account where account_id = %s for update", (account_id,))
        if (
            db.scalar("select count(*) from transfer_export where account_id = %s", (account_id,))
            >= MOST_EXPORTS
        ):
            raise TooManyExports()
        boxes = None if mailbox_ids is None else sorted(mailbox_ids)
        made: int = db.scalar(
            """
            insert into transfer_export (account_id, format, mailbox_ids, total, created_at)
            values (%s, %s, %s::bigint[], %s, %s) returning id
            """,
            (account_id, form, boxes, store.count_of_emails(account_id, boxes), clock.now()),
        )
        ask_to_plan(account_id, made)
        return made


def ask_to_plan(account_id: int, export_id: int) -> None:
    """Have the worker go on with an export, unless that is asked for already."""
    name = f"{PLAN_TASK}.{export_id}"
    jobs.defer_once(PLAN_TASK, key=name, lock=name, account_id=account_id, export_id=export_id)


def delete_export(account_id: int, export_id: int) -> None:
    """Forget an export. Raises `ExportNotFound`."""
    with db.transaction():
        gone = db.execute(
            "delete from transfer_export where account_id = %s and id = %s", (account_id, export_id)
        )
        if not gone:
            raise ExportNotFound(str(export_id))
        db.execute(
            "delete from transfer_item where account_id = %s and export_id = %s", (account_id, export_id)
        )


def forget_exports() -> int:
    """Forget exports older than `KEPT_FOR`; returns how many."""
    old = db.rows(
        "select account_id, id from transfer_export where created_at < %s", (clock.now() - KEPT_FOR,)
    )
    for account_id, export_id in old:
        delete_export(account_id, export_id)
    return len(old)
