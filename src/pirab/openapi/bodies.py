"""Bodies that are files: read once, whole, and never more than is allowed."""

from __future__ import annotations

from django.http import HttpRequest, UnreadablePostError
from ninja.errors import HttpError


def octets(request: HttpRequest, most: int) -> bytes:
    """The body of a request, 1 to `most` octets. Raises `HttpError` 411, 413, or 400 for one that was cut off."""
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if not length.isascii() or not length.isdigit() or len(length) > 18:
        raise HttpError(411, "Say how long the body is.")
    if not 0 < int(length) <= most:
        raise HttpError(413, f"The body has 1 to {most} octets.")
    try:
        body: bytes = request.read(int(length))
    except UnreadablePostError:
        body = b""
    if len(body) != int(length):
        raise HttpError(400, "The body is shorter than announced.")
    return body
