"""Filling accounts through the store's own actions, by several processes at once.

What is shared is what Pirab shares in earnest: one message row, one blob. The letters of `reader@` and `deep@` are each
different; the crowd's accounts hold the same letters, one narrow row a person, as after many circulars.
"""

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Final

from django.db import connections

from benchmarks.mailbox import PROFILES, Folder, Letter, Profile, short_letters, write
from benchmarks.surroundings import BenchAccount, account, emails_in
from pirab.store.types import MailboxRole

READER: Final = "reader@pirab.test"
DEEP: Final = "deep@pirab.test"
CROWD: Final = "crowd.test"
_KEPT: Final = (MailboxRole.INBOX, MailboxRole.SENT, MailboxRole.ARCHIVE)
_PROCESSES: Final = 4
"""More than there are cores: they wait for the disk most of the time."""
_BATCH: Final = 25
"""Letters in one transaction."""


def reader(profile: Profile) -> BenchAccount:
    """The account with the mailbox of the profile, filled when it is not."""
    target = account(f"{profile.name}.{READER}")
    _fill(target, profile.inbox + 2 * (profile.inbox // 10), partial(_mailbox_part, profile.name))
    return target


def deep(profile: Profile) -> BenchAccount:
    """The account with very many short letters."""
    target = account(f"{profile.name}.{DEEP}")
    _fill(target, profile.deep_letters, partial(_short_part, profile.deep_letters, f"deep/{profile.name}"))
    return target


def crowd(profile: Profile) -> None:
    """Many other accounts that hold the same letters each."""
    from pirab.store import actions as store
    from pirab.store.spreading import Spread

    targets = [account(f"{number:04d}@{CROWD}").account_id for number in range(profile.crowd_accounts)]
    present = emails_in(targets[-1])
    if present >= profile.crowd_letters:
        return
    began = time.perf_counter()
    for letter in islice(short_letters(profile.crowd_letters, "crowd"), present, None):
        message = store.ensure_message(letter.raw)
        fanout = store.begin_fanout(
            message, targets, Spread(MailboxRole.INBOX, frozenset(), letter.received_at)
        )
        while store.run_chunk(fanout):
            pass
    _say(f"{len(targets)} accounts of {profile.crowd_letters}", began)


def _fill(target: BenchAccount, wanted: int, part: Callable[[int], Iterator[Letter]]) -> None:
    if emails_in(target.account_id) >= wanted:
        return
    began = time.perf_counter()
    connections.close_all()  # a connection cannot be shared with a forked process
    processes = multiprocessing.get_context("fork")
    workers = [
        processes.Process(target=_file_part, args=(target.account_id, part, number))
        for number in range(_PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode != 0:
            raise SystemExit("filling the account failed; see above")
    _say(f"{emails_in(target.account_id)} letters", began)


def _mailbox_part(profile: str, number: int) -> Iterator[Letter]:
    return islice(write(PROFILES[profile]), number, None, _PROCESSES)


def _short_part(many: int, seed: str, number: int) -> Iterator[Letter]:
    return short_letters(len(range(number, many, _PROCESSES)), f"{seed}/{number}")


def _file_part(account_id: int, part: Callable[[int], Iterator[Letter]], number: int) -> None:
    """What one process does: its share of the letters, some in each transaction."""
    from pirab.core import db
    from pirab.store import queries as store

    db.plan_statements_once()
    db.execute("set synchronous_commit = off")  # a benchmark's letters are made again when they are lost
    boxes = {Folder(box.role): box.id for box in store.mailboxes(account_id) if box.role in _KEPT}
    letters = part(number)
    while batch := list(islice(letters, _BATCH)):
        _file(account_id, boxes, batch)


def _file(account_id: int, boxes: dict[Folder, int], letters: list[Letter]) -> None:
    from pirab.core import db
    from pirab.store import actions as store
    from pirab.store.errors import AlreadyExists

    messages = [store.ensure_message(letter.raw) for letter in letters]
    with db.transaction():
        for letter, message in zip(letters, messages, strict=True):
            try:
                store.create_email(
                    account_id, message, {boxes[letter.folder]}, letter.keywords, letter.received_at
                )
            except AlreadyExists:
                continue  # an earlier run was stopped half-way


def _say(what: str, began: float) -> None:
    print(f"[filling] {what} in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
