"""Every operation and every method x everybody: what each of them is answered stands in `matrix.tsv`.

A row is an operation (`GET /api/v1/search`) or a method (`JMAP Email/get`), what is sent with it, and the answer for
each role: a status, or for methods `ok` or the type of the error. `{name}` in a path is a name of the scene; `$name`
stands for it in what is sent. An operation without a row fails, and so does a row without an operation.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import pytest
from django.db import transaction

from pirab.jmap import registry
from pirab.openapi.api import api
from tests.compliance.access.scene import ROLES, Scene

TABLE: Final = Path(__file__).with_name("matrix.tsv")


class Row(msgspec.Struct, frozen=True):
    """A line of the table."""

    operation: str
    given: str
    expected: dict[str, str]


def rows() -> list[Row]:
    """The table."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == ["operation", "given", *ROLES]
    cells = [line.split("\t") for line in lines[1:]]
    return [Row(line[0], line[1], dict(zip(ROLES, line[2:], strict=True))) for line in cells]


def operations() -> set[str]:
    """Everything that can be asked for, as the product itself describes it."""
    described = {
        f"{verb.upper()} {path}"
        for path, verbs in api.get_openapi_schema()["paths"].items()
        for verb in verbs
    }
    return described | {f"JMAP {name}" for name in registry.method_names()}


class _Trial(transaction.Atomic):
    """A transaction the product may open durable ones in; it is always undone."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)
        self._from_testcase = True

    def __exit__(self, *_: object) -> None:
        transaction.set_rollback(True)
        super().__exit__(None, None, None)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Scene]:
    """One scene for all rows; whatever a request changes is undone before the next."""
    with django_db_blocker.unblock(), _Trial():  # type: ignore[attr-defined]
        yield Scene()


def test_every_operation_has_its_row() -> None:
    told = {row.operation for row in rows()}
    assert operations() - told == set(), "rows are missing in matrix.tsv"
    assert told - operations() == set(), "these are no operations any more"


@pytest.mark.django_db
@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.operation} {row.given}"[:90])
def test_who_is_answered_what(scene: Scene, row: Row) -> None:
    assert answers(scene, row) == row.expected


def answers(scene: Scene, row: Row) -> dict[str, str]:
    """What each role is answered, each as if it were the first to ask."""
    found = {}
    verb, _, path = row.operation.partition(" ")
    for role in ROLES:
        with _Trial():
            if verb == "JMAP":
                found[role] = scene.method(role, path, row.given)
            else:
                path_of_scene = path.replace("{", "${")
                found[role] = str(scene.call(role, verb, path_of_scene, row.given).status_code)
    return found
