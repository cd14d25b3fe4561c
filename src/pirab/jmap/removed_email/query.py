"""RemovedEmail/query."""

from __future__ import annotations

from typing import Final

import msgspec

from pirab.core.ids import IdKind
from pirab.jmap.arguments import Arguments, Comparator, Id, QueryArguments, Record
from pirab.jmap.capabilities import RECOVERY
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.dates import parse_utc_date
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.key_list import query_result
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.removed_email.rendering import removed_state
from pirab.store import queries
from pirab.store.types import RemovedFilter

LONGEST_TEXT: Final = 1_000
_NOTHING: Final = -1
"""A key no mailbox has."""


class Condition(Arguments, frozen=True, kw_only=True):
    """What may be asked of removed mail; no operators."""

    after: str | None = None
    before: str | None = None
    in_mailbox: Id | None = None
    text: str | None = None


@method("RemovedEmail/query", capability=RECOVERY, arguments=QueryArguments)
def handle(context: RequestContext, arguments: QueryArguments) -> MethodResult:
    """The ids of removed mail that match; what was removed last comes first unless a sort says otherwise."""
    account = context.account(arguments.account_id, Right.READ)
    wanted = _filter(context, arguments.filter)
    key, is_ascending = _sort(arguments.sort)
    state = removed_state(account)
    keys = queries.removed_ids(account, wanted, key, is_ascending=is_ascending)
    return query_result(context, arguments, IdKind.REMOVED_EMAIL, keys, state, can_calculate_changes=False)


def _filter(context: RequestContext, given: Record | None) -> RemovedFilter:
    strange = (given or {}).keys() - set(Condition.__struct_encode_fields__)
    if strange:
        raise MethodError("unsupportedFilter", f"No such condition: {min(strange)[:100]!r}.")
    try:
        condition = msgspec.convert(given or {}, Condition, strict=True)
        after = parse_utc_date(condition.after) if condition.after is not None else None
        before = parse_utc_date(condition.before) if condition.before is not None else None
    except (msgspec.ValidationError, ValueError) as error:
        raise invalid_arguments(str(error), "filter") from error
    if condition.text is not None and (len(condition.text) > LONGEST_TEXT or "\0" in condition.text):
        raise invalid_arguments(f"At most {LONGEST_TEXT} characters, none of them NUL.", "filter")
    box = condition.in_mailbox
    mailbox = None if box is None else context.key(IdKind.MAILBOX, box) or _NOTHING
    return RemovedFilter(after, before, mailbox, condition.text)


def _sort(sort: list[Comparator] | None) -> tuple[str, bool]:
    if not sort:
        return "removedAt", False
    first = sort[0]
    if len(sort) > 1 or first.property not in queries.REMOVED_SORT_KEYS or first.keyword is not None:
        raise MethodError("unsupportedSort", "One of removedAt, receivedAt and size.")
    return first.property, first.is_ascending
