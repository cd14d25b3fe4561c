"""One letter to many people: 10,000 and 300,000 accounts, with somebody who reads and somebody who sends beside it.

The people are accounts of the store alone, made in bulk: nobody signs in to them. Octets are what tables, indexes and
blobs grew by, over several letters to people who had none: the pages of an index that all of them enter are full, and
split, at the same time, so that one letter alone may cost twice as much as the next or half.
"""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from benchmarks import filling, lmtp
from benchmarks.jmap_client import JmapClient, inbox_calls
from benchmarks.mailbox import Profile
from benchmarks.results import Seen
from benchmarks.surroundings import cpu_of_services, environment, letters
from pirab.core import clock, db
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.actions.accounts import ROLE_MAILBOXES
from pirab.store.spreading import Spread
from pirab.store.types import EmailQuery, FanoutProgress, FanoutState, FilterCondition, MailboxRole
from pirab.wire.compose import Attachment, Draft, compose
from pirab.wire.types import Address

_FIRST: Final = 900_000_001
"""Account numbers far above those of the directory."""
_NEWCOMERS: Final = 950_000_001
"""And of those opened anew in each run."""
_OCTETS: Final = 500_000
_LETTERS: Final = 6
_PATIENCE_SECONDS: Final = 600.0
_QUIET_SECONDS: Final = 8.0
_PEOPLE: Final = {"full": (10_000, 300_000), "small": (1_000, 10_000)}


def run(profile: Profile) -> list[Seen]:
    """A circular to each of the two numbers of people."""
    few, many = _PEOPLE[profile.name]
    _people(many)
    return [*_to_few(few), *_to_many(many, profile)]


