"""MDN/send (rfc9007#2.1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pirab.core import db
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import AccountArguments, Id, IdOrReference, Record, check_set_count
from pirab.jmap.capabilities import MDN
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import SetError, invalid_arguments, invalid_properties
from pirab.jmap.mdn.rendering import receipt_of
from pirab.jmap.registry import ImplicitCall, MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.states import hold_state
from pirab.store.types import ObjectType
from pirab.submission import receipts
from pirab.wire.mdn.write import default_subject, original_message_id, original_recipient


class MdnSendArguments(AccountArguments, frozen=True, kw_only=True):
    """`on_success_update_email` hangs on the creation ids of `send`, each with a `#` before it."""

    identity_id: Id
    send: dict[Id, Record]
    on_success_update_email: dict[IdOrReference, Record] | None = None


@method("MDN/send", capability=MDN, arguments=MdnSendArguments)
def handle(context: RequestContext, arguments: MdnSendArguments) -> MethodResult:
    """Tell the authors, then one implicit Email/set that marks the letters as told about."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_count(arguments.send)
    identity = context.key(IdKind.IDENTITY, arguments.identity_id)
    if identity is None:
        raise invalid_arguments("There is no such identity.", "identityId")
    patches = arguments.on_success_update_email or {}
    outcome = SetOutcome()
    update: dict[str, Record] = {}
    with db.transaction():
        hold_state(account, ObjectType.EMAIL, None)
        for creation_id, record in arguments.send.items():
            patch = patches.get(f"#{creation_id}")
            outcome.create(creation_id, partial(_send, context, account, identity, record, patch, update))
    response = {
        "accountId": arguments.account_id,
        "sent": outcome.created or None,
        "notSent": outcome.not_created or None,
    }
    call = {"accountId": arguments.account_id, "update": update}
    return MethodResult(response, (ImplicitCall("Email/set", call),) if update else ())


def _send(
    context: RequestContext,
    account: int,
    identity: int,
    record: Record,
    patch: Record | None,
    update: dict[str, Record],
) -> dict[str, Any]:
    text = record.get("forEmailId")
    key = context.key(IdKind.EMAIL, text) if isinstance(text, str) else None
    if key is None:
        raise SetError("notFound", "forEmailId names no mail in this account.")
    if not _marks(patch):
        # Without the mark the same author would be told again and again (rfc9007#2.1).
        raise invalid_properties("onSuccessUpdateEmail must set the keyword $mdnsent.", "forEmailId")
    name = encode_id(IdKind.EMAIL, key)
    if name in update:
        raise SetError("mdnAlreadySent")
    receipt = receipt_of(record)
    sent = receipts.send_receipt(context.principal, account, identity, key, receipt)
    update[name] = patch or {}
    whole = {
        "subject": receipt.subject or default_subject(sent.original),
        "finalRecipient": sent.final_recipient,
        "originalMessageId": _bracketed(original_message_id(sent.original)),
        "originalRecipient": original_recipient(sent.original),
        "includeOriginalMessage": receipt.returns_all,
    }
    return {name: value for name, value in whole.items() if record.get(name) is None}


def _marks(patch: Record | None) -> bool:
    if patch is None:
        return False
    keywords = patch.get("keywords")
    whole = isinstance(keywords, dict) and keywords.get(receipts.MDN_SENT) is True
    return patch.get(f"keywords/{receipts.MDN_SENT}") is True or whole


def _bracketed(message_id: str | None) -> str | None:
    return f"<{message_id}>" if message_id else None
