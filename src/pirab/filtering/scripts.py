"""Sieve scripts of an account: the only reader and writer of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from pirab.blob import actions as blobs
from pirab.core import db
from pirab.filtering.errors import (
    NameInvalid,
    NameTaken,
    ScriptInvalid,
    ScriptIsActive,
    ScriptNotFound,
    ScriptTooLarge,
    TooManyScripts,
)
from pirab.filtering.types import ScriptRow
from pirab.store import actions as store
from pirab.store.types import ChangeKind, ObjectType
from pirab.wire.sieve import Script, ScriptLimits, SieveError, parse_script

LIMITS: Final = ScriptLimits()
MOST_SCRIPTS: Final = 32
LONGEST_NAME: Final = 512
"""Octets of a script's name (rfc9661#1.2.1 asks for as many at least)."""
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # rfc5198#2, rfc9661#2.1


def check_script(octets: bytes) -> Script:
    """The script, read in full. Raises `ScriptTooLarge`, and `ScriptInvalid` saying where the mistake is."""
    if len(octets) > LIMITS.max_octets:
        raise ScriptTooLarge(f"at most {LIMITS.max_octets} octets")
    try:
        return parse_script(octets, LIMITS)
    except SieveError as error:
        raise ScriptInvalid(str(error)) from error


def scripts_of(account_id: int) -> list[ScriptRow]:
    """The scripts of the account by name."""
    found = db.rows(
        "select id, name, digest, is_active from filtering_script where account_id = %s order by name, id",
        (account_id,),
    )
    return [ScriptRow(key, name, bytes(digest), is_active) for key, name, digest, is_active in found]


def create_script(account_id: int, name: str | None, octets: bytes) -> ScriptRow:
    """Keep a new script, not active. `name` None: one is found.

    Raises `ScriptInvalid`, `ScriptTooLarge`, `TooManyScripts`, `NameTaken`, `NameInvalid`, `AccountUnknown`.
    """
    check_script(octets)
    with db.transaction():
        key: int = db.scalar("select store_new_id()")
        store.log_change(account_id, ObjectType.SIEVE, key, ChangeKind.CREATED)
        if len(scripts_of(account_id)) >= MOST_SCRIPTS:
            raise TooManyScripts(f"at most {MOST_SCRIPTS}")
        chosen = f"script {key}" if name is None else name
        _check_name(account_id, key, chosen)
        blob = blobs.put(octets)
        db.execute(
            """
            insert into filtering_script (account_id, id, name, digest, content, is_active)
            values (%s, %s, %s, %s, %s, false)
            """,
            (account_id, key, chosen, blob.digest, octets.decode()),
        )
    return ScriptRow(key, chosen, blob.digest, False)


def rename_script(account_id: int, script_id: int, name: str) -> None:
    """Give a script another name. Raises `ScriptNotFound`, `NameTaken`, `NameInvalid`."""
    with db.transaction():
        store.log_change(account_id, ObjectType.SIEVE, script_id, ChangeKind.UPDATED)
        _check_name(account_id, script_id, name)
        changed = db.execute(
            "update filtering_script set name = %s where account_id = %s and id = %s",
            (name, account_id, script_id),
        )
        _must_exist(changed, script_id)


def replace_script(account_id: int, script_id: int, octets: bytes) -> None:
    """Give a script another content, in force at once if it is active. Raises as `create_script` does."""
    check_script(octets)
    with db.transaction():
        store.log_change(account_id, ObjectType.SIEVE, script_id, ChangeKind.UPDATED)
        blob = blobs.put(octets)
        changed = db.execute(
            "update filtering_script set digest = %s, content = %s where account_id = %s and id = %s",
            (blob.digest, octets.decode(), account_id, script_id),
        )
        _must_exist(changed, script_id)


def destroy_script(account_id: int, script_id: int) -> None:
    """Forget a script. Raises `ScriptNotFound`, and `ScriptIsActive` for the active one (rfc9661#2.4)."""
    with db.transaction():
        store.log_change(account_id, ObjectType.SIEVE, script_id, ChangeKind.DESTROYED)
        is_active = db.scalar(
            "select is_active from filtering_script where account_id = %s and id = %s",
            (account_id, script_id),
        )
        if is_active:
            raise ScriptIsActive(str(script_id))
        removed = db.execute(
            "delete from filtering_script where account_id = %s and id = %s", (account_id, script_id)
        )
        _must_exist(removed, script_id)


def activate(account_id: int, script_id: int | None) -> list[ScriptRow]:
    """Have this script run from now on, or none; returns the scripts that changed, as they are now."""
    with db.transaction():
        before = {row.id: row for row in scripts_of(account_id)}
        if script_id is not None and script_id not in before:
            raise ScriptNotFound(str(script_id))
        changed = [row.id for row in before.values() if row.is_active is not (row.id == script_id)]
        for key in sorted(changed, key=lambda key: key == script_id):  # one is active at most, always
            store.log_change(account_id, ObjectType.SIEVE, key, ChangeKind.UPDATED)
            db.execute(
                "update filtering_script set is_active = %s where account_id = %s and id = %s",
                (key == script_id, account_id, key),
            )
    return [row for row in scripts_of(account_id) if row.id in changed]


def may_read_script(account_id: int, digest: bytes) -> bool:
    """Whether the blob is a script of the account."""
    found = db.scalar(
        "select true from filtering_script where account_id = %s and digest = %s limit 1",
        (account_id, digest),
    )
    return bool(found)


def active_scripts(account_ids: Collection[int]) -> dict[int, list[Script]]:
    """What runs on mail of each account, in order: its rules, then its active script. Others are absent."""
    found = db.rows(
        """
        select account_id, 0 as place, content from filtering_ruleset where account_id = any(%(ids)s::bigint[])
        union all
        select account_id, 1, content from filtering_script where account_id = any(%(ids)s::bigint[]) and is_active
        order by account_id, place
        """,
        {"ids": db.array(account_ids)},
    )
    scripts: dict[int, list[Script]] = {}
    for account_id, _, content in found:
        scripts.setdefault(account_id, []).append(_read(content))
    return scripts


@lru_cache(maxsize=256)
def _read(content: str) -> Script:
    return parse_script(content.encode(), LIMITS)


def _check_name(account_id: int, script_id: int, name: str) -> None:
    if not name.strip() or len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME or _CONTROL.search(name):
        raise NameInvalid()
    for row in scripts_of(account_id):
        if row.name == name and row.id != script_id:
            raise NameTaken(row.id)


def _must_exist(changed: int, script_id: int) -> None:
    if not changed:
        raise ScriptNotFound(str(script_id))