def _to_few(few: int) -> list[Seen]:
    _send(_FIRST, few)  # once before it counts: plans, caches
    first = _newcomers(few)
    before = _octets()
    with cpu_of_services() as cpu:
        sent = [_send(first, few) for _ in range(_LETTERS)]
    each = (_octets() - before) / (few * _LETTERS)
    times = sorted(seconds for seconds, _ in sent)
    _find(first + few // 2, sent[-1][1])
    return [
        Seen(
            "circular.s",
            statistics.median(times),
            note=f"{few:,} people, {_LETTERS} letters, {times[0]:.2f} to {times[-1]:.2f} s;"
            f" CPU ms of PostgreSQL a person {1000 * cpu.seconds['postgres'] / (few * _LETTERS):.3f}",
        ),
        Seen("circular.bytes", each, note=f"tables, indexes and the letter itself, over {_LETTERS} letters"),
    ]


def _to_many(many: int, profile: Profile) -> list[Seen]:
    reader, sender = Others("reader", _reading(profile)), Others("sender", lmtp.one_by_one())
    with reader.working("quiet"), sender.working("quiet"):
        time.sleep(_QUIET_SECONDS)
    with reader.working("beside"), sender.working("beside"):
        seconds, progress = _send(_FIRST, many)
    _find(_FIRST + many - 1, progress)
    worst = max((reader, sender), key=lambda each: each.ratio())
    return [
        Seen("circular300k.s", seconds, note=f"{progress.stored:,} of {many:,}"),
        Seen("circular300k.others", worst.ratio(), note=f"{reader.told()}; {sender.told()}"),
    ]


@dataclass
class Others:
    """Somebody who does one thing again and again, in peace and beside a circular."""

    name: str
    work: Callable[[], object]
    times: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def working(self, when: str) -> Iterator[None]:
        """Have the work done while the block runs, with pauses as people make them."""
        self.times[when] = []
        is_over = threading.Event()
        thread = threading.Thread(target=self._repeat, args=(self.times[when], is_over))
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def _repeat(self, times: list[float], is_over: threading.Event) -> None:
        while not is_over.wait(0.02):
            began = time.perf_counter()
            self.work()
            times.append(1000 * (time.perf_counter() - began))

    def p95(self, when: str) -> float:
        """Milliseconds."""
        return statistics.quantiles(self.times[when], n=20)[-1]

    def ratio(self) -> float:
        """Beside the circular : in peace."""
        return self.p95("beside") / self.p95("quiet")

    def told(self) -> str:
        return f"{self.name} p95 {self.p95('quiet'):.1f} → {self.p95('beside'):.1f} ms"


def _reading(profile: Profile) -> Callable[[], object]:
    client = JmapClient(filling.reader(profile))
    body = client.request(*inbox_calls(client))
    return lambda: client.post(body)


def _send(first: int, many: int) -> tuple[float, FanoutProgress]:
    """Seconds from handing it in to the last account."""
    raw = _circular()
    began = time.perf_counter()
    message = store.ensure_message(raw)
    spread = Spread(MailboxRole.INBOX, frozenset(), clock.now())
    fanout_id = store.begin_fanout(message, range(first, first + many), spread)
    while time.perf_counter() - began < _PATIENCE_SECONDS:
        progress = stored.fanout_progress(fanout_id)
        if progress.state is FanoutState.DONE:
            break
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    if progress.stored != many:
        raise SystemExit(f"not everybody has it: {progress}")
    return seconds, progress


def _circular() -> bytes:
    text = next(letters(1, seed=time.time_ns() % 10**9))
    draft = Draft(
        from_=(Address("สำนักนายกรัฐมนตรี", "circular@pirab.test"),),
        to=(Address("ทุกส่วนราชการ", "everybody@pirab.test"),),
        subject="หนังสือเวียน นร 0506/ว 5",
        message_id=f"{time.time_ns()}@pirab.test",
        date=clock.now(),
        text=text.decode("utf-8", "ignore")[:4_000],
        attachments=(Attachment("application/octet-stream", "หนังสือเวียน.bin", os.urandom(_OCTETS * 3 // 4)),),
    )
    return compose(draft)


def _find(account_id: int, progress: FanoutProgress) -> None:
    found = stored.query_emails(account_id, EmailQuery(FilterCondition(text="หนังสือเวียน"), limit=50)).ids
    if stored.email_with_message(account_id, progress.message_id) not in found:
        raise SystemExit("a circular that arrived is not found by its words")


def _people(many: int) -> None:
    """Accounts with their six mailboxes, as `store.open_account` makes them one by one."""
    have = db.scalar(
        "select count(*) from store_account where account_id >= %s and account_id < %s", (_FIRST, _NEWCOMERS)
    )
    if have < many:
        _open(_FIRST + have, many - have)


def _newcomers(many: int) -> int:
    """As many accounts that no letter ever came to; the number of the first of them."""
    last = db.scalar("select max(account_id) from store_account where account_id >= %s", (_NEWCOMERS,))
    first: int = _NEWCOMERS if last is None else last + 1
    _open(first, many)
    return first


def _open(first: int, many: int) -> None:
    db.execute(
        "insert into store_account (account_id, quota_bytes, modseq, mailbox_state)"
        " select %s::bigint + n, 3000000000, 6, 6 from generate_series(0, %s::int - 1) n",
        (first, many),
    )
    for role, (name, order) in ROLE_MAILBOXES.items():
        db.execute(
            "insert into store_mailbox (account_id, name, role, sort_order)"
            " select %s::bigint + n, %s, %s, %s from generate_series(0, %s::int - 1) n",
            (first, name, role.value, order, many),
        )
    db.execute("analyze store_account")
    db.execute("analyze store_mailbox")


def _octets() -> int:
    """Of everything a letter leaves behind; what a later circular would find again is not given back."""
    tables = int(
        db.scalar(
            "select sum(pg_total_relation_size(oid)) from pg_class where relkind = 'r'"
            " and (relname like 'store%%' or relname like 'blob%%')"
        )
    )
    blobs = environment().blob_dir
    return tables + sum(each.stat().st_size for each in blobs.rglob("*") if each.is_file())
