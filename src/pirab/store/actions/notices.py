"""Letters of the service itself, which a full account takes too."""

from __future__ import annotations

from datetime import datetime

from pirab.core import db
from pirab.store.filing import Filed, file_message
from pirab.store.ledger import open_ledger
from pirab.store.queries.messages import email_with_message
from pirab.store.types import MailboxRole, MessageRef, ObjectType, QuotaCrossing
from pirab.store.words import message_tokens


def note_quota_crossing(crossing: QuotaCrossing, notice: MessageRef | None, now: datetime) -> int | None:
    """Remember the level of the crossing and put the notice into the inbox, however full the account is.

    Returns the new email's id; None when there was no notice to give, or somebody else has noted the crossing.
    """
    tokens = message_tokens(notice) if notice is not None else ""
    with open_ledger(crossing.account_id) as ledger:
        noted = db.execute(
            "update store_account set quota_warned = %s where account_id = %s and quota_warned = %s",
            (crossing.level, crossing.account_id, crossing.warned),
        )
        if not noted or notice is None or email_with_message(crossing.account_id, notice.id) is not None:
            return None
        inbox = db.scalar(
            "select id from store_mailbox where account_id = %s and role = %s",
            (crossing.account_id, MailboxRole.INBOX),
        )
        email = file_message(ledger, notice, tokens, Filed((inbox,), frozenset(), now))
        ledger.touch(ObjectType.DELIVERY)
        return email.id
