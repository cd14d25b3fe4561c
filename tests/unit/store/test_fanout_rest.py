"""A letter to many gives way to other work, and only where there is some."""

from __future__ import annotations

import pytest

from pirab.store.tasks import FANOUT_REST, rest_after


def test_on_an_idle_machine_no_time_is_lost() -> None:
    assert rest_after(took=0.1, quickest=0.1) == 0


def test_a_chunk_that_was_held_up_a_little_is_followed_by_a_short_rest() -> None:
    assert rest_after(took=0.12, quickest=0.1) == pytest.approx(0.02)


def test_others_cannot_stop_it_for_longer_than_a_part_of_a_chunk() -> None:
    assert rest_after(took=9.0, quickest=0.1) == pytest.approx(FANOUT_REST * 0.1)
