"""What a verdict means for the place of a message; one rule for mail from outside and from inside."""

from pirab.scanning.types import Action, Verdict
from pirab.store.types import MailboxRole


def mailbox_role(verdict: Verdict) -> MailboxRole:
    """The role of the mailbox an accepted message goes to. Raises `ValueError` for one that must not be
    delivered.
    """
    match verdict.action:
        case Action.ACCEPT:
            return MailboxRole.INBOX
        case Action.JUNK:
            return MailboxRole.JUNK
        case Action.REJECT | Action.DEFER:
            raise ValueError(f"{verdict.action.value} is no place")
