"""PatchObject (rfc8620#5.3): paths into a record, checked and applied."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pirab.jmap.errors import SetError, invalid_properties


def split_path(pointer: str) -> tuple[str, ...]:
    """The parts of a patch path: a JSON pointer without its first slash, escapes undone (rfc6901#4)."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/"))


def checked_paths(patch: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    """The patch by split path; raises `invalidPatch` where one path lies inside another (rfc8620#5.3)."""
    by_path = {split_path(pointer): value for pointer, value in patch.items()}
    if len(by_path) != len(patch):
        raise SetError("invalidPatch", "Two paths of the patch name one property.")
    for path in by_path:
        if any(path[:length] in by_path for length in range(1, len(path))):
            raise SetError("invalidPatch", f"{'/'.join(path)[:100]!r} lies inside another path of the patch.")
    return by_path


def changes_in(
    patch: dict[str, Any], current: Mapping[str, Any], writable: Collection[str]
) -> dict[str, Any]:
    """What the patch sets of the `writable` properties, none of which holds an object.

    Any other property of `current` (the record as JSON) may be there with the value it has (rfc8620#5.3): clients may
    send the whole object. Raises `invalidPatch` for a path into a writable one, `invalidProperties` naming the others.
    """
    wanted = checked_paths(patch)
    strange = [
        path[0]
        for path, value in wanted.items()
        if path[0] not in writable and (len(path) > 1 or path[0] not in current or current[path[0]] != value)
    ]
    if strange:
        raise invalid_properties("Not a property that can be changed.", *(name[:100] for name in strange))
    if any(len(path) > 1 for path in wanted):
        raise SetError("invalidPatch", "The patch points into a property that holds no object.")
    return {path[0]: value for path, value in wanted.items() if path[0] in writable}


def apply_patch(current: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """`current` with the patch applied; untouched parts are shared. Null removes (the default value returns).

    Raises `invalidPatch` for a path through something that is absent or not an object.
    """
    result = dict(current)
    for path, value in checked_paths(patch).items():
        _set_at(result, path, value)
    return result


def _set_at(record: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    place = record
    for part in path[:-1]:
        inner = place.get(part)
        if not isinstance(inner, dict):
            raise SetError("invalidPatch", f"Nothing to patch at {'/'.join(path)[:100]!r}.")
        place[part] = dict(inner)
        place = place[part]
    if value is None:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value
