"""What the search wants to know from rooms above; `pirab.conf` fills it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

CorrespondentsProvider = Callable[[int], Mapping[int, float]]
"""Given a person's key: keys of people they write with, each with a weight above 0, more for more letters. A few
hundred at most, in a millisecond or so: it is asked at every key stroke."""

_providers: list[CorrespondentsProvider] = []


def register_correspondents(provider: CorrespondentsProvider) -> None:
    """Have `provider` asked whom the asker writes with. Registering it again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def forget_correspondents(provider: CorrespondentsProvider) -> None:
    """Ask `provider` no longer."""
    _providers.remove(provider)


def correspondents(person_id: int) -> dict[int, float]:
    """Whom the person writes with, the sum of what all providers say."""
    weights: dict[int, float] = {}
    for provider in _providers:
        for other, weight in provider(person_id).items():
            weights[other] = weights.get(other, 0.0) + weight
    return weights
