"""FilterRules/apply: the rules applied to mail that is there already."""

from __future__ import annotations

from pirab.core.ids import IdKind
from pirab.filtering.runs import start_run
from pirab.jmap.arguments import AccountArguments, Id
from pirab.jmap.capabilities import FILTERS
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import invalid_arguments
from pirab.jmap.filter_rules.rendering import render
from pirab.jmap.registry import MethodResult, method
from pirab.store.errors import MailboxNotFound


class ApplyArguments(AccountArguments, frozen=True, kw_only=True):
    """Whose mail is to be sorted again."""

    mailbox_id: Id


@method("FilterRules/apply", capability=FILTERS, arguments=ApplyArguments)
def handle(context: RequestContext, arguments: ApplyArguments) -> MethodResult:
    """Start a run; `run` tells how far it is, here and in FilterRules/get. `forbidden` while one is under way."""
    account = context.account(arguments.account_id, Right.WRITE)
    mailbox = context.key(IdKind.MAILBOX, arguments.mailbox_id)
    try:
        if mailbox is None:
            raise MailboxNotFound(arguments.mailbox_id)
        start_run(account, mailbox, viewer=context.viewer(account))
    except MailboxNotFound as error:
        raise invalid_arguments("There is no such mailbox.", "mailboxId") from error
    return MethodResult({"accountId": arguments.account_id, **render(account, ["run"])})
