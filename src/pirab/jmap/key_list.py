"""Answers about a complete list of keys: one page of it, and how it differs from what it was (rfc8620#5.5, #5.6)."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import CopyArguments, QueryArguments, QueryChangesArguments
from pirab.jmap.context import RequestContext
from pirab.jmap.errors import MethodError
from pirab.jmap.paging import cut
from pirab.jmap.registry import ImplicitCall, MethodResult
from pirab.store.types import ChangeSet


def query_result(
    context: RequestContext,
    arguments: QueryArguments,
    kind: IdKind,
    keys: Sequence[int],
    state: object,
    *,
    can_calculate_changes: bool = True,
) -> MethodResult:
    """The page of `keys` (all results, in order) that was asked for. Raises `anchorNotFound`."""
    anchor = context.key(kind, arguments.anchor) if arguments.anchor else None
    page = cut(arguments, len(keys), keys.index(anchor) if anchor in keys else None)
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "queryState": str(state),
        "canCalculateChanges": can_calculate_changes,
        "position": page.start,
        "ids": [encode_id(kind, key) for key in keys[page.start : page.end]],
    }
    if arguments.calculate_total:
        response["total"] = len(keys)
    return MethodResult(response)


def query_changes_result(
    arguments: QueryChangesArguments,
    kind: IdKind,
    keys: Sequence[int],
    found: ChangeSet,
    moved: AbstractSet[int],
) -> MethodResult:
    """How `keys` (all results now, in order) differ from what they were before the changes `found`.

    Everything in `moved` is taken out and, if it is among the results, put back where it stands now; `found.created`
    was not there before. Raises `tooManyChanges`.
    """
    removed = sorted((moved - set(found.created)) | set(found.destroyed))
    added = [(key, index) for index, key in enumerate(keys) if key in moved]
    if arguments.max_changes is not None and len(removed) + len(added) > arguments.max_changes:
        raise MethodError("tooManyChanges")
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "oldQueryState": arguments.since_query_state,
        "newQueryState": str(found.new_state),
        "removed": [encode_id(kind, key) for key in removed],
        "added": [{"id": encode_id(kind, key), "index": index} for key, index in added],
    }
    if arguments.calculate_total:
        response["total"] = len(keys)
    return MethodResult(response)


def destroy_originals(
    arguments: CopyArguments, method: str, kind: IdKind, copied: Sequence[int]
) -> tuple[ImplicitCall, ...]:
    """The call of `method` (an object's /set) that a copy is followed by when it is to be a move (rfc8620#5.4)."""
    if not arguments.on_success_destroy_original or not copied:
        return ()
    call: dict[str, Any] = {
        "accountId": arguments.from_account_id,
        "destroy": [encode_id(kind, key) for key in dict.fromkeys(copied)],
    }
    if arguments.destroy_from_if_in_state is not None:
        call["ifInState"] = arguments.destroy_from_if_in_state
    return (ImplicitCall(method, call),)
