"""Email/set of a person who may only read a shared account: their own `$seen` and `$flagged`, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pirab.jmap.arguments import SetArguments
from pirab.jmap.errors import SetError
from pirab.jmap.set_outcome import SetOutcome
from pirab.store import queries
from pirab.store.keywords import PERSONAL
from pirab.store.types import EmailPatch, EmailRow


def only_updates(arguments: SetArguments, outcome: SetOutcome) -> SetArguments:
    """The call without its creates and destroys, which are refused one by one."""
    outcome.not_created.update({each: forbidden().as_object() for each in arguments.create or {}})
    outcome.not_destroyed.update({each: forbidden().as_object() for each in arguments.destroy or ()})
    return msgspec.structs.replace(arguments, create=None, destroy=None)


def more_than_marks(account: int, patches: Mapping[int, EmailPatch]) -> dict[int, SetError]:
    """The refusals of patches that would change what is everybody's. An Email that is not there is the store's to miss.

    Call it with the account held, so that what is compared is what will be changed.
    """
    rows = queries.email_rows(account, list(patches))
    return {row.id: forbidden() for row in rows if not _only_marks(row, patches[row.id])}


def forbidden() -> SetError:
    """What a reader is told (rfc8620#5.3)."""
    return SetError("forbidden", "You may read this account and mark its mail for yourself, no more.")


def _only_marks(row: EmailRow, patch: EmailPatch) -> bool:
    keywords = row.keywords if patch.set_keywords is None else patch.set_keywords
    keywords = (keywords | patch.add_keywords) - patch.remove_keywords
    mailboxes = frozenset(row.mailbox_ids) if patch.set_mailboxes is None else patch.set_mailboxes
    mailboxes = (mailboxes | patch.add_mailboxes) - patch.remove_mailboxes
    return not (keywords ^ row.keywords) - PERSONAL and mailboxes == frozenset(row.mailbox_ids)
