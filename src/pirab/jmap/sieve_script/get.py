"""SieveScript/get (rfc9661#2.3)."""

from __future__ import annotations

from pirab.core.ids import IdKind
from pirab.filtering.scripts import scripts_of
from pirab.filtering.types import ScriptRow
from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import SIEVE
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.sieve_script.rendering import PROPERTIES, render
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("SieveScript/get", capability=SIEVE, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """Scripts by id, or all. The content is a blob."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    names = chosen_properties(arguments.properties, frozenset(PROPERTIES), PROPERTIES)
    state = stored.states(account).of(ObjectType.SIEVE)
    rows = {row.id: row for row in scripts_of(account)}
    wanted = {text: context.key(IdKind.SIEVE, text) for text in arguments.ids or ()}
    chosen = rows.values() if arguments.ids is None else _found(rows, wanted)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": [render(row, names) for row in chosen],
            "notFound": [text for text, key in wanted.items() if key not in rows],
        }
    )


def _found(rows: dict[int, ScriptRow], wanted: dict[str, int | None]) -> list[ScriptRow]:
    return [rows[key] for key in dict.fromkeys(wanted.values()) if key is not None and key in rows]
