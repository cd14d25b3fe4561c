"""What a verdict means for the place of a message; one rule for mail from outside and from inside."""

from pirab.scanning.types import Action, Verdict
from pirab.store.types import MailboxRole


def mailbox_role(verdict: Verdict) -> MailboxRole:
    """The role of the mailbox a message goes to; raises `ValueError` for one not to be delivered."""
    match verdict.action:
        case Action.ACCEPT:
            return MailboxRole.INBOX
        case Action.JUNK:
            return MailboxRole.JUNK
        case Action.REJECT | Action.DEFER:
            raise ValueError(f"{verdict.action.value} is no place")
