"""Email/set (rfc8621#4.6).

New messages are composed and their bytes made durable first, each on its own; then everything that touches the account
happens in one transaction that holds the account, so that `oldState` and `newState` enclose exactly what this call did.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pirab.core import db
from pirab.core.errors import PirabError
from pirab.core.ids import IdKind, decode_id, encode_id
from pirab.directory import policy
from pirab.jmap.arguments import SetArguments, check_set_size
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.creation import Composed, Composer, file_email
from pirab.jmap.email.marking import more_than_marks, only_updates
from pirab.jmap.email.refusals import email_set_error
from pirab.jmap.email.state import require_email_state
from pirab.jmap.email.update import Update, UpdateReader, check_claims
from pirab.jmap.errors import SetError
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.states import hold_state
from pirab.store import actions, queries
from pirab.store.keywords import DRAFT
from pirab.store.types import ObjectType, Removal


@method("Email/set", capability=MAIL, arguments=SetArguments)
def handle(context: RequestContext, arguments: SetArguments) -> MethodResult:
    """Create, then update, then destroy; each record succeeds or fails by itself (rfc8620#5.3)."""
    account = context.account(arguments.account_id, Right.MARK)
    check_set_size(arguments)
    require_email_state(account, arguments.if_in_state)
    outcome = SetOutcome()
    if not policy.may(context.principal, account, Right.WRITE):
        arguments = only_updates(arguments, outcome)
    composed = _compose(context, account, arguments.create or {}, outcome)
    with db.transaction():
        old_state = hold_state(account, ObjectType.EMAIL, arguments.if_in_state)
        _create(context, account, composed, outcome)
        _update(context, account, arguments, outcome)
        _destroy(context, account, arguments.destroy or [], outcome)
        new_state = queries.states(account).of(ObjectType.EMAIL)
    return MethodResult(outcome.response(arguments.account_id, old_state, new_state))


def _compose(
    context: RequestContext, account: int, create: dict[str, dict[str, Any]], outcome: SetOutcome
) -> dict[str, Composed]:
    composer = Composer(context, account)
    composed: dict[str, Composed] = {}
    for creation_id, record in create.items():
        try:
            composed[creation_id] = composer.compose(record)
        except PirabError as error:
            outcome.not_created[creation_id] = email_set_error(error).as_object()
    return composed


def _create(
    context: RequestContext, account: int, composed: dict[str, Composed], outcome: SetOutcome
) -> None:
    for creation_id, ready in composed.items():
        try:
            created = file_email(account, ready, viewer=context.viewer(account))
        except PirabError as error:
            outcome.not_created[creation_id] = email_set_error(error).as_object()
        else:
            outcome.created[creation_id] = created
            context.record_created(creation_id, created["id"])


def _update(context: RequestContext, account: int, arguments: SetArguments, outcome: SetOutcome) -> None:
    doomed = {context.key(IdKind.EMAIL, text) for text in arguments.destroy or ()}
    updates: dict[int, Update] = {}
    reader = UpdateReader(context)
    for text, record in (arguments.update or {}).items():
        key = context.key(IdKind.EMAIL, text)
        try:
            if key is None:
                raise SetError("notFound")
            if key in doomed:
                raise SetError("willDestroy")
            if key in updates:
                raise SetError("invalidPatch", "The request updates this Email twice.")
            updates[key] = reader.read(record)
        except PirabError as error:
            outcome.not_updated[text] = email_set_error(error).as_object()
    if updates:
        _apply(context, account, arguments.account_id, updates, outcome)


def _apply(
    context: RequestContext, account: int, account_id: str, updates: dict[int, Update], outcome: SetOutcome
) -> None:
    viewer = context.viewer(account)
    patches = {key: update.patch for key, update in updates.items()}
    refused = check_claims(account, account_id, updates, viewer=viewer)
    if not policy.may(context.principal, account, Right.WRITE):
        refused |= more_than_marks(account, patches)
    wanted = {key: patch for key, patch in patches.items() if key not in refused}
    result = actions.update_emails(account, wanted, viewer=viewer)
    for key in updates:
        text = encode_id(IdKind.EMAIL, key)
        error = refused.get(key) or result.errors.get(key)
        if error is None:
            outcome.updated[text] = None
        else:
            outcome.not_updated[text] = email_set_error(error).as_object()


def _destroy(context: RequestContext, account: int, ids: list[str], outcome: SetOutcome) -> None:
    keys: dict[int, str] = {}
    for text in ids:
        key = context.key(IdKind.EMAIL, text)
        if key is None:
            outcome.not_destroyed[text] = SetError("notFound").as_object()
        else:
            keys[key] = encode_id(IdKind.EMAIL, key)
    if not keys:
        return
    replaced = _replaced_drafts(account, keys, outcome)
    done: set[int] = set()
    errors: dict[int, Exception] = {}
    others = [key for key in keys if key not in replaced]
    for removal, some in ((Removal.FOR_GOOD, replaced), (Removal.RECOVERABLE, others)):
        if some:
            result = actions.destroy_emails(account, some, removal)
            done |= result.done
            errors |= result.errors
    for key, text in keys.items():
        if key in done:
            outcome.destroyed.append(text)
        else:
            outcome.not_destroyed[text] = email_set_error(errors[key]).as_object()


def _replaced_drafts(account: int, keys: Collection[int], outcome: SetOutcome) -> frozenset[int]:
    """Drafts that a newer version takes the place of in this very call: nobody wants each saving of a draft back."""
    made = {decode_id(IdKind.EMAIL, created["id"]) for created in outcome.created.values()}
    if not made:
        return frozenset()
    rows = queries.email_rows(account, [*made, *keys])
    if not any(DRAFT in row.keywords for row in rows if row.id in made):
        return frozenset()
    return frozenset(row.id for row in rows if row.id in keys and DRAFT in row.keywords)
