"""The blob store as a directory on a local file system.

A file is written beside its final name, flushed to the medium, renamed, and the directory flushed: after
any crash a name is either complete or absent. Files are 0600 and directories 0700, owned by the owner of
the root directory even when root itself writes.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pirab.blob.backend import TEMPORARY_PREFIX, locator_digest
from pirab.blob.errors import BlobMissing, BlobStoreFull, BlobStoreUnavailable
from pirab.blob.types import StoredObject

SET_ASIDE: Final = "set-aside"
"""Directory below the root that keeps damaged objects for whoever wants to know why."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class DirectoryBackend:
    """A `BlobBackend` below `root`. Safe to share between threads and processes."""

    def __init__(self, root: Path) -> None:
        """`root` is made by the first write when it is not there."""
        self._root = root

    def write(self, locator: str, chunks: Sequence[bytes]) -> None:
        final = self._path(locator)
        temporary = final.with_name(TEMPORARY_PREFIX + final.name)
        try:
            descriptor, grown = self._create(temporary)
            try:
                self._fill(descriptor, chunks)
                temporary.rename(final)
                # Innermost first: on a journalling file system the first flush covers the others.
                for directory in (final.parent, *grown):
                    _flush_directory(directory)
            except BaseException:
                temporary.unlink(missing_ok=True)
                final.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _refusal(error, locator) from error

    def read(self, locator: str) -> bytes:
        try:
            return self._path(locator).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(locator) from error
        except OSError as error:
            raise _refusal(error, locator) from error

    def stat(self, locator: str) -> StoredObject | None:
        try:
            status = self._path(locator).stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _refusal(error, locator) from error
        return _stored_object(locator, status)

    def delete(self, locator: str) -> None:
        try:
            (self._root / locator).unlink(missing_ok=True)
        except OSError as error:
            raise _refusal(error, locator) from error

    def set_aside(self, locator: str) -> None:
        path = self._path(locator)
        try:
            aside = self._root / SET_ASIDE
            self._make_directory(aside)
            path.rename(aside / path.name)
            for directory in (aside, path.parent, self._root):
                _flush_directory(directory)
        except FileNotFoundError as error:
            raise BlobMissing(locator) from error
        except OSError as error:
            raise _refusal(error, locator) from error

    def list(self) -> Iterator[StoredObject]:
        # Three levels, one open directory each: at 100 million objects a leaf holds about 1,500 names.
        yield from self._list_below("", 0)

    def _list_below(self, prefix: str, depth: int) -> Iterator[StoredObject]:
        try:
            with os.scandir(self._root / prefix) as entries:
                for entry in entries:
                    if depth == 0 and entry.name == SET_ASIDE:
                        continue
                    if depth < 2 and entry.is_dir(follow_symlinks=False):
                        yield from self._list_below(f"{prefix}{entry.name}/", depth + 1)
                        continue
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue  # removed while we looked
                    yield _stored_object(prefix + entry.name, status)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _refusal(error, prefix) from error

    def _path(self, locator: str) -> Path:
        # A locator comes from a row; whatever a row says, nothing outside the root is touched.
        if locator_digest(locator) is None:
            raise BlobMissing(locator)
        return self._root / locator

    def _create(self, path: Path) -> tuple[int, Sequence[Path]]:
        """A descriptor of the new file, and the directories that got a new entry on the way, innermost first."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            return os.open(path, flags, 0o600), []
        except FileNotFoundError:
            grown = self._make_directory(path.parent)
            return os.open(path, flags, 0o600), grown

    def _make_directory(self, directory: Path) -> Sequence[Path]:
        if directory.is_dir():
            return []
        grown = self._make_directory(directory.parent) if directory != self._root else []
        try:
            directory.mkdir(mode=0o700, parents=directory == self._root)
        except FileExistsError:
            return grown  # another writer was faster
        if os.geteuid() == 0:
            owner = self._root.stat()
            os.chown(directory, owner.st_uid, owner.st_gid)
        return [directory.parent, *grown]

    def _fill(self, descriptor: int, chunks: Sequence[bytes]) -> None:
        try:
            for chunk in chunks:
                rest = memoryview(chunk)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
            if os.geteuid() == 0:
                owner = self._root.stat()
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _flush_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stored_object(locator: str, status: os.stat_result) -> StoredObject:
    return StoredObject(locator, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))


def _refusal(error: OSError, place: str) -> BlobStoreUnavailable:
    detail = f"{place}: {error.strerror}"
    return BlobStoreFull(detail) if error.errno in _FULL else BlobStoreUnavailable(detail)
