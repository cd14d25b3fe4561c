"""How many letters, how large, and where the planted words stand."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from benchmarks.mailbox.letters import Folder, Letter, Wish, Writer
from benchmarks.mailbox.vocabulary import COMMON, DEEP, RARE

_FIRST_DAY: Final = datetime(2024, 11, 1, tzinfo=UTC)
_DAYS: Final = 730
NO_LETTER_AFTER: Final = _FIRST_DAY + timedelta(days=_DAYS)
"""What is newer came in later and is no part of the mailbox: other benchmarks and notices of the service write too."""
LETTER_20KB_FROM_END: Final = 20
"""The letter of 20 kB without attachment is the twentieth newest of the inbox."""
LETTER_2MB_FROM_END: Final = 30
"""The letter with the attachment of 2 MB is the thirtieth newest of the inbox."""


@dataclass(frozen=True)
class Profile:
    """A mailbox: letters in the inbox, a fifth more in other folders, octets of the largest attachment."""

    name: str
    inbox: int
    largest_attachment: int
    crowd_accounts: int
    crowd_letters: int
    deep_letters: int
    """Letters of the deep account; the crowd are the neighbours it grows among."""

    def true_hits(self, word: str) -> int:
        """In how many letters of the inbox a planted word stands."""
        return self.inbox * {RARE: 40, COMMON: 2_000, DEEP: 47}[word] // 10_000


PROFILES: Final = {
    "small": Profile("small", 1_000, 200_000, 50, 50, 2_000),
    "full": Profile("full", 10_000, 2_000_000, 1_000, 1_000, 100_000),
}


def write(profile: Profile, seed: int = 2569) -> Iterator[Letter]:
    """All letters of the mailbox: the inbox in order of time, then the other folders."""
    writer = Writer(f"{seed}/{profile.name}")
    plan = random.Random(f"plan/{seed}/{profile.name}")
    planted: dict[int, list[str]] = {}
    for word in (RARE, COMMON, DEEP):
        for place in plan.sample(range(profile.inbox), profile.true_hits(word)):
            planted.setdefault(place, []).append(word)
    for place, when in enumerate(_times(plan, profile.inbox)):
        yield writer.write(_inbox_wish(plan, profile, place, when, tuple(planted.get(place, ()))))
    for folder in (Folder.SENT, Folder.ARCHIVE):
        for when in _times(plan, profile.inbox // 10):
            yield writer.write(_wish(plan, profile, folder, when, ()))


def short_letters(many: int, seed: str) -> Iterator[Letter]:
    """Letters of one to three kB without attachments, for accounts that must hold very many."""
    writer, plan = Writer(seed), random.Random(f"plan/{seed}")
    for when in _times(plan, many):
        yield writer.write(Wish(when, Folder.INBOX, plan.randint(100, 900), 0, is_html=False))


def _times(plan: random.Random, many: int) -> list[datetime]:
    return sorted(_FIRST_DAY + timedelta(seconds=plan.randrange(_DAYS * 86_400)) for _ in range(many))


def _inbox_wish(
    plan: random.Random, profile: Profile, place: int, when: datetime, planted: tuple[str, ...]
) -> Wish:
    from_end = profile.inbox - place
    if from_end == LETTER_20KB_FROM_END:
        return Wish(when, Folder.INBOX, 4_000, 0, planted, is_html=True)
    if from_end == LETTER_2MB_FROM_END:
        return Wish(when, Folder.INBOX, 1_500, 2_000_000, planted, is_html=True, is_pdf=True)
    return _wish(plan, profile, Folder.INBOX, when, planted)


def _wish(
    plan: random.Random, profile: Profile, folder: Folder, when: datetime, planted: tuple[str, ...]
) -> Wish:
    text = int(600 * 30 ** (plan.random() ** 2))  # 0.6 to 18 kB, mostly short
    octets = 0
    if plan.random() < 0.15:
        octets = int(20_000 * (profile.largest_attachment / 20_000) ** (plan.random() ** 1.4))
    return Wish(when, folder, text, octets, planted)
