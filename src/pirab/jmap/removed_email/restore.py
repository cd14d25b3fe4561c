"""RemovedEmail/restore."""

from __future__ import annotations

from typing import Any

from pirab.core import db
from pirab.core.errors import PirabError
from pirab.core.ids import IdKind, encode_blob_id, encode_id
from pirab.jmap.arguments import AccountArguments, IdOrReference, check_set_count
from pirab.jmap.capabilities import RECOVERY
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.refusals import email_set_error
from pirab.jmap.errors import SetError
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.states import hold_state
from pirab.store import actions, queries
from pirab.store.types import ObjectType


class RestoreArguments(AccountArguments, frozen=True, kw_only=True):
    """Which removed mail is to come back."""

    ids: list[IdOrReference]


@method("RemovedEmail/restore", capability=RECOVERY, arguments=RestoreArguments)
def handle(context: RequestContext, arguments: RestoreArguments) -> MethodResult:
    """File removed mail again; each succeeds or fails by itself. The states are those of Email."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_count(arguments.ids)
    restored: dict[str, dict[str, Any]] = {}
    refused: dict[str, dict[str, Any]] = {}
    with db.transaction():
        old_state = hold_state(account, ObjectType.EMAIL, None)
        for text in dict.fromkeys(arguments.ids):
            try:
                restored[text] = _restore(context, account, text)
            except PirabError as error:
                refused[text] = email_set_error(error).as_object()
        new_state = queries.states(account).of(ObjectType.EMAIL)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldEmailState": str(old_state),
            "newEmailState": str(new_state),
            "restored": restored or None,
            "notRestored": refused or None,
        }
    )


def _restore(context: RequestContext, account: int, text: str) -> dict[str, Any]:
    key = context.key(IdKind.REMOVED_EMAIL, text)
    if key is None:
        raise SetError("notFound")
    back = actions.restore_email(account, key)
    return {
        "id": encode_id(IdKind.EMAIL, back.row.id),
        "blobId": encode_blob_id(back.digest),
        "threadId": encode_id(IdKind.THREAD, back.row.thread_id),
        "size": back.row.size,
        "mailboxIds": {encode_id(IdKind.MAILBOX, box): True for box in back.row.mailbox_ids},
    }
