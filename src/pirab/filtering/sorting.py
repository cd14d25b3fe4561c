"""Where a letter goes in accounts that have filters: the step between the scanners and the store.

Mail that the scanners call junk goes to Junk, whatever a filter says, unless it says `$NotJunk`. What a filter discards
goes to Trash, read: nothing that was accepted is lost. A filter that cannot be run leaves the letter where it would be
without, and a note for its owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pirab.core.ids import IdKind, encode_id
from pirab.core.log import get_logger
from pirab.filtering import answers, redirection, troubles
from pirab.filtering.engine import (
    Folder,
    Folders,
    Letter,
    Outcome,
    RunError,
    Surroundings,
    run_scripts,
)
from pirab.filtering.scripts import active_scripts
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.arrivals import Incoming, Placement
from pirab.store.errors import StoreError
from pirab.store.types import MailboxDraft, MailboxRole, MailboxRow
from pirab.wire.sieve import Script

NOT_JUNK: Final = "$notjunk"
SEEN: Final = "$seen"
_SEPARATOR: Final = "/"
_log = get_logger(__name__)


def sort(incoming: Incoming) -> dict[int, Placement]:
    """Where the letter goes, for those of its recipients who have filters. Part of the delivering transaction."""
    active = active_scripts(incoming.recipients.keys())
    letter = Letter(incoming.content, incoming.reverse_path)
    return {account: _Sorting(incoming, letter, account).place(active[account]) for account in sorted(active)}


def folders_of(account_id: int) -> Folders:
    """The account's mailboxes as scripts may name them."""
    rows = {row.id: row for row in stored.mailboxes(account_id)}
    return Folders(
        [
            Folder(row.id, encode_id(IdKind.MAILBOX, row.id), _path(rows, row), row.role)
            for row in rows.values()
        ]
    )


def _path(rows: dict[int, MailboxRow], row: MailboxRow) -> str:
    names = [row.name]
    while row.parent_id is not None and row.parent_id in rows:
        row = rows[row.parent_id]
        names.append(row.name)
    return _SEPARATOR.join(reversed(names))


class _Sorting:
    """One letter coming into one account."""

    def __init__(self, incoming: Incoming, letter: Letter, account_id: int) -> None:
        self._incoming = incoming
        self._letter = letter
        self._account_id = account_id
        self._folders = folders_of(account_id)

    def place(self, scripts: Sequence[Script]) -> Placement:
        """Where it goes and what follows."""
        outcome = self._run(scripts)
        if outcome is None:
            return Placement(self._incoming.role)
        for problem in outcome.problems:
            self._note(problem)
        is_junk = self._incoming.role is MailboxRole.JUNK and NOT_JUNK not in outcome.keywords
        is_discarded = not (outcome.is_kept or outcome.mailbox_ids or outcome.to_create or outcome.redirects)
        if is_discarded:
            return self._thrown_away(outcome)
        return Placement(MailboxRole.JUNK) if is_junk else self._sorted(outcome)

    def _run(self, scripts: Sequence[Script]) -> Outcome | None:
        path = self._incoming.recipients[self._account_id]
        try:
            return run_scripts(
                scripts, self._letter, Surroundings(path, self._incoming.received_at, self._folders)
            )
        except RunError as error:
            self._note(str(error))
        except Exception as error:  # noqa: BLE001 - the run is pure: a fault in it must not hold up the mail
            _log.error("filtering.fault", account=self._account_id, exc_info=error)
            self._note("the filters could not be run")
        return None

    def _sorted(self, outcome: Outcome) -> Placement:
        now = self._incoming.received_at
        forward = redirection.permitted(self._account_id, self._letter, outcome.redirects, now)
        places = [*outcome.mailbox_ids, *self._made(outcome.to_create)]
        if not (places or forward or outcome.is_kept):
            return self._with_following(
                Placement(MailboxRole.INBOX, keywords=outcome.keywords), outcome, forward
            )
        inbox = self._folders.by_use(MailboxRole.INBOX)
        if outcome.is_kept and inbox is not None:
            places.append(inbox)
        if not places:
            return self._with_following(self._thrown_away(outcome), outcome, forward)
        placement = Placement(MailboxRole.INBOX, tuple(dict.fromkeys(places)), outcome.keywords)
        return self._with_following(placement, outcome, forward)

    def _with_following(self, placement: Placement, outcome: Outcome, forward: list[str]) -> Placement:
        if not forward and outcome.reply is None:
            return placement

        def then(email_id: int) -> None:
            redirection.ask_for(self._account_id, email_id, self._incoming.reverse_path, forward)
            if outcome.reply is not None:
                answers.ask_for(self._incoming, self._letter, self._account_id, email_id, outcome.reply)

        return Placement(placement.role, placement.mailbox_ids, placement.keywords, then)

    def _thrown_away(self, outcome: Outcome) -> Placement:
        return Placement(MailboxRole.TRASH, keywords=outcome.keywords | {SEEN})

    def _made(self, paths: Sequence[str]) -> list[int]:
        """Mailboxes that `:create` asks for (rfc5490#3.2); one that can not be made means the inbox."""
        made: list[int] = []
        for path in paths:
            try:
                made.append(self._make(path))
            except StoreError as error:
                self._note(f"there is no mailbox {path[:100]!r}, and it could not be made: {error}")
                inbox = self._folders.by_use(MailboxRole.INBOX)
                made += [] if inbox is None else [inbox]
        return made

    def _make(self, path: str) -> int:
        parent: int | None = None
        names = path.split(_SEPARATOR)
        for depth in range(1, len(names) + 1):
            found = self._folders.by_path(_SEPARATOR.join(names[:depth]))
            if found is None:
                found = store.create_mailbox(self._account_id, MailboxDraft(names[depth - 1], parent))
            parent = found
        assert parent is not None, "a path has at least one name"
        return parent

    def _note(self, description: str) -> None:
        troubles.note(self._account_id, description, self._incoming.received_at)
