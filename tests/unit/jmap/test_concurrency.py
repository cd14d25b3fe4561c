"""maxConcurrentRequests (rfc8620#2)."""

from __future__ import annotations

import pytest

from pirab.jmap.concurrency import PerPerson
from pirab.jmap.problems import RequestProblem


def test_one_person_has_so_many_and_no_more() -> None:
    gate = PerPerson("maxConcurrentRequests", 2)
    with gate.hold(1), gate.hold(1):
        with pytest.raises(RequestProblem) as caught, gate.hold(1):
            pass
        with gate.hold(2):
            pass
    assert caught.value.members == {"limit": "maxConcurrentRequests"}
    with gate.hold(1):
        pass


def test_a_place_is_given_back_whatever_happens() -> None:
    gate = PerPerson("x", 1)
    for _ in range(3):
        with pytest.raises(ValueError, match="boom"), gate.hold(1):
            raise ValueError("boom")
    assert gate._under_way == {}
