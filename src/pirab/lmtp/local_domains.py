"""Whether a domain is ours, asked six times a message and so remembered for a moment.

Only a yes is remembered: a domain that was just added is known at once, and one that was taken away is known
a few seconds longer, which at worst lets Postfix ask for a recipient who is no longer there.
"""

import time
from collections.abc import Callable
from typing import Final

REMEMBERED_SECONDS: Final = 5.0

MOST_REMEMBERED: Final = 1_000
"""Spellings kept; who writes our domains in odd letter cases can not make this grow."""


class LocalDomains:
    """Shared by the lookup threads. `is_local` asks the directory and may raise database errors."""

    def __init__(self, is_local: Callable[[str], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._is_local = is_local
        self._clock = clock
        self._until: dict[str, float] = {}

    def holds(self, domain: str) -> bool:
        """Whether mail for `domain` ends here."""
        now = self._clock()
        if self._until.get(domain, 0.0) > now:
            return True
        if not self._is_local(domain):
            return False
        if len(self._until) >= MOST_REMEMBERED:
            self._until.clear()
        self._until[domain] = now + REMEMBERED_SECONDS
        return True
