"""Mailbox/set (rfc8621#2.5)."""

from __future__ import annotations

from pirab.core import db
from pirab.jmap.arguments import SetArguments, check_set_size
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.mailbox.setting import MailboxSetting
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.states import hold_state
from pirab.store import queries
from pirab.store.types import Contents, ObjectType


class MailboxSetArguments(SetArguments, frozen=True, kw_only=True):
    """The standard arguments and what becomes of the emails in a destroyed mailbox."""

    on_destroy_remove_emails: bool = False


@method("Mailbox/set", capability=MAIL, arguments=MailboxSetArguments)
def handle(context: RequestContext, arguments: MailboxSetArguments) -> MethodResult:
    """Create, update and destroy mailboxes in one transaction; each is accepted or refused on its own."""
    account = context.account(arguments.account_id, Right.MARK)
    check_set_size(arguments)
    contents = Contents.REMOVE if arguments.on_destroy_remove_emails else Contents.REFUSE
    with db.transaction():
        old_state = hold_state(account, ObjectType.MAILBOX, arguments.if_in_state)
        setting = MailboxSetting(context, account, contents)
        outcome = setting.run(arguments.create or {}, arguments.update or {}, arguments.destroy or [])
        new_state = queries.states(account).of(ObjectType.MAILBOX)
    return MethodResult(outcome.response(arguments.account_id, old_state, new_state))
