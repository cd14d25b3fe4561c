"""Verification only reads, repair mends, rotation re-wraps; and the commands that run them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from pirab.blob import actions, queries, repair, rotation, store, verify
from pirab.blob.directory import DirectoryBackend
from pirab.blob.errors import BlobError
from pirab.blob.types import FindingKind, RepairOutcome, Rotated
from pirab.core import db
from pirab.core.keyring import KeyMissing, add_key

pytestmark = pytest.mark.django_db(transaction=True)

CONTENTS = [b"sound", b"missing", b"corrupt", b"wrapped wrongly", b"keyless"]


@pytest.fixture
def damage(home: Path, letters: Callable[[bytes], None]) -> dict[bytes, bytes]:
    """Five blobs, four of them damaged each in its way, and a backup of the directory from before."""
    digests = {content: actions.put(content).digest for content in CONTENTS}
    shutil.copytree(home / "blobs", home / "backup")
    place = {content: home / "blobs" / queries.row_of(digest).locator for content, digest in digests.items()}  # type: ignore[union-attr]
    place[b"missing"].unlink()
    octets = bytearray(place[b"corrupt"].read_bytes())
    octets[20] ^= 255
    place[b"corrupt"].write_bytes(octets)
    db.execute(
        "update blob_blob set wrapped_key = %s where digest = %s", (b"\0" * 40, digests[b"wrapped wrongly"])
    )
    db.execute("update blob_blob set key_id = '000009-00000000' where digest = %s", (digests[b"keyless"],))
    for digest in digests.values():
        letters(digest)
    letters(b"?" * 32)
    return digests


def state(home: Path) -> object:
    return (
        db.rows("select * from blob_blob order by digest"),
        sorted((path, path.read_bytes()) for path in (home / "blobs").rglob("*") if path.is_file()),
    )


def test_verify_finds_everything_and_changes_nothing(
    home: Path, damage: dict[bytes, bytes], age: Callable[..., None]
) -> None:
    (home / "blobs" / "README").write_text("?")
    (home / "blobs" / "00").mkdir(exist_ok=True)
    (home / "blobs" / "00" / ".new-unfinished").write_text("?")
    age(48, home / "blobs")
    before = state(home)
    found = {(finding.kind, finding.digest) for finding in verify.verify()}
    assert found == {
        (FindingKind.MISSING, damage[b"missing"]),
        (FindingKind.CORRUPT, damage[b"corrupt"]),
        (FindingKind.CORRUPT, damage[b"wrapped wrongly"]),
        (FindingKind.KEY_MISSING, damage[b"keyless"]),
        (FindingKind.DANGLING, b"?" * 32),
        (FindingKind.FOREIGN, None),
        (FindingKind.UNCLAIMED, None),
    }
    assert state(home) == before


def test_repair_brings_objects_back_from_a_backup(home: Path, damage: dict[bytes, bytes]) -> None:
    done = {finding.digest: outcome for finding, outcome in repair.repair(DirectoryBackend(home / "backup"))}
    assert done[damage[b"missing"]] is RepairOutcome.RESTORED
    assert done[damage[b"corrupt"]] is RepairOutcome.RESTORED
    assert done[damage[b"keyless"]] is RepairOutcome.BEYOND_REPAIR
    assert queries.get(damage[b"missing"]) == b"missing"
    assert queries.get(damage[b"corrupt"]) == b"corrupt"


def test_repair_does_not_trust_the_backup(home: Path, damage: dict[bytes, bytes]) -> None:
    for path in (home / "backup").rglob("*"):
        if path.is_file():
            path.write_bytes(b"PB\x01\x00 a backup that rotted")
    outcomes = {
        finding.digest: outcome for finding, outcome in repair.repair(DirectoryBackend(home / "backup"))
    }
    assert RepairOutcome.RESTORED not in outcomes.values()


def test_without_a_backup_damage_is_set_aside_and_the_next_arrival_heals(
    home: Path, damage: dict[bytes, bytes]
) -> None:
    outcomes = {finding.digest: outcome for finding, outcome in repair.repair()}
    assert outcomes[damage[b"corrupt"]] is RepairOutcome.SET_ASIDE
    assert outcomes[damage[b"missing"]] is RepairOutcome.BEYOND_REPAIR
    assert len(list((home / "blobs" / "set-aside").iterdir())) == 2
    for content in (b"corrupt", b"missing", b"wrapped wrongly"):
        with pytest.raises(BlobError):
            queries.get(damage[content])
        actions.put(content)
        assert queries.get(damage[content]) == content


def test_rotation_rewraps_rows_and_leaves_objects_alone(home: Path, letters: object) -> None:
    refs = {content: actions.put(content) for content in CONTENTS}
    objects = sorted((path, path.stat().st_mtime_ns) for path in (home / "blobs").rglob("*"))
    old = store.keyring().current_key_id
    new = add_key(settings.ENVIRONMENT.keyring_dir)
    assert rotation.rotate_keys() == Rotated(len(CONTENTS), 0)
    assert rotation.rotate_keys() == Rotated(0, 0)
    assert rotation.keys_in_use() == {new: len(CONTENTS)}
    assert sorted((path, path.stat().st_mtime_ns) for path in (home / "blobs").rglob("*")) == objects
    (settings.ENVIRONMENT.keyring_dir / f"{old}.key").unlink()
    store._keyring.cache_clear()
    assert all(queries.get(ref.digest) == content for content, ref in refs.items())


def test_rotation_steps_over_a_damaged_row_and_stops_at_a_missing_key(
    home: Path, damage: dict[bytes, bytes]
) -> None:
    add_key(settings.ENVIRONMENT.keyring_dir)
    with pytest.raises(KeyMissing):
        rotation.rotate_keys()
    db.execute("delete from blob_blob where digest = %s", (damage[b"keyless"],))
    assert rotation.rotate_keys() == Rotated(3, 1)
    assert queries.get(damage[b"sound"]) == b"sound"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_commands(home: Path, letters: Callable[[bytes], None]) -> None:
    letters(actions.put(b"x").digest)
    assert "every blob is sound" in run("pirab_blob", "verify")
    assert "removed 0 blobs" in run("pirab_blob", "gc")
    assert "1 blobs re-wrapped" in run("pirab_blob", "rotate")
    assert "nothing is left to mend" in run("pirab_blob", "repair")
    assert "newest key 000002-" in run("pirab_keyring", "ensure")
    assert len(run("pirab_keyring", "list").split()) == 2


def test_the_commands_fail_loudly(home: Path, damage: dict[bytes, bytes]) -> None:
    with pytest.raises(CommandError, match="5 findings"):
        run("pirab_blob", "verify")
    with pytest.raises(CommandError, match="grace"):
        run("pirab_blob", "gc", "--grace-hours", "0.1")
    with pytest.raises(CommandError, match="not a directory"):
        run("pirab_blob", "repair", "--from", str(home / "nowhere"))
    with pytest.raises(CommandError, match="blobs are still without their bytes"):
        run("pirab_blob", "repair")
    shutil.rmtree(settings.ENVIRONMENT.keyring_dir)
    with pytest.raises(CommandError, match="stored mail is encrypted"):
        run("pirab_keyring", "ensure")
