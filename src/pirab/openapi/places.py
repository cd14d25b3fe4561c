"""Cursors that are the place of a page's last row: opaque to clients, checked when they come back."""

from __future__ import annotations

import base64
import binascii
from typing import TypeVar

import msgspec
from ninja.errors import HttpError

_Place = TypeVar("_Place")


def cursor_at(place: tuple[object, ...]) -> str:
    """The cursor of what stands behind `place`."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def place_of(cursor: str | None, kind: type[_Place]) -> _Place | None:
    """The place a cursor names, None for the first page; raises `HttpError` 422 for one that was never given out."""
    if cursor is None:
        return None
    try:
        decoded = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = msgspec.json.decode(decoded, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise HttpError(422, "The cursor is none of ours.") from error
    if "\\u0000" in decoded.decode("utf-8", "replace") or "\0" in cursor:
        raise HttpError(422, "The cursor is none of ours.")
    return place
