"""Email/copy (rfc8621#4.7, rfc8620#5.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from pirab.core import db
from pirab.core.errors import PirabError
from pirab.core.ids import IdKind
from pirab.jmap.arguments import CopyArguments
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.creation import created_properties
from pirab.jmap.email.membership import read_keywords, read_mailbox_ids, read_received_at
from pirab.jmap.email.refusals import email_set_error
from pirab.jmap.email.state import require_email_state
from pirab.jmap.errors import MethodError, SetError, invalid_arguments, invalid_properties, too_large
from pirab.jmap.key_list import destroy_originals
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.states import hold_state
from pirab.store import actions, queries
from pirab.store.types import EmailRow, MessageRef, ObjectType

_PROPERTIES: Final = frozenset({"id", "mailboxIds", "keywords", "receivedAt"})


class _Copy(msgspec.Struct, frozen=True):
    """One Email to copy: the original's key, and what the copy is to be."""

    source: int
    mailbox_ids: frozenset[int]
    keywords: frozenset[str]
    received_at: datetime
    message: MessageRef


@method("Email/copy", capability=MAIL, arguments=CopyArguments)
def handle(context: RequestContext, arguments: CopyArguments) -> MethodResult:
    """Put messages of one account into another; the content is shared, the state is the copy's own."""
    source, target = _accounts(context, arguments)
    if len(arguments.create) > CORE_LIMITS.max_objects_in_set:
        raise too_large("copies", CORE_LIMITS.max_objects_in_set)
    require_email_state(source, arguments.if_from_in_state)
    require_email_state(target, arguments.if_in_state)
    not_created: dict[str, dict[str, Any]] = {}
    ready = _read_all(context, source, arguments.create, not_created)
    created: dict[str, dict[str, Any]] = {}
    with db.transaction():
        old_state = hold_state(target, ObjectType.EMAIL, arguments.if_in_state)
        for creation_id, each in ready.items():
            try:
                row = actions.create_email(
                    target,
                    each.message,
                    each.mailbox_ids,
                    each.keywords,
                    each.received_at,
                    viewer=context.viewer(target),
                )
            except PirabError as error:
                not_created[creation_id] = email_set_error(error).as_object()
                continue
            created[creation_id] = created_properties(row, each.message)
            context.record_created(creation_id, created[creation_id]["id"])
        new_state = queries.states(target).of(ObjectType.EMAIL)
    response = {
        "fromAccountId": arguments.from_account_id,
        "accountId": arguments.account_id,
        "oldState": str(old_state),
        "newState": str(new_state),
        "created": created or None,
        "notCreated": not_created or None,
    }
    return MethodResult(
        response,
        destroy_originals(arguments, "Email/set", IdKind.EMAIL, [ready[each].source for each in created]),
    )


def _accounts(context: RequestContext, arguments: CopyArguments) -> tuple[int, int]:
    """The two accounts; the one copied from has an error of its own when it is out of reach (rfc8620#5.4)."""
    right = Right.WRITE if arguments.on_success_destroy_original else Right.READ
    try:
        source = context.account(arguments.from_account_id, right)
    except MethodError as error:
        raise MethodError("fromAccountNotFound" if error.kind == "accountNotFound" else error.kind) from error
    target = context.account(arguments.account_id, Right.WRITE)
    if source == target:
        raise invalid_arguments("An Email is copied between two accounts.", "fromAccountId")
    return source, target


def _read_all(
    context: RequestContext,
    source: int,
    create: dict[str, dict[str, Any]],
    not_created: dict[str, dict[str, Any]],
) -> dict[str, _Copy]:
    keys = {creation_id: _source_key(context, record) for creation_id, record in create.items()}
    wanted = [key for key in keys.values() if key is not None]
    rows = {row.id: row for row in queries.email_rows(source, wanted, viewer=context.viewer(source))}
    ready: dict[str, _Copy] = {}
    for creation_id, record in create.items():
        key = keys[creation_id]
        try:
            row = rows.get(key) if key is not None else None
            if row is None:
                raise SetError("notFound", "No such Email in the account copied from.")
            ready[creation_id] = _read(context, source, row, record)
        except PirabError as error:
            not_created[creation_id] = email_set_error(error).as_object()
    return ready


def _source_key(context: RequestContext, record: dict[str, Any]) -> int | None:
    text = record.get("id")
    return context.key(IdKind.EMAIL, text) if isinstance(text, str) else None


def _read(context: RequestContext, source: int, row: EmailRow, record: dict[str, Any]) -> _Copy:
    strange = [name for name in record if name not in _PROPERTIES]
    if strange:
        raise invalid_properties("Only mailboxIds, keywords and receivedAt may be set on a copy.", *strange)
    return _Copy(
        row.id,
        read_mailbox_ids(context, record.get("mailboxIds")),
        read_keywords(record["keywords"]) if "keywords" in record else row.keywords,
        read_received_at(record.get("receivedAt"), row.received_at),
        queries.message_of_email(source, row.id),
    )
