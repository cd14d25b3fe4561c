"""ContactCard/set (rfc9610#3.5)."""

from __future__ import annotations

from typing import Any

from pirab.contacts import books, cards, queries
from pirab.contacts.errors import CardNotFound
from pirab.contacts.types import CardRow
from pirab.core import db
from pirab.core.ids import IdKind
from pirab.jmap.arguments import SetArguments, check_set_size
from pirab.jmap.capabilities import CONTACTS
from pirab.jmap.contact_card.refusals import telling_why
from pirab.jmap.contact_card.rendering import draft_of, render
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import AccountBlobs
from pirab.jmap.errors import invalid_properties
from pirab.jmap.patches import apply_patch
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.states import hold_state
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("ContactCard/set", capability=CONTACTS, arguments=SetArguments)
def handle(context: RequestContext, arguments: SetArguments) -> MethodResult:
    """Create, update and destroy cards in one transaction; each is accepted or refused on its own."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_size(arguments)
    books.ensure_default(account)
    setter = _Setter(context, account)
    with db.transaction():
        old_state = hold_state(account, ObjectType.CONTACT_CARD, arguments.if_in_state)
        setter.apply(arguments)
        new_state = stored.states(account).of(ObjectType.CONTACT_CARD)
    return MethodResult(setter.outcome.response(arguments.account_id, old_state, new_state))


class _Setter:
    """One call."""

    def __init__(self, context: RequestContext, account: int) -> None:
        self._context = context
        self._account = account
        self._blobs = AccountBlobs(account, person=context.principal.person_id)
        self.outcome = SetOutcome()

    def apply(self, arguments: SetArguments) -> None:
        """Create, update, destroy."""
        self.outcome.run(arguments, self._create, self._update, self._destroy)

    def _create(self, creation_id: str, record: dict[str, Any]) -> dict[str, Any]:
        if "id" in record:
            raise invalid_properties("Set by the server.", "id")
        whole = cards.completed(record)
        with telling_why():
            row = cards.create_card(self._account, draft_of(self._context, self._blobs, whole))
        made = render(row)
        self._context.record_created(creation_id, made["id"])
        return {name: value for name, value in made.items() if name not in record}

    def _update(self, text: str, patch: dict[str, Any]) -> dict[str, Any] | None:
        row = self._row(text)
        before = render(row)
        after = apply_patch(before, patch)
        if after.get("id") != before["id"]:
            raise invalid_properties("Set by the server.", "id")
        if "updated" not in patch:
            after |= {"updated": cards.completed({})["updated"]}
        with telling_why():
            cards.update_card(self._account, row.id, draft_of(self._context, self._blobs, after))
        return None if "updated" in patch else {"updated": after["updated"]}

    def _destroy(self, text: str) -> None:
        cards.destroy_card(self._account, self._row(text).id)

    def _row(self, text: str) -> CardRow:
        key = self._context.key(IdKind.CONTACT_CARD, text)
        if key is None:
            raise CardNotFound()
        return queries.card(self._account, key)
