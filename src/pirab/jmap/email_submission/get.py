"""EmailSubmission/get (rfc8621#7.1)."""

from __future__ import annotations

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import SUBMISSION
from pirab.jmap.context import RequestContext
from pirab.jmap.email_submission.rendering import PROPERTIES, render
from pirab.jmap.errors import too_large
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType
from pirab.submission import queries


@method("EmailSubmission/get", capability=SUBMISSION, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """Submissions by id, or all; the state is read first, so that a change in between is seen again by changes."""
    account = context.submission_account(arguments.account_id)
    check_get_size(arguments.ids)
    names = chosen_properties(arguments.properties, frozenset(PROPERTIES), PROPERTIES)
    state = stored.states(account).of(ObjectType.SUBMISSION)
    asked = _every_id(account) if arguments.ids is None else list(dict.fromkeys(arguments.ids))
    keys = {text: context.key(IdKind.SUBMISSION, text) for text in asked}
    rows = queries.submissions(account, list(dict.fromkeys(key for key in keys.values() if key is not None)))
    present = {row.id for row in rows}
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": [{name: value for name, value in render(row).items() if name in names} for row in rows],
            "notFound": [text for text, key in keys.items() if key not in present],
        }
    )


def _every_id(account: int) -> list[str]:
    every = queries.all_submission_ids(account, CORE_LIMITS.max_objects_in_get + 1)
    if len(every) > CORE_LIMITS.max_objects_in_get:
        raise too_large("ids", CORE_LIMITS.max_objects_in_get)
    return [encode_id(IdKind.SUBMISSION, key) for key in every]
