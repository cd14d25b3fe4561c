"""The sort of Email/query (rfc8621#4.4.2), from JSON to the store's terms."""

from __future__ import annotations

from typing import Final

from pirab.jmap.arguments import Comparator
from pirab.jmap.capabilities import EMAIL_SORT_OPTIONS
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.limits import CORE_LIMITS
from pirab.store import types as store

MAX_COMPARATORS: Final = 10

_SORTS: Final = frozenset(EMAIL_SORT_OPTIONS)
_KEYWORD_SORTS: Final = frozenset({"hasKeyword", "allInThreadHaveKeyword", "someInThreadHaveKeyword"})
_TEXT_SORTS: Final = frozenset({"from", "to", "subject"})
_COLLATIONS: Final = frozenset(CORE_LIMITS.as_capability()["collationAlgorithms"])


def parse_sort(comparators: list[Comparator] | None) -> tuple[store.Comparator, ...]:
    """The store's sort keys in order; empty for none given, where the store chooses newest first.

    Raises `unsupportedSort` for a key or collation this service does not have, `invalidArguments` for a keyword key
    without its keyword.
    """
    if not comparators:
        return ()
    if len(comparators) > MAX_COMPARATORS:
        raise MethodError("unsupportedSort", f"At most {MAX_COMPARATORS} sort keys.")
    return tuple(_comparator(comparator) for comparator in comparators)


def _comparator(comparator: Comparator) -> store.Comparator:
    name = comparator.property
    if name not in _SORTS:
        raise MethodError("unsupportedSort", f"Emails cannot be sorted by {name[:100]!r}.")
    if comparator.collation is not None and comparator.collation not in _COLLATIONS:
        raise MethodError("unsupportedSort", "No such collation.")
    if comparator.collation == "i;octet" and name in _TEXT_SORTS:
        # Letters stand in the order of people, capitals beside small ones; mailboxes can be sorted by octets.
        raise MethodError("unsupportedSort", "Emails are not sorted by octets.")
    if name not in _KEYWORD_SORTS:
        return store.Comparator(property=name, is_ascending=comparator.is_ascending)
    if comparator.keyword is None:
        raise invalid_arguments(f"Sorting by {name} needs a keyword.", "sort")
    return store.Comparator(
        property=name, is_ascending=comparator.is_ascending, keyword=comparator.keyword.lower()
    )
