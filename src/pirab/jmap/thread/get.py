"""Thread/get (rfc8621#3.1)."""

from __future__ import annotations

from typing import Final

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import too_large
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.types import ObjectType

_PROPERTIES: Final = ("id", "emailIds")
_KNOWN: Final = frozenset(_PROPERTIES)


@method("Thread/get", capability=MAIL, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """Each thread asked for with its emails, oldest first."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    names = chosen_properties(arguments.properties, _KNOWN, _PROPERTIES)
    state = queries.states(account).of(ObjectType.THREAD)
    asked = _all_ids(account) if arguments.ids is None else list(dict.fromkeys(arguments.ids))
    keys = {text: context.key(IdKind.THREAD, text) for text in asked}
    found = queries.threads(account, [key for key in keys.values() if key is not None])
    listed = [_rendered(key, found[key], names) for key in keys.values() if key is not None and key in found]
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": listed,
            "notFound": [text for text, key in keys.items() if key not in found],
        }
    )


def _rendered(key: int, email_keys: tuple[int, ...], names: list[str]) -> dict[str, object]:
    thread: dict[str, object] = {"id": encode_id(IdKind.THREAD, key)}
    if "emailIds" in names:
        thread["emailIds"] = [encode_id(IdKind.EMAIL, email_key) for email_key in email_keys]
    return thread


def _all_ids(account: int) -> list[str]:
    """Every thread, as long as the account holds no more emails than one get may ask for (rfc8620#5.1)."""
    most = CORE_LIMITS.max_objects_in_get
    email_keys = queries.all_email_ids(account, most + 1)
    if len(email_keys) > most:
        raise too_large("threads", most)
    rows = queries.email_rows(account, email_keys)
    return list(dict.fromkeys(encode_id(IdKind.THREAD, row.thread_id) for row in rows))
