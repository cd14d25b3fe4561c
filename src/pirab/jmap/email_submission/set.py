"""EmailSubmission/set (rfc8621#7.5): hand in, call back, forget; and change the mails when that succeeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from pirab.core import db
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import IdOrReference, Record, SetArguments, check_set_size
from pirab.jmap.capabilities import SUBMISSION
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email_submission.rendering import envelope_of, render
from pirab.jmap.errors import SetError, invalid_properties
from pirab.jmap.patches import changes_in
from pirab.jmap.registry import ImplicitCall, MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.states import hold_state
from pirab.store import queries as stored
from pirab.store.types import ObjectType
from pirab.submission import actions, queries
from pirab.submission.errors import SubmissionError
from pirab.submission.types import SubmissionRow, UndoStatus

_CREATABLE: Final = frozenset({"identityId", "emailId", "envelope"})

Value = TypeVar("Value")


class SubmissionSetArguments(SetArguments, frozen=True, kw_only=True):
    """The arguments of rfc8621#7.5 on top of the standard ones."""

    on_success_update_email: dict[IdOrReference, Record] | None = None
    on_success_destroy_email: list[IdOrReference] | None = None


@method("EmailSubmission/set", capability=SUBMISSION, arguments=SubmissionSetArguments)
def handle(context: RequestContext, arguments: SubmissionSetArguments) -> MethodResult:
    """Create, cancel and destroy submissions, then one implicit Email/set for those that succeeded."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_size(arguments)
    work = _Work(context, account)
    with db.transaction():
        old_state = hold_state(account, ObjectType.SUBMISSION, arguments.if_in_state)
        work.outcome.run(arguments, work.create, work.update, work.destroy)
        new_state = stored.states(account).of(ObjectType.SUBMISSION)
    response = work.outcome.response(arguments.account_id, old_state, new_state)
    return MethodResult(response, _email_changes(arguments, work.email_of))


class _Work:
    """One call: what it does to each record, and which mail each success was about."""

    def __init__(self, context: RequestContext, account: int) -> None:
        self.outcome = SetOutcome()
        self.email_of: dict[str, str] = {}
        """Email id by the reference (`#creation id` or id) under which the client knows the submission."""
        self._context = context
        self._account = account

    def create(self, creation_id: str, record: Record) -> dict[str, Any]:
        strange = [name for name in record if name not in _CREATABLE]
        if strange:
            raise invalid_properties("Not a property that can be set.", *(name[:100] for name in strange))
        identity = self._named(IdKind.IDENTITY, record, "identityId")
        email = self._named(IdKind.EMAIL, record, "emailId")
        envelope = envelope_of(record.get("envelope"))
        row = _refusing(
            lambda: actions.create_submission(
                self._context.principal, self._account, identity, email, envelope
            )
        )
        self._context.record_created(creation_id, encode_id(IdKind.SUBMISSION, row.id))
        self._remember(row, f"#{creation_id}")
        known = _CREATABLE if envelope is not None else _CREATABLE - {"envelope"}
        return {name: value for name, value in render(row).items() if name not in known}

    def update(self, text: str, patch: Record) -> None:
        row = self._existing(text)
        changes = changes_in(patch, msgspec.to_builtins(render(row)), ("undoStatus",))
        wanted = changes.get("undoStatus", row.undo_status)
        if wanted == UndoStatus.CANCELED:
            _refusing(lambda: actions.cancel(self._account, row.id))
        elif wanted != row.undo_status:
            raise invalid_properties("undoStatus can only become canceled.", "undoStatus")
        self._remember(row, text)

    def destroy(self, text: str) -> None:
        row = self._existing(text)
        _refusing(lambda: actions.destroy_submission(self._account, row.id))
        self._remember(row, text)

    def _existing(self, text: str) -> SubmissionRow:
        key = self._context.key(IdKind.SUBMISSION, text)
        rows = [] if key is None else queries.submissions(self._account, [key])
        if not rows:
            raise SetError("notFound")
        return rows[0]

    def _named(self, kind: IdKind, record: Record, name: str) -> int:
        text = record.get(name)
        key = self._context.key(kind, text) if isinstance(text, str) else None
        if key is None:
            raise invalid_properties("It names nothing in this account.", name)
        return key

    def _remember(self, row: SubmissionRow, reference: str) -> None:
        email_id = encode_id(IdKind.EMAIL, row.email_id)
        self.email_of[reference] = email_id
        self.email_of[encode_id(IdKind.SUBMISSION, row.id)] = email_id


def _email_changes(
    arguments: SubmissionSetArguments, email_of: Mapping[str, str]
) -> tuple[ImplicitCall, ...]:
    """The implicit Email/set (rfc8621#7.5), or nothing where no submission it hangs on succeeded."""
    update: dict[str, Record] = {}
    for reference, patch in (arguments.on_success_update_email or {}).items():
        if reference in email_of:
            email_id = email_of[reference]
            update[email_id] = update.get(email_id, {}) | patch
    wanted = arguments.on_success_destroy_email or ()
    destroy = list(dict.fromkeys(email_of[reference] for reference in wanted if reference in email_of))
    if not update and not destroy:
        return ()
    call = {"accountId": arguments.account_id, "update": update or None, "destroy": destroy or None}
    return (ImplicitCall("Email/set", call),)


def _refusing(act: Callable[[], Value]) -> Value:
    """Run `act`; what submission refuses becomes a SetError with everything the error type asks for."""
    try:
        return act()
    except SubmissionError as error:
        description = str(error)
        raise SetError(error.kind, description, properties=error.properties, **error.extra) from error
