"""VacationResponse/set (rfc8621#8.2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pirab.core import db
from pirab.filtering.vacation import set_vacation, vacation_of
from pirab.jmap.arguments import SetArguments, check_set_size
from pirab.jmap.capabilities import VACATION_RESPONSE
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import SetError
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.states import hold_state
from pirab.jmap.vacation_response.rendering import SINGLETON, patched
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("VacationResponse/set", capability=VACATION_RESPONSE, arguments=SetArguments)
def handle(context: RequestContext, arguments: SetArguments) -> MethodResult:
    """Change the one object; it cannot be created or destroyed (`singleton`)."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_size(arguments)
    outcome = SetOutcome()
    with db.transaction():
        old_state = hold_state(account, ObjectType.VACATION, arguments.if_in_state)
        for creation_id in arguments.create or {}:
            outcome.create(creation_id, _no_second)
        for text, patch in (arguments.update or {}).items():
            outcome.update(text, partial(_update, account, text, patch))
        for text in dict.fromkeys(arguments.destroy or ()):
            outcome.destroy(text, partial(_stays, text))
        new_state = stored.states(account).of(ObjectType.VACATION)
    return MethodResult(outcome.response(arguments.account_id, old_state, new_state))


def _update(account: int, text: str, patch: dict[str, Any]) -> None:
    if text != SINGLETON:
        raise SetError("notFound")
    current = vacation_of(account)
    wanted = patched(current, patch)
    if wanted != current:
        set_vacation(account, wanted)


def _no_second() -> dict[str, Any]:
    raise SetError("singleton", "There is one VacationResponse, and it is there already.")


def _stays(text: str) -> None:
    raise SetError("singleton" if text == SINGLETON else "notFound")
