"""The directory backend: complete or absent, whatever the medium does."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pirab.blob import directory as directory_module
from pirab.blob.backend import locator_digest, new_locator
from pirab.blob.directory import DirectoryBackend
from pirab.blob.errors import BlobMissing, BlobStoreFull, BlobStoreUnavailable

DIGEST = bytes(range(32))


@pytest.fixture
def backend(tmp_path: Path) -> DirectoryBackend:
    return DirectoryBackend(tmp_path / "blobs")


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_locator_spreads_by_the_first_two_octets() -> None:
    locator = new_locator(DIGEST)
    assert locator.startswith(f"00/01/{DIGEST.hex()}-")
    assert locator != new_locator(DIGEST)
    assert locator_digest(locator) == DIGEST


def test_chunks_come_back_joined(backend: DirectoryBackend, tmp_path: Path) -> None:
    locator = new_locator(DIGEST)
    backend.write(locator, [b"one", b"", b"two"])
    assert backend.read(locator) == b"onetwo"
    (file,) = files(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    found = backend.stat(locator)
    assert found is not None
    assert found.size == 6
    assert list(backend.list()) == [found]


def test_what_is_absent_is_missing(backend: DirectoryBackend) -> None:
    assert list(backend.list()) == []
    assert backend.stat(new_locator(DIGEST)) is None
    with pytest.raises(BlobMissing):
        backend.read(new_locator(DIGEST))
    backend.delete(new_locator(DIGEST))


@pytest.mark.parametrize(
    "locator", ["", "../../etc/passwd", "/etc/passwd", "00/01/x", "00/02/" + DIGEST.hex() + "-" + "0" * 16]
)
def test_nothing_outside_the_root_is_touched(backend: DirectoryBackend, locator: str) -> None:
    with pytest.raises(BlobMissing):
        backend.read(locator)
    with pytest.raises(BlobMissing):
        backend.write(locator, [b"x"])


@pytest.mark.parametrize(
    ("number", "raised"),
    [(errno.ENOSPC, BlobStoreFull), (errno.EDQUOT, BlobStoreFull), (errno.EIO, BlobStoreUnavailable)],
)
@pytest.mark.parametrize(
    "call", ["os.open", "os.write", "os.fsync", "pathlib.Path.rename", "pathlib.Path.mkdir"]
)
def test_a_failing_medium_leaves_nothing(
    backend: DirectoryBackend,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    number: int,
    raised: type[Exception],
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(call, fail)
    with pytest.raises(raised):
        backend.write(new_locator(DIGEST), [b"x" * 100])
    monkeypatch.undo()
    assert files(tmp_path) == []


def test_failure_to_flush_the_directory_takes_the_name_back(
    backend: DirectoryBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend.write(new_locator(DIGEST), [b"first, so that the directories are there"])

    def fail(_directory: Path) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(directory_module, "_flush_directory", fail)
    with pytest.raises(BlobStoreUnavailable):
        backend.write(new_locator(DIGEST), [b"x"])
    assert len(files(tmp_path)) == 1


def test_the_file_is_flushed_before_its_name_and_the_name_before_the_return(
    backend: DirectoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend.write(new_locator(DIGEST), [b"directories"])
    steps: list[str] = []

    def spy(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            steps.append(name)
            return real(*args)

        return call

    monkeypatch.setattr(os, "fsync", spy("fsync", os.fsync))
    monkeypatch.setattr(Path, "rename", spy("rename", Path.rename))
    backend.write(new_locator(DIGEST), [b"x"])
    assert steps == ["fsync", "rename", "fsync"]


def test_short_writes_are_continued(backend: DirectoryBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, octets: real(descriptor, bytes(octets)[:3]))
    locator = new_locator(DIGEST)
    backend.write(locator, [b"0123456789"])
    assert backend.read(locator) == b"0123456789"


def test_a_damaged_object_is_set_aside_and_kept(backend: DirectoryBackend, tmp_path: Path) -> None:
    locator = new_locator(DIGEST)
    backend.write(locator, [b"damaged"])
    backend.set_aside(locator)
    assert backend.stat(locator) is None
    assert list(backend.list()) == []
    assert [file.read_bytes() for file in files(tmp_path / "blobs" / "set-aside")] == [b"damaged"]
    with pytest.raises(BlobMissing):
        backend.set_aside(locator)


def test_foreign_and_unfinished_files_are_listed(backend: DirectoryBackend, tmp_path: Path) -> None:
    backend.write(new_locator(DIGEST), [b"x"])
    (tmp_path / "blobs" / "README").write_text("?")
    (tmp_path / "blobs" / "00" / "01" / ".new-left-behind").write_text("?")
    names = {found.locator.rpartition("/")[2] for found in backend.list()}
    assert {"README", ".new-left-behind"} < names
    assert len(names) == 3


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one mebibyte."""
    mount = tmp_path / "tiny"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mount)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small file system is not allowed here")
    yield mount
    subprocess.run(["umount", str(mount)], check=True)


def test_a_really_full_disk(tiny_disk: Path) -> None:
    backend = DirectoryBackend(tiny_disk / "blobs")
    kept = new_locator(DIGEST)
    backend.write(kept, [b"k" * 300_000])
    for _ in range(3):
        with pytest.raises(BlobStoreFull):
            backend.write(new_locator(DIGEST), [b"x" * 900_000])
    assert backend.read(kept) == b"k" * 300_000
    assert len(files(tiny_disk)) == 1
    backend.write(new_locator(DIGEST), [b"x" * 300_000])  # the room came back by itself


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write for somebody else")
def test_root_writes_for_the_owner(tmp_path: Path) -> None:
    root = tmp_path / "blobs"
    root.mkdir()
    os.chown(root, 12345, 12346)
    DirectoryBackend(root).write(new_locator(DIGEST), [b"x"])
    for path in root.rglob("*"):
        assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12346)
