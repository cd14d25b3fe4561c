"""A thread as long as the deep account: flag one letter of it, open it, list it, deliver into it."""

import itertools
import time
from collections.abc import Callable

from benchmarks import filling, lmtp
from benchmarks.jmap_client import JmapClient, inbox_calls
from benchmarks.mailbox import Profile
from benchmarks.measuring import measure
from benchmarks.results import Seen
from benchmarks.surroundings import BenchAccount, account, emails_in
from pirab.core import clock, db
from pirab.core.ids import IdKind, encode_id
from pirab.store import actions as store
from pirab.store import queries
from pirab.store.types import Delivery, MailboxRole

ADDRESS = "thread@pirab.test"
_ROOT = "<root@thread.pirab.test>"
_ROUNDS = 100
_ON_A_SCREEN = 20


def run(profile: Profile) -> list[Seen]:
    """Each by one client, through the door that people use."""
    target = account(f"{profile.name}.{ADDRESS}")
    thread = _fill(target, filling.deep(profile), profile.deep_letters)
    client = JmapClient(target)
    size = f"{emails_in(target.account_id):,} letters"
    listing = client.request(*inbox_calls(client))
    return [
        *measure(_flagging(client), _ROUNDS).figures("thread.flag", size),
        *measure(lambda: client.post(listing), _ROUNDS).figures("thread.inbox", size),
        *measure(_opening(client, thread), 20, warm_up=3).figures("thread.open", size),
        *measure(_delivering(target), _ROUNDS).figures("thread.deliver", size),
    ]


def _flagging(client: JmapClient) -> Callable[[], object]:
    [email] = client.newest(1)
    signs = itertools.cycle((True, None))

    def work() -> None:
        patch = {"keywords/$seen": next(signs)}
        [answer] = client.call(("Email/set", {"update": {email: patch}}, "s"))
        if answer.get("notUpdated"):
            raise SystemExit(f"not flagged: {answer['notUpdated']}")

    return work


def _opening(client: JmapClient, thread: str) -> Callable[[], object]:
    def work() -> None:
        [found] = client.call(("Thread/get", {"ids": [thread]}, "t"))
        newest = found["list"][0]["emailIds"][-_ON_A_SCREEN:]
        properties = ["keywords", "from", "subject", "receivedAt", "preview"]
        client.call(("Email/get", {"ids": newest, "properties": properties}, "g"))

    return work


def _delivering(target: BenchAccount) -> Callable[[], object]:
    numbers = itertools.count(time.time_ns())

    def work() -> None:
        number = next(numbers)
        raw = _letter(f"<{number}@thread.pirab.test>", f"In-Reply-To: {_ROOT}\r\nReferences: {_ROOT}\r\n")
        lmtp.send([(f"T{number}", raw)], target.address)

    return work


def _letter(message_id: str, headers: str = "") -> bytes:
    subject = "Subject: Re: long thread\r\n" if headers else "Subject: long thread\r\n"
    head = f"From: a@outside.test\r\nTo: {ADDRESS}\r\nMessage-ID: {message_id}\r\n{subject}{headers}"
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\nเรียนเพื่อทราบ\r\n".encode()


def _fill(target: BenchAccount, source: BenchAccount, wanted: int) -> str:
    """The thread: a first letter, and the letters of the deep account as answers to it. Returns its id."""
    root = store.ensure_message(_letter(_ROOT))
    [outcome] = store.deliver(root, [Delivery(target.account_id, clock.now())])
    assert outcome.email_id is not None
    [row] = queries.email_rows(target.account_id, [outcome.email_id])
    if emails_in(target.account_id) < wanted:
        box = queries.mailbox_with_role(target.account_id, MailboxRole.INBOX).id
        with db.transaction():
            params = {"to": target.account_id, "from": source.account_id, "thread": row.thread_id, "box": box}
            for statement in _COPY:
                db.execute(statement, params)
        for table in ("store_email", "store_email_mailbox"):
            db.execute(f"analyze {table}")
        store.repair_counters(target.account_id)
    return encode_id(IdKind.THREAD, row.thread_id)


# By hand, for filing them one by one takes a quarter of an hour, and none of them belongs into the thread. They have no
# words: nobody searches here, and these would take as long.
_COPY = (
    """
    insert into store_email (account_id, message_id, thread_id, received_at, modseq, size, flags, has_attachment)
    select %(to)s, message_id, %(thread)s, received_at, 0, size, flags, has_attachment
      from store_email s where account_id = %(from)s and has_shared_words = false
       and not exists (select from store_email e where e.account_id = %(to)s and e.message_id = s.message_id)
    """,
    """
    insert into store_email_mailbox (account_id, mailbox_id, email_id, thread_id, received_at, uid)
    select account_id, %(box)s, id, thread_id, received_at, 1000000 + row_number() over (order by received_at)
      from store_email where account_id = %(to)s and modseq = 0
    on conflict do nothing
    """,
    """
    update store_mailbox set uid_next = 3000000 where account_id = %(to)s and id = %(box)s
    """,
)
