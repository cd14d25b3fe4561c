"""What a /set did to each record, gathered while it runs (rfc8620#5.3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pirab.core.errors import PirabError
from pirab.jmap import errors
from pirab.jmap.arguments import SetArguments


class SetOutcome:
    """Collects the outcome of each create, update and destroy of one call; the latest attempt counts."""

    def __init__(self) -> None:
        self.created: dict[str, dict[str, Any]] = {}
        self.updated: dict[str, dict[str, Any] | None] = {}
        self.destroyed: list[str] = []
        self.not_created: dict[str, dict[str, Any]] = {}
        self.not_updated: dict[str, dict[str, Any]] = {}
        self.not_destroyed: dict[str, dict[str, Any]] = {}

    def run(
        self,
        arguments: SetArguments,
        create: Callable[[str, dict[str, Any]], dict[str, Any]],
        update: Callable[[str, dict[str, Any]], dict[str, Any] | None],
        destroy: Callable[[str], None],
    ) -> None:
        """Create, update and destroy what the call names, in this order, each by its id; a repeated id counts once."""
        for creation_id, record in (arguments.create or {}).items():
            self.create(creation_id, partial(create, creation_id, record))
        for record_id, patch in (arguments.update or {}).items():
            self.update(record_id, partial(update, record_id, patch))
        for record_id in dict.fromkeys(arguments.destroy or ()):
            self.destroy(record_id, partial(destroy, record_id))

    def create(self, creation_id: str, make: Callable[[], dict[str, Any]]) -> None:
        """Run `make`, whose value is what the client does not know of the new record: at least its id."""
        refusal = _refusal(lambda: self.created.__setitem__(creation_id, make()))
        if refusal is None:
            self.not_created.pop(creation_id, None)
        else:
            self.not_created[creation_id] = refusal

    def update(self, record_id: str, change: Callable[[], dict[str, Any] | None]) -> None:
        """Run `change`, whose value is what the server changed beyond the request, or None."""
        refusal = _refusal(lambda: self.record_update(record_id, change()))
        if refusal is not None:
            self.not_updated[record_id] = refusal

    def record_update(self, record_id: str, changed: dict[str, Any] | None) -> None:
        """Note an update that is done already."""
        self.updated[record_id] = changed
        self.not_updated.pop(record_id, None)

    def destroy(self, record_id: str, remove: Callable[[], None]) -> None:
        """Run `remove`."""
        refusal = _refusal(remove)
        if refusal is None:
            self.destroyed.append(record_id)
            self.not_destroyed.pop(record_id, None)
        else:
            self.not_destroyed[record_id] = refusal

    def response(self, account_id: str, old_state: int, new_state: int) -> dict[str, Any]:
        """The arguments of the response; what holds nothing is null."""
        states = {"accountId": account_id, "oldState": str(old_state), "newState": str(new_state)}
        return states | self.lists()

    def lists(self) -> dict[str, Any]:
        """The response without account and states (rfc8620#7.2.2 has neither)."""
        return {
            "created": self.created or None,
            "updated": self.updated or None,
            "destroyed": self.destroyed or None,
            "notCreated": self.not_created or None,
            "notUpdated": self.not_updated or None,
            "notDestroyed": self.not_destroyed or None,
        }


def _refusal(act: Callable[[], None]) -> dict[str, Any] | None:
    """The SetError object when `act` was refused; an error that concerns the whole call goes on upwards."""
    try:
        act()
    except PirabError as error:
        refusal = errors.set_error_from(error)
        if refusal is None:
            raise
        return refusal.as_object()
    return None
