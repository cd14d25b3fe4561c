"""How many requests one person may have under way in this process (rfc8620#2 maxConcurrent…)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pirab.jmap import problems


class PerPerson:
    """Counts what is under way for each person, up to `most`; `limit` is the limit's name in the capability.

    Each process counts for itself, so over several processes a person gets more than promised, never less.
    """

    def __init__(self, limit: str, most: int) -> None:
        self._limit = limit
        self._most = most
        self._under_way: dict[int, int] = {}
        self._guard = threading.Lock()

    @contextmanager
    def hold(self, person_id: int) -> Iterator[None]:
        """Count one for the length of the block; raises the `limit` problem when the person has too many."""
        with self._guard:
            present = self._under_way.get(person_id, 0)
            if present >= self._most:
                raise problems.over_limit(self._limit, self._most)
            self._under_way[person_id] = present + 1
        try:
            yield
        finally:
            self._release(person_id)

    def _release(self, person_id: int) -> None:
        with self._guard:
            left = self._under_way[person_id] - 1
            if left:
                self._under_way[person_id] = left
            else:
                del self._under_way[person_id]
