"""The arguments of the standard methods (rfc8620#5) and their validation.

A method's own arguments derive from one of these structs. Decoding is strict: a wrong type, a missing
argument or an unknown one is `invalidArguments`, and the error names it. Values that need more than a
type (a property name, a filter) are checked by the method itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta

from pirab.jmap.errors import MethodError, invalid_arguments, too_large
from pirab.jmap.limits import CORE_LIMITS

Id = Annotated[str, Meta(min_length=1, max_length=255, pattern="^[A-Za-z0-9_-]+$")]
"""rfc8620#1.2."""
IdOrReference = Annotated[str, Meta(min_length=1, max_length=256, pattern="^#?[A-Za-z0-9_-]+$")]
"""An id, or `#` and the creation id of a record made earlier in the request (rfc8620#5.3)."""
Int = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
"""rfc8620#1.3."""
UnsignedInt = Annotated[int, Meta(ge=0, le=2**53 - 1)]
PositiveInt = Annotated[int, Meta(ge=1, le=2**53 - 1)]
StateText = Annotated[str, Meta(max_length=255)]
Record = dict[str, Any]
"""A record or patch object as it came; the method checks its properties one by one."""


class Arguments(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The base of every arguments struct: camelCase on the wire, unknown arguments refused."""


class AccountArguments(Arguments, frozen=True, kw_only=True):
    """Arguments of a method that works on one account."""

    account_id: Id


class GetArguments(AccountArguments, frozen=True, kw_only=True):
    """Foo/get (rfc8620#5.1). `ids` null means every record, `properties` null the default ones."""

    ids: list[IdOrReference] | None = None
    properties: list[str] | None = None


class ChangesArguments(AccountArguments, frozen=True, kw_only=True):
    """Foo/changes (rfc8620#5.2)."""

    since_state: StateText
    max_changes: PositiveInt | None = None


class SetArguments(AccountArguments, frozen=True, kw_only=True):
    """Foo/set (rfc8620#5.3)."""

    if_in_state: StateText | None = None
    create: dict[Id, Record] | None = None
    update: dict[IdOrReference, Record] | None = None
    destroy: list[IdOrReference] | None = None


class CopyArguments(AccountArguments, frozen=True, kw_only=True):
    """Foo/copy (rfc8620#5.4)."""

    from_account_id: Id
    if_from_in_state: StateText | None = None
    if_in_state: StateText | None = None
    create: dict[Id, Record]
    on_success_destroy_original: bool = False
    destroy_from_if_in_state: StateText | None = None


class Comparator(Arguments, frozen=True, kw_only=True):
    """One sort key (rfc8620#5.5); `keyword` belongs to the keyword keys of Email (rfc8621#4.4.2)."""

    property: str
    is_ascending: bool = True
    collation: str | None = None
    keyword: str | None = None


class QueryArguments(AccountArguments, frozen=True, kw_only=True):
    """Foo/query (rfc8620#5.5)."""

    filter: Record | None = None
    sort: list[Comparator] | None = None
    position: Int = 0
    anchor: IdOrReference | None = None
    anchor_offset: Int = 0
    limit: UnsignedInt | None = None
    calculate_total: bool = False


class QueryChangesArguments(AccountArguments, frozen=True, kw_only=True):
    """Foo/queryChanges (rfc8620#5.6)."""

    filter: Record | None = None
    sort: list[Comparator] | None = None
    since_query_state: StateText
    max_changes: PositiveInt | None = None
    up_to_id: Id | None = None
    calculate_total: bool = False


Shape = TypeVar("Shape")
_PLACE: Final = re.compile(r"`\$\.([A-Za-z]+)|field `([^`]+)`$")


def decode(shape: type[Shape], values: dict[str, Any]) -> Shape:
    """`values` as the arguments struct `shape`; raises `invalidArguments` naming the bad argument."""
    try:
        return msgspec.convert(values, shape, strict=True)
    except msgspec.ValidationError as error:
        raise _complaint(error) from error


def _complaint(error: msgspec.ValidationError) -> MethodError:
    place = _PLACE.search(str(error))
    names = [place.group(1) or place.group(2)] if place else []
    return invalid_arguments(str(error), *names)


def check_get_size(ids: Collection[str] | None) -> None:
    """Refuse a get of more records than `maxObjectsInGet` (rfc8620#5.1)."""
    if ids is not None and len(ids) > CORE_LIMITS.max_objects_in_get:
        raise too_large("ids", CORE_LIMITS.max_objects_in_get)


def check_set_size(arguments: SetArguments) -> None:
    """Refuse a set of more creates, updates and destroys together than `maxObjectsInSet` (rfc8620#5.3)."""
    check_set_count(arguments.create, arguments.update, arguments.destroy)


def check_set_count(*parts: Collection[Any] | None) -> None:
    """As `check_set_size`, for sets with a shape of their own."""
    if sum(len(part) for part in parts if part) > CORE_LIMITS.max_objects_in_set:
        raise too_large("changes", CORE_LIMITS.max_objects_in_set)


def chosen_properties(asked: list[str] | None, known: frozenset[str], default: Iterable[str]) -> list[str]:
    """The properties to answer with, `id` first (rfc8620#5.1: it is always returned).

    Raises `invalidArguments` for a name that is not in `known`.
    """
    if asked is None:
        return list(default)
    strange = [name for name in asked if name not in known]
    if strange:
        raise invalid_arguments(f"No such property: {strange[0][:100]!r}.", "properties")
    return list(dict.fromkeys(["id", *asked]))


def decode_state(text: str) -> int:
    """The modseq a state string stands for; raises `cannotCalculateChanges` for one we never issued."""
    if not text.isascii() or not text.isdigit() or len(text) > 18 or (text[0] == "0" and text != "0"):
        raise MethodError("cannotCalculateChanges", "This state was not issued by the server.")
    return int(text)
