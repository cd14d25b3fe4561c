"""FilterRules/set."""

from __future__ import annotations

from functools import partial
from typing import Any

from pirab.core import db
from pirab.filtering.errors import RulesInvalid, ScriptInvalid, ScriptTooLarge
from pirab.filtering.rules import rules_of, set_rules
from pirab.jmap.arguments import SetArguments, check_set_size
from pirab.jmap.capabilities import FILTERS
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import SetError, invalid_properties
from pirab.jmap.filter_rules.rendering import SINGLETON, render, rules_in
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.states import hold_state
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("FilterRules/set", capability=FILTERS, arguments=SetArguments)
def handle(context: RequestContext, arguments: SetArguments) -> MethodResult:
    """Replace the rules; the object cannot be created or destroyed (`singleton`)."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_size(arguments)
    outcome = SetOutcome()
    with db.transaction():
        old_state = hold_state(account, ObjectType.SIEVE, arguments.if_in_state)
        for creation_id in arguments.create or {}:
            outcome.create(creation_id, _no_second)
        for text, patch in (arguments.update or {}).items():
            outcome.update(text, partial(_update, account, text, patch))
        for text in dict.fromkeys(arguments.destroy or ()):
            outcome.destroy(text, partial(_stays, text))
        new_state = stored.states(account).of(ObjectType.SIEVE)
    return MethodResult(outcome.response(arguments.account_id, old_state, new_state))


def _update(account: int, text: str, patch: dict[str, Any]) -> dict[str, Any] | None:
    if text != SINGLETON:
        raise SetError("notFound")
    rules = rules_in(patch)
    if rules is None or rules == rules_of(account):
        return None
    try:
        set_rules(account, rules)
    except (RulesInvalid, ScriptInvalid, ScriptTooLarge) as error:
        raise invalid_properties(error.message, "rules") from error
    return render(account, ["sieve", "problems", "trouble"])


def _no_second() -> dict[str, Any]:
    raise SetError("singleton", "There is one FilterRules object, and it is there already.")


def _stays(text: str) -> None:
    raise SetError("singleton" if text == SINGLETON else "notFound")
