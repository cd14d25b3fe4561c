"""One Mailbox/set while it runs.

Only the state at the end counts (rfc8620#5.3): a name may be free only once a later step has run, and two
mailboxes may swap names. So what was refused for a reason that another step can remove is tried again, and
a ring of renames goes by way of names nobody has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import msgspec

from pirab.core import db
from pirab.core.errors import PirabError
from pirab.core.ids import IdKind, encode_id
from pirab.directory import policy
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import SetError, invalid_properties
from pirab.jmap.mailbox.incoming import read_draft, read_patch
from pirab.jmap.mailbox.order import create_order, destroy_order
from pirab.jmap.mailbox.properties import Rights, every_property, rendered
from pirab.jmap.set_outcome import SetOutcome
from pirab.store import actions, queries
from pirab.store.errors import MailboxNameTaken, MailboxNotFound
from pirab.store.types import Contents, MailboxPatch, MailboxRow

_ROUNDS: Final = 4
"""How often refused steps are tried again: enough for chains people make, bounded for those they do not."""


class MailboxSetting:
    """Runs the creates, updates and destroys of one call inside the caller's transaction."""

    def __init__(self, context: RequestContext, account: int, contents: Contents) -> None:
        self._context = context
        self._account = account
        self._contents = contents
        self._rights = Rights(context.principal, account)
        self._viewer = context.viewer(account)
        self._may_write = policy.may(context.principal, account, Right.WRITE)
        self._outcome = SetOutcome()

    def run(
        self, create: dict[str, dict[str, Any]], update: dict[str, dict[str, Any]], destroy: list[str]
    ) -> SetOutcome:
        """Do everything that can be done; the outcome says what was and why the rest was not."""
        for _ in range(_ROUNDS):
            self._create_all(create)
            self._update_all(update)
            self._destroy_all(destroy)
            left_create = {key: create[key] for key in self._outcome.not_created}
            left_update = {key: update[key] for key in self._outcome.not_updated}
            left_destroy = list(self._outcome.not_destroyed)
            if (left_create, left_update, left_destroy) == (create, update, destroy):
                break
            create, update, destroy = left_create, left_update, left_destroy
        if len(update) > 1:
            self._rename_in_a_ring(update)
        return self._outcome

    def _create_all(self, wanted: dict[str, dict[str, Any]]) -> None:
        for creation_id in create_order(wanted):
            self._outcome.create(creation_id, partial(self._create, wanted[creation_id]))
            made = self._outcome.created.get(creation_id)
            if made is not None:
                self._context.record_created(creation_id, made["id"])

    def _create(self, given: dict[str, Any]) -> dict[str, Any]:
        self._require_write()
        draft = read_draft(self._context, given)
        with _named_conflicts(self._account, None, draft.parent_id, draft.name):
            key = actions.create_mailbox(self._account, draft, viewer=self._viewer)
        made = rendered(self._row(key), list(every_property(self._context.using)), self._rights)
        return {name: value for name, value in made.items() if given.get(name, msgspec.UNSET) != value}

    def _update_all(self, wanted: dict[str, dict[str, Any]]) -> None:
        for text, given in wanted.items():
            self._outcome.update(text, partial(self._update, text, given))

    def _update(self, text: str, given: dict[str, Any]) -> dict[str, Any] | None:
        row = self._row(self._context.key(IdKind.MAILBOX, text))
        patch = read_patch(self._context, given, row, self._rights)
        if msgspec.structs.replace(patch, is_subscribed=msgspec.UNSET) != MailboxPatch():
            self._require_write()
        self._apply(row, patch)
        changed = self._row(row.id)
        return {"name": changed.name} if patch.name not in (msgspec.UNSET, changed.name) else None

    def _apply(self, row: MailboxRow, patch: MailboxPatch) -> None:
        if patch == MailboxPatch():
            return
        name = row.name if patch.name is msgspec.UNSET else patch.name
        parent_id = row.parent_id if patch.parent_id is msgspec.UNSET else patch.parent_id
        with _named_conflicts(self._account, row.id, parent_id, name):
            actions.update_mailbox(self._account, row.id, patch, viewer=self._viewer)

    def _destroy_all(self, wanted: list[str]) -> None:
        if not wanted:
            return
        keys = {text: self._context.key(IdKind.MAILBOX, text) for text in wanted}
        for text in destroy_order(keys, queries.mailboxes(self._account)):
            self._outcome.destroy(text, partial(self._destroy, keys[text]))

    def _destroy(self, key: int | None) -> None:
        if key is None:
            raise MailboxNotFound()
        self._require_write()
        actions.destroy_mailbox(self._account, key, self._contents)

    def _require_write(self) -> None:
        """Raise unless the person may change the mailbox for everybody: a reader only subscribes."""
        if not self._may_write:
            raise SetError("forbidden", "You may read this account and subscribe to its mailboxes, no more.")

    def _rename_in_a_ring(self, refused: dict[str, dict[str, Any]]) -> None:
        """Give every refused mailbox a name nobody has, then what was asked; all of it or nothing."""
        clashing = [text for text in refused if self._outcome.not_updated[text]["type"] == "alreadyExists"]
        try:
            with db.transaction():
                rows = [self._row(self._context.key(IdKind.MAILBOX, text)) for text in clashing]
                for row in rows:
                    actions.update_mailbox(
                        self._account, row.id, MailboxPatch(name=f"{row.id} {row.name}"[:60])
                    )
                changes = [self._update(text, refused[text]) for text in clashing]
        except PirabError:
            return  # no ring: each keeps the refusal it has
        for text, change in zip(clashing, changes, strict=True):
            self._outcome.record_update(text, change)

    def _row(self, key: int | None) -> MailboxRow:
        for row in queries.mailboxes(self._account, viewer=self._viewer):
            if row.id == key:
                return row
        raise MailboxNotFound()


@contextmanager
def _named_conflicts(account: int, key: int | None, parent_id: int | None, name: str) -> Iterator[None]:
    """Say more exactly why the store refused a mailbox: whose name it is, or that there is no such parent."""
    try:
        yield
    except MailboxNotFound as error:
        if error.properties:
            raise invalid_properties("No such parent.", *error.properties) from error
        raise
    except MailboxNameTaken as error:
        place = (parent_id, unicodedata.normalize("NFC", name))
        for row in queries.mailboxes(account):
            if (row.parent_id, row.name) == place and row.id != key:
                existing = encode_id(IdKind.MAILBOX, row.id)
                raise SetError("alreadyExists", "The name is taken.", existingId=existing) from error
        raise
