"""A blob store of the test's own, and a table that refers to blobs."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from pytest_django.fixtures import Settings

from pirab.blob import registry
from pirab.core import db
from pirab.core.keyring import ensure_keyring


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> Path:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, home=tmp_path)
    ensure_keyring(settings.ENVIRONMENT.keyring_dir, lambda: False)
    return tmp_path


@pytest.fixture
def letters(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """`letters(digest)` makes the only registered table refer to a blob."""
    db.execute("create table test_letter (digest bytea)")
    monkeypatch.setattr(registry, "_references", {("test_letter", "digest")})
    yield lambda digest: (db.execute("insert into test_letter values (%s)", (digest,)), None)[1]
    db.execute("drop table test_letter")


@pytest.fixture
def age(transactional_db: None) -> Callable[..., None]:
    """`age(hours)` makes every row and object as old as if the clock had moved on."""

    def make_older(hours: float, root: Path) -> None:
        import os

        db.execute("update blob_blob set touched_at = touched_at - make_interval(hours => %s)", (int(hours),))
        for path in root.rglob("*"):
            if path.is_file():
                status = path.stat()
                os.utime(path, (status.st_atime - hours * 3600, status.st_mtime - hours * 3600))

    return make_older


class Worker(threading.Thread):
    """Runs one call on a database connection of its own; `outcome()` gives its value or raises its error."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._call = call
        self._value: object = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._value = self._call()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that asks
            self._error = error
        finally:
            connections.close_all()

    def outcome(self) -> object:
        self.join(60)
        assert not self.is_alive()
        if self._error is not None:
            raise self._error
        return self._value


@pytest.fixture
def test_database(transactional_db: None) -> str:
    return str(connection.settings_dict["NAME"])
