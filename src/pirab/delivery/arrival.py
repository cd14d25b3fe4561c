"""The memory of what came in lately, by which a message that is sent again becomes no second email.

SMTP repeats itself: when a reply is lost (a killed process, a cut line) the sender sends the whole message
again, and Postfix queues it as a new one (rfc1047). Its bytes then differ in the Received field, its kernel
(`trace.kernel`) does not. The first passage writes kernel → digest; later ones take the stored message
instead of theirs, and the store answers that the account has it already. An account that does not have it yet
shares the stored copy.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from pirab.core import db
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import MessageRef

MEMORY: Final = timedelta(days=3)
"""How long a repetition is recognised; senders try again within minutes, the slow ones within a day."""


def stored_once(content: bytes, kernel: bytes | None, arrived_at: datetime) -> MessageRef:
    """The message row for `content` or for its equal that came before. Needs a transaction."""
    if kernel is None:
        return store.ensure_message(content)
    own = hashlib.sha256(content).digest()
    first = _remember(kernel, own, arrived_at)
    if first == own:
        return store.ensure_unseen_message(content)
    return stored.message_ref(first) or store.ensure_message(content)


def forget(before: datetime) -> int:
    """Delete what arrived earlier than `before`; returns how many."""
    return db.execute("delete from delivery_arrival where arrived_at < %s", (before,))


def _remember(kernel: bytes, digest: bytes, arrived_at: datetime) -> bytes:
    """Write kernel → digest unless another delivery was faster; returns the digest that counts.

    While the other one is not committed this waits for it. A row whose message has been collected is taken
    over.
    """
    kept = db.scalar(
        """
        insert into delivery_arrival (kernel, digest, arrived_at) values (%(kernel)s, %(digest)s, %(at)s)
        on conflict (kernel) do update
           set digest = case when exists (select from store_message g where g.digest =
           delivery_arrival.digest)
                             then delivery_arrival.digest else excluded.digest end
        returning digest
        """,
        {"kernel": kernel, "digest": digest, "at": arrived_at},
    )
    return bytes(kept)
