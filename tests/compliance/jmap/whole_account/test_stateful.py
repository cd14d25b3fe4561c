"""The machine is run for a few seconds here; `PIRAB_STATEFUL_MINUTES=30` runs it for as long as that says."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.store import tallies
from tests.compliance.jmap.whole_account.machine import TwoAccounts
from tests.conftest import Member

MINUTES = float(os.environ.get("PIRAB_STATEFUL_MINUTES", "0"))


@pytest.fixture(autouse=True)
def some_threads_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their counts are kept, those of the others are not."""
    monkeypatch.setattr(tallies, "LONG", 3)


def run(make_member: Callable[..., Member], examples: int, steps: int, phases: tuple[Phase, ...]) -> None:
    class Fresh(TwoAccounts):
        def __init__(self) -> None:
            person, other = make_member(), make_member()
            directory.grant(person.person_id, other.account_id, Role.OWNER)
            super().__init__(person, other.account_id)

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_sequence_agrees_with_the_model(make_member: Callable[..., Member]) -> None:
    run(make_member, 8, 25, (Phase.generate, Phase.shrink))


@pytest.mark.skipif(not MINUTES, reason="PIRAB_STATEFUL_MINUTES says for how long")
@pytest.mark.timeout(0)
@pytest.mark.django_db(transaction=True)
def test_for_as_long_as_asked(make_member: Callable[..., Member]) -> None:
    end = time.monotonic() + MINUTES * 60
    rounds = 0
    while time.monotonic() < end:
        run(make_member, 40, 50, (Phase.generate, Phase.shrink))
        rounds += 1
    print(f"{rounds * 40} sequences of up to 50 steps without a counterexample")


def _forget_unread(moves: tallies.Moves) -> tallies.Moves:
    for counts in moves.mailboxes.values():
        counts.unread_emails = 0
    return moves


def _pieces(name: str) -> ModuleType:
    """A module of the store's queries; the package shows functions of the same names."""
    return importlib.import_module(f"pirab.store.queries.{name}")


BUGS: dict[str, tuple[object, str, Callable[[Any], Any]]] = {
    "a counter is forgotten": (tallies, "_moves", _forget_unread),
    "a change is not told": (
        _pieces("changes"),
        "_change_set",
        lambda found: msgspec.structs.replace(found, updated=found.updated[1:]),
    ),
    "a destroyed object is not told": (
        _pieces("changes"),
        "_change_set",
        lambda found: msgspec.structs.replace(found, destroyed=[]),
    ),
    "a list is not told of all that moved": (
        _pieces("query_changes"),
        "_touched",
        lambda touched: set(sorted(touched)[1:]),
    ),
}


QUICK = ("a counter is forgotten",)
"""What is found within seconds; the others are planted when there is time."""


@pytest.mark.parametrize("bug", BUGS if MINUTES else QUICK)
def test_a_planted_bug_is_found(
    make_member: Callable[..., Member], monkeypatch: pytest.MonkeyPatch, bug: str
) -> None:
    owner, name, change = BUGS[bug]
    right = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *args, **named: change(right(*args, **named)))
    with pytest.raises(AssertionError):
        run(make_member, 60, 40, (Phase.generate,))
