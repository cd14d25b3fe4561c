"""Registered references become SQL, so their names are checked."""

from __future__ import annotations

import pytest

from pirab.blob import registry


@pytest.mark.parametrize(
    ("table", "column"),
    [("", "digest"), ("a b", "digest"), ('x"; drop table y', "digest"), ("T", "digest"), ("t", "1x")],
)
def test_strange_names_are_refused(table: str, column: str) -> None:
    with pytest.raises(registry.BadReference):
        registry.register_reference(table, column)


def test_a_reference_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_references", set())
    registry.register_reference("b", "digest")
    registry.register_reference("a", "digest")
    registry.register_reference("b", "digest")
    assert registry.references() == (("a", "digest"), ("b", "digest"))
