"""A mail account as simple as can be: sets and dictionaries in memory, read straight from the RFCs' sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

SUBJECTS = ("งบประมาณ", "ประชุม")
READ = {"$seen", "$draft"}


@dataclass(frozen=True)
class Letter:
    """A message: `number` is its Message-ID, `answers` the one it refers to."""

    number: int
    answers: int | None
    subject: str
    raw: bytes
    has_attachment: bool


@dataclass(frozen=True)
class Copy:
    """What an account holds of a letter."""

    letter: Letter
    thread: str
    keywords: frozenset[str]
    boxes: frozenset[str]
    minute: int


@dataclass
class Account:
    """One account: emails by id, mailboxes by id with their name and parent."""

    emails: dict[str, Copy] = field(default_factory=dict)
    boxes: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    ever: dict[str, Copy] = field(default_factory=dict)
    """Every email there was, as it was last: what destroyed mail is restored from."""

    @property
    def used_octets(self) -> int:
        return sum(len(each.letter.raw) for each in self.emails.values())

    def holder(self, letter: Letter) -> str | None:
        """The email of this very letter, if the account has it."""
        return next((key for key, each in self.emails.items() if each.letter == letter), None)

    def possible_threads(self, letter: Letter) -> set[str]:
        """Threads with a message-id in common and the same subject (rfc8621#3): none means a new one."""
        ids = {letter.number, letter.answers} - {None}
        return {
            each.thread
            for each in self.emails.values()
            if each.letter.subject == letter.subject and ids & {each.letter.number, each.letter.answers}
        }

    def add(self, email_id: str, copy: Copy) -> None:
        """Take in a new email; its id and its thread's must be what they can be."""
        assert email_id not in self.ever, "an id is never used again"
        possible = self.possible_threads(copy.letter)
        known = {each.thread for each in self.emails.values()}
        assert copy.thread in possible if possible else copy.thread not in known
        self.emails[email_id] = self.ever[email_id] = copy

    def change(self, email_id: str, **values: Any) -> None:
        self.emails[email_id] = self.ever[email_id] = replace(self.emails[email_id], **values)

    def threads(self) -> dict[str, set[str]]:
        members: dict[str, set[str]] = defaultdict(set)
        for key, each in self.emails.items():
            members[each.thread].add(key)
        return dict(members)

    def counters(self, box: str) -> tuple[int, int, int, int]:
        """totalEmails, unreadEmails, totalThreads, unreadThreads (rfc8621#2)."""
        held = [each for each in self.emails.values() if box in each.boxes]
        unread = [each for each in held if not each.keywords & READ]
        return len(held), len(unread), len({e.thread for e in held}), len({e.thread for e in unread})

    def remove_box(self, box: str) -> None:
        """Destroy a mailbox: what was only there goes with it (onDestroyRemoveEmails)."""
        del self.boxes[box]
        for key, each in list(self.emails.items()):
            if each.boxes == {box}:
                del self.emails[key]
            elif box in each.boxes:
                self.change(key, boxes=each.boxes - {box})

    def matching(self, condition: dict[str, Any]) -> set[str]:
        """Ids of the emails for which every member of a FilterCondition holds (rfc8621#4.4.1)."""
        tests = [_CONDITIONS[name](self, value) for name, value in condition.items()]
        return {key for key, each in self.emails.items() if all(test(each) for test in tests)}

    def thread_keywords(self, copy: Copy) -> list[frozenset[str]]:
        return [each.keywords for each in self.emails.values() if each.thread == copy.thread]


Test = Callable[[Copy], bool]

_CONDITIONS: dict[str, Callable[[Account, Any], Test]] = {
    "inMailbox": lambda _, box: lambda each: box in each.boxes,
    "inMailboxOtherThan": lambda _, boxes: lambda each: bool(each.boxes - set(boxes)),
    "hasKeyword": lambda _, word: lambda each: word in each.keywords,
    "notKeyword": lambda _, word: lambda each: word not in each.keywords,
    "someInThreadHaveKeyword": lambda account, word: (
        lambda each: any(word in held for held in account.thread_keywords(each))
    ),
    "allInThreadHaveKeyword": lambda account, word: (
        lambda each: all(word in held for held in account.thread_keywords(each))
    ),
    "noneInThreadHaveKeyword": lambda account, word: (
        lambda each: not any(word in held for held in account.thread_keywords(each))
    ),
    "subject": lambda _, text: lambda each: text in each.letter.subject,
    "hasAttachment": lambda _, wanted: lambda each: each.letter.has_attachment == wanted,
    "minSize": lambda _, size: lambda each: len(each.letter.raw) >= size,
}
