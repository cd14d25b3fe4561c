"""What the worker does for exports."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from pirab.core import clock, jobs, log
from pirab.scanning.errors import ScannerUnavailable
from pirab.transfer import actions, imports, queries
from pirab.transfer.errors import ExportNotFound, ImportNotFound
from pirab.transfer.importing import import_some
from pirab.transfer.planning import plan_some
from pirab.transfer.types import ExportState, ImportState

TURN_SECONDS: Final = 10.0
"""After so long an export goes to the end of the queue."""

_log = log.get_logger(__name__)


@jobs.task(name=actions.PLAN_TASK)
def plan(account_id: int, export_id: int) -> None:
    """Go on with an export for one turn."""
    end = time.monotonic() + TURN_SECONDS
    while time.monotonic() < end:
        try:
            if plan_some(account_id, export_id) is ExportState.READY:
                return
        except ExportNotFound:
            return  # deleted meanwhile
    actions.ask_to_plan(account_id, export_id)


@jobs.task(name=imports.IMPORT_TASK)
def bring_in(account_id: int, import_id: int) -> None:
    """Go on with an import for one turn; while the scanner is down, later."""
    end = time.monotonic() + TURN_SECONDS
    try:
        if import_some(account_id, import_id, lambda: time.monotonic() > end) is ImportState.RUNNING:
            imports.ask_to_import(account_id, import_id)
    except ImportNotFound:
        return  # deleted meanwhile
    except ScannerUnavailable as error:
        _log.warning("import.waits", import_id=import_id, reason=type(error).__name__)
        imports.ask_to_import(account_id, import_id, at=clock.now() + timedelta(seconds=30))


@jobs.periodic(cron="* * * * *")
@jobs.task(name="transfer.resume", queueing_lock="transfer.resume")
def resume(timestamp: int) -> None:
    """Take up exports that nobody is working on: their worker died between two turns. `timestamp`: the tick."""
    for account_id, export_id in queries.unplanned():
        actions.ask_to_plan(account_id, export_id)
    for account_id, import_id in imports.running():
        imports.ask_to_import(account_id, import_id)


@jobs.periodic(cron="47 19 * * *")  # 02:47 in Bangkok
@jobs.task(name="transfer.forget", lock="transfer.forget")
def forget(timestamp: int) -> None:
    """Forget old exports. `timestamp`: the tick."""
    _log.info(
        "exports forgotten",
        tick=timestamp,
        exports=actions.forget_exports(),
        imports=imports.forget_imports(),
    )
