"""ContactCard/copy (rfc9610#3.6, rfc8620#5.4)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pirab.contacts import books, cards, queries
from pirab.core import db
from pirab.core.ids import IdKind
from pirab.jmap.address_book.access import Access, readable
from pirab.jmap.arguments import CopyArguments
from pirab.jmap.capabilities import CONTACTS
from pirab.jmap.contact_card.refusals import telling_why
from pirab.jmap.contact_card.rendering import draft_of, render
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import AccountBlobs
from pirab.jmap.errors import MethodError, SetError, invalid_arguments, too_large
from pirab.jmap.key_list import destroy_originals
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.states import hold_state
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("ContactCard/copy", capability=CONTACTS, arguments=CopyArguments)
def handle(context: RequestContext, arguments: CopyArguments) -> MethodResult:
    """Put cards of one account into another; a card with the same uid there is in the way (`alreadyExists`)."""
    source, target = _accounts(context, arguments)
    if len(arguments.create) > CORE_LIMITS.max_objects_in_set:
        raise too_large("copies", CORE_LIMITS.max_objects_in_set)
    books.ensure_default(target)
    copier = _Copier(context, source, target)
    with db.transaction():
        _require_from_state(source.account, arguments.if_from_in_state)
        old_state = hold_state(target, ObjectType.CONTACT_CARD, arguments.if_in_state)
        for creation_id, record in arguments.create.items():
            copier.outcome.create(creation_id, partial(copier.copy, creation_id, record))
        new_state = stored.states(target).of(ObjectType.CONTACT_CARD)
    response = {
        "fromAccountId": arguments.from_account_id,
        "accountId": arguments.account_id,
        "oldState": str(old_state),
        "newState": str(new_state),
        "created": copier.outcome.created or None,
        "notCreated": copier.outcome.not_created or None,
    }
    return MethodResult(
        response,
        destroy_originals(arguments, "ContactCard/set", IdKind.CONTACT_CARD, list(copier.copied.values())),
    )


class _Copier:
    """One call."""

    def __init__(self, context: RequestContext, source: Access, target: int) -> None:
        self._context = context
        self._source = source
        self._target = target
        self.outcome = SetOutcome()
        self.copied: dict[str, int] = {}

    def copy(self, creation_id: str, record: dict[str, Any]) -> dict[str, Any]:
        text = record.get("id")
        key = self._context.key(IdKind.CONTACT_CARD, text) if isinstance(text, str) else None
        found = [] if key is None else queries.cards(self._source.account, [key])
        if not found or not self._source.may_read(found[0].book_ids):
            raise SetError("notFound", "No such card in the account copied from.")
        rest = {name: value for name, value in record.items() if name != "id"}
        # The original's books are not of this account: the copy must say its own (rfc8620#5.4).
        original = found[0].content
        # Pictures are looked for in the account copied from: whoever may read the card may read them.
        blobs = AccountBlobs(self._source.account, person=self._context.principal.person_id)
        with telling_why():
            row = cards.create_card(self._target, draft_of(self._context, blobs, original | rest))
        made = render(row)
        self._context.record_created(creation_id, made["id"])
        self.copied[creation_id] = found[0].id
        return {"id": made["id"]}


def _accounts(context: RequestContext, arguments: CopyArguments) -> tuple[Access, int]:
    """The two accounts; the one copied from has an error of its own when it is out of reach (rfc8620#5.4)."""
    try:
        source = readable(context, arguments.from_account_id)
        if arguments.on_success_destroy_original:
            context.account(arguments.from_account_id, Right.WRITE)
    except MethodError as error:
        raise MethodError("fromAccountNotFound" if error.kind == "accountNotFound" else error.kind) from error
    target = context.account(arguments.account_id, Right.WRITE)
    if source.account == target:
        raise invalid_arguments("A card is copied between two accounts.", "fromAccountId")
    return source, target


def _require_from_state(account: int, expected: str | None) -> None:
    if expected is not None and expected != str(stored.states(account).of(ObjectType.CONTACT_CARD)):
        raise MethodError("stateMismatch")
