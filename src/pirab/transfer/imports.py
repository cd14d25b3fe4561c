"""Imports: the only writers and readers of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from pirab.blob import actions as blobs
from pirab.core import clock, db, jobs
from pirab.transfer.errors import ImportClosed, ImportNotFound, ImportTooLarge, TooManyImports, WrongPlace
from pirab.transfer.types import Import, ImportFormat, ImportState

IMPORT_TASK: Final = "transfer.import"
MOST_IMPORTS: Final = 5
LARGEST_PART: Final = 16_000_000
LARGEST_IMPORT: Final = 20_000_000_000
"""Octets of all imports of an account that are kept at a time."""
KEPT_FOR: Final = timedelta(days=3)
MOST_PROBLEMS: Final = 10_000
"""Problems told one by one; the number counts all."""
TOO_MANY_PROBLEMS: Final = 100_000
"""A file of which so much is no mail is not worth going on with."""

_COLUMNS: Final = """account_id, id, format, state, name, size, octets, place, total, imported, duplicates, problems,
                     created_at"""


def import_of(account_id: int, import_id: int) -> Import:
    """An import of the account; raises `ImportNotFound`."""
    return _import(db.row(_ONE, (account_id, import_id)))


def locked_import(account_id: int, import_id: int) -> Import:
    """The same, and nobody else changes it before the transaction ends."""
    return _import(db.row(_ONE + " for update", (account_id, import_id)))


_ONE: Final = f"select {_COLUMNS} from transfer_import where account_id = %s and id = %s"  # noqa: S608 - our own names


def imports_of(account_id: int) -> list[Import]:
    """The account's imports, the newest first."""
    found = db.rows(
        f"select {_COLUMNS} from transfer_import where account_id = %s order by id desc",  # noqa: S608 - our own names
        (account_id,),
    )
    return [_import(row) for row in found]


def problems_of(account_id: int, import_id: int) -> list[tuple[str, str]]:
    """(name, code) of what could not be imported, in order."""
    found = db.rows(
        "select name, code from transfer_problem where account_id = %s and import_id = %s order by number",
        (account_id, import_id),
    )
    return [(row[0], row[1]) for row in found]


def running() -> list[tuple[int, int]]:
    """(account, import) that the worker is to work on."""
    found = db.rows(
        "select account_id, id from transfer_import where state = 'running' order by created_at", ()
    )
    return [(row[0], row[1]) for row in found]


def begin_import(account_id: int, form: ImportFormat, name: str = "", size: int | None = None) -> int:
    """Make room for a file to come; returns the import's id. `name` and `size` (octets) are what its owner knows it by
    when they come back to go on. Raises `TooManyImports`, `ImportTooLarge`."""
    if size is not None and size > LARGEST_IMPORT:
        raise ImportTooLarge()
    with db.transaction():
        db.scalar("select account_id from store_account where account_id = %s for update", (account_id,))
        if (
            db.scalar("select count(*) from transfer_import where account_id = %s", (account_id,))
            >= MOST_IMPORTS
        ):
            raise TooManyImports()
        made: int = db.scalar(
            """
            insert into transfer_import (account_id, format, name, size, created_at) values (%s, %s, %s, %s, %s)
            returning id
            """,
            (account_id, form, name, size, clock.now()),
        )
        return made


def add_part(account_id: int, import_id: int, start: int, content: bytes) -> int:
    """Add octets that begin at `start`; returns how many there are now. A part that came before may come again.

    Raises `ImportNotFound`, `ImportClosed`, `WrongPlace`, `ImportTooLarge`, `BlobStoreFull`.
    """
    blob = blobs.put(content)
    with db.transaction():
        found = locked_import(account_id, import_id)
        if found.state is not ImportState.RECEIVING:
            raise ImportClosed()
        again = db.scalar(
            """
            select size from transfer_part where account_id = %s and import_id = %s and start = %s and digest = %s
            """,
            (account_id, import_id, start, blob.digest),
        )
        if again is not None:
            return found.octets
        if start != found.octets:
            raise WrongPlace()
        others: int = db.scalar(
            "select coalesce(sum(octets), 0) from transfer_import where account_id = %s and id <> %s",
            (account_id, import_id),
        )
        if others + start + len(content) > LARGEST_IMPORT:
            raise ImportTooLarge()
        db.execute(
            "insert into transfer_part (account_id, import_id, start, size, digest) values (%s, %s, %s, %s, %s)",
            (account_id, import_id, start, len(content), blob.digest),
        )
        db.execute(
            "update transfer_import set octets = octets + %s where account_id = %s and id = %s",
            (len(content), account_id, import_id),
        )
        return found.octets + len(content)


def start_import(account_id: int, import_id: int) -> None:
    """All is there: have the worker begin. Harmless to repeat. Raises `ImportNotFound`."""
    with db.transaction():
        if locked_import(account_id, import_id).state is ImportState.RECEIVING:
            db.execute(
                "update transfer_import set state = 'running' where account_id = %s and id = %s",
                (account_id, import_id),
            )
            ask_to_import(account_id, import_id)


def ask_to_import(account_id: int, import_id: int, at: datetime | None = None) -> None:
    """Have the worker go on, unless that is asked for already."""
    name = f"{IMPORT_TASK}.{import_id}"
    jobs.defer_once(IMPORT_TASK, key=name, lock=name, at=at, account_id=account_id, import_id=import_id)


def delete_import(account_id: int, import_id: int) -> None:
    """Forget an import and its file; what has been imported stays. Raises `ImportNotFound`."""
    with db.transaction():
        locked_import(account_id, import_id)
        for table in ("transfer_problem", "transfer_part"):
            db.execute(
                f"delete from {table} where account_id = %s and import_id = %s",  # noqa: S608 - our own names
                (account_id, import_id),
            )
        db.execute("delete from transfer_import where account_id = %s and id = %s", (account_id, import_id))


def forget_imports() -> int:
    """Forget imports older than `KEPT_FOR` that are not being worked on; returns how many."""
    old = db.rows(
        "select account_id, id from transfer_import where created_at < %s and state <> 'running'",
        (clock.now() - KEPT_FOR,),
    )
    for account_id, import_id in old:
        delete_import(account_id, import_id)
    return len(old)


def _import(row: tuple[Any, ...] | None) -> Import:
    if row is None:
        raise ImportNotFound()
    return Import(row[0], row[1], ImportFormat(row[2]), ImportState(row[3]), *row[4:])
