"""RemovedEmail/set: erasing removed mail now, before its thirty days are over."""

from __future__ import annotations

from pirab.core.ids import IdKind
from pirab.jmap.arguments import SetArguments, check_set_size
from pirab.jmap.capabilities import RECOVERY
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import MethodError, SetError
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.removed_email.rendering import removed_state
from pirab.store import actions


@method("RemovedEmail/set", capability=RECOVERY, arguments=SetArguments)
def handle(context: RequestContext, arguments: SetArguments) -> MethodResult:
    """Only destroy means something here: removed mail is made by removing mail, and does not change."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_size(arguments)
    old_state = removed_state(account)
    if arguments.if_in_state not in (None, old_state):
        raise MethodError("stateMismatch")
    refusal = SetError("forbidden", "Removed mail can only be restored or destroyed.").as_object()
    keys = {text: context.key(IdKind.REMOVED_EMAIL, text) for text in dict.fromkeys(arguments.destroy or ())}
    gone = actions.erase_removed(account, [key for key in keys.values() if key is not None])
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldState": old_state,
            "newState": removed_state(account),
            "created": None,
            "updated": None,
            "destroyed": [text for text, key in keys.items() if key in gone] or None,
            "notCreated": dict.fromkeys(arguments.create or (), refusal) or None,
            "notUpdated": dict.fromkeys(arguments.update or (), refusal) or None,
            "notDestroyed": {
                text: SetError("notFound").as_object() for text, key in keys.items() if key not in gone
            }
            or None,
        }
    )
