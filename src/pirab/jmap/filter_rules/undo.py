"""FilterRules/undo: the latest run taken back."""

from __future__ import annotations

from pirab.filtering.runs import undo_run
from pirab.jmap.arguments import AccountArguments
from pirab.jmap.capabilities import FILTERS
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.filter_rules.rendering import render
from pirab.jmap.registry import MethodResult, method


@method("FilterRules/undo", capability=FILTERS, arguments=AccountArguments)
def handle(context: RequestContext, arguments: AccountArguments) -> MethodResult:
    """Put back what the run moved and marked, but for emails moved since. `forbidden` without a run that is done."""
    account = context.account(arguments.account_id, Right.WRITE)
    undo_run(account)
    return MethodResult({"accountId": arguments.account_id, **render(account, ["run"])})
