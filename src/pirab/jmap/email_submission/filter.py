"""The filter and sort of EmailSubmission/query and queryChanges (rfc8621#7.3), from JSON to the service's terms."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind
from pirab.jmap.arguments import Comparator, IdOrReference
from pirab.jmap.context import RequestContext
from pirab.jmap.email.dates import parse_utc_date
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.filter_reader import FilterReader
from pirab.jmap.limits import COLLATIONS
from pirab.submission.search import Filter, SubmissionQuery
from pirab.submission.types import FilterGroup, SortKey, SortOrder, SubmissionFilter, UndoStatus

MAX_CONDITIONS: Final = 100
"""Operators and conditions one filter may hold."""
MAX_IDS_IN_CONDITION: Final = 5000

_SORT_KEYS: Final = {
    "emailId": SortKey.EMAIL,
    "threadId": SortKey.THREAD,
    # The text of rfc8621#7.3 says sentAt; the property is called sendAt.
    "sentAt": SortKey.SENT_AT,
    "sendAt": SortKey.SENT_AT,
}
_ID_CONDITIONS: Final = {
    "identityIds": ("identity_ids", IdKind.IDENTITY),
    "emailIds": ("email_ids", IdKind.EMAIL),
    "threadIds": ("thread_ids", IdKind.THREAD),
}


def parse_query(
    context: RequestContext, record: dict[str, Any] | None, sort: list[Comparator] | None
) -> SubmissionQuery:
    """What is asked. Raises `invalidArguments`, `unsupportedFilter` and `unsupportedSort`."""
    wanted = None if record is None else _Reader(context).read(record)
    return SubmissionQuery(wanted, tuple(_order(comparator) for comparator in sort or ()))


class _Reader(FilterReader[Filter]):
    """See `FilterReader`."""

    most = MAX_CONDITIONS

    def __init__(self, context: RequestContext) -> None:
        super().__init__()
        self._context = context

    def _joined(self, operator: str, inner: tuple[Filter, ...]) -> Filter:
        return FilterGroup(operator, inner)

    def _conditions(self, record: dict[str, Any]) -> Filter:
        values: dict[str, Any] = {}
        for name, value in record.items():
            try:
                values |= self._condition(name, value)
            except (msgspec.ValidationError, ValueError) as error:
                raise invalid_arguments(f"Bad value of condition {name[:100]}: {error}", "filter") from error
        return SubmissionFilter(**values)

    def _condition(self, name: str, value: Any) -> dict[str, Any]:
        if name in _ID_CONDITIONS:
            field, kind = _ID_CONDITIONS[name]
            texts = msgspec.convert(value, list[IdOrReference], strict=True)
            if len(texts) > MAX_IDS_IN_CONDITION:
                raise MethodError(
                    "unsupportedFilter", f"At most {MAX_IDS_IN_CONDITION} ids in one condition."
                )
            keys = (self._context.key(kind, text) for text in texts)
            return {field: tuple(key for key in keys if key is not None)}  # an id of nothing matches nothing
        if name == "undoStatus":
            return {"undo_status": msgspec.convert(value, UndoStatus, strict=True)}
        if name in ("before", "after"):
            return {name: parse_utc_date(value)}
        raise MethodError("unsupportedFilter", f"No such condition: {name[:100]!r}.")


def _order(comparator: Comparator) -> SortOrder:
    key = _SORT_KEYS.get(comparator.property)
    if key is None or comparator.keyword is not None:
        raise MethodError("unsupportedSort", f"Cannot sort by {comparator.property[:100]!r}.")
    if comparator.collation is not None and comparator.collation not in COLLATIONS:
        raise MethodError(
            "unsupportedSort", "No such collation."
        )  # rfc8620#5.5, though no key here is a text
    return SortOrder(key, comparator.is_ascending)
