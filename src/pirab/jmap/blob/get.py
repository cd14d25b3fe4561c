"""Blob/get (rfc9404#4.2): octets, or a range of them, inside an answer; their digest and size."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

from pirab.jmap.arguments import AccountArguments, IdOrReference, UnsignedInt, check_get_size
from pirab.jmap.capabilities import BLOB, DIGESTS
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import AccountBlobs, BudgetSpent
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, method
from pirab.store.errors import BlobNotFound

AS_TEXT: Final = "data:asText"
AS_BASE64: Final = "data:asBase64"
_DEFAULT: Final = ("data", "size")
_KNOWN: Final = frozenset({"id", "data", AS_TEXT, AS_BASE64, "size"} | {f"digest:{name}" for name in DIGESTS})
_HASHES: Final = {"sha": "sha1", "sha-256": "sha256", "sha-512": "sha512"}
MAX_OCTETS_IN_ANSWER: Final = CORE_LIMITS.max_size_request
"""Octets of data one call may answer with; more is read in ranges, or downloaded."""


class BlobGetArguments(AccountArguments, frozen=True, kw_only=True):
    """`offset` and `length` (octets) apply to every blob of the call."""

    ids: list[IdOrReference]
    properties: list[str] | None = None
    offset: UnsignedInt | None = None
    length: UnsignedInt | None = None


@method("Blob/get", capability=BLOB, arguments=BlobGetArguments)
def handle(context: RequestContext, arguments: BlobGetArguments) -> MethodResult:
    """Blobs the account may read; those it may not, and those that do not exist, are `notFound`."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    names = _properties(arguments.properties)
    readable = AccountBlobs(account, person=context.principal.person_id)
    found: list[dict[str, Any]] = []
    missing: list[str] = []
    left = MAX_OCTETS_IN_ANSWER
    for text in dict.fromkeys(arguments.ids):
        try:
            octets = _octets(context, readable, text)
        except BlobNotFound:
            missing.append(text)
            continue
        except BudgetSpent as error:
            raise _too_much() from error
        chosen, is_truncated = _range(octets, arguments.offset or 0, arguments.length)
        left -= len(chosen) if any(name.startswith("data") for name in names) else 0
        if left < 0:
            raise _too_much()
        found.append({"id": text} | _shown(names, octets, chosen, is_truncated))
    return MethodResult({"accountId": arguments.account_id, "list": found, "notFound": missing})


def _properties(asked: list[str] | None) -> list[str]:
    names = list(_DEFAULT) if asked is None else list(dict.fromkeys(asked))
    strange = [name for name in names if name not in _KNOWN]
    if strange:
        raise invalid_arguments(f"No such property: {strange[0][:100]!r}.", "properties")
    return names


def _octets(context: RequestContext, readable: AccountBlobs, text: str) -> bytes:
    name = context.created_ids.get(text[1:]) if text.startswith("#") else text
    if name is None:
        raise BlobNotFound
    return readable.find(name).octets


def _range(octets: bytes, offset: int, length: int | None) -> tuple[bytes, bool]:
    """The range, and whether the blob ends before it does."""
    end = len(octets) if length is None else offset + length
    return octets[offset:end], offset > len(octets) or end > len(octets)


def _shown(names: list[str], whole: bytes, chosen: bytes, is_truncated: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    text = _as_text(chosen) if "data" in names or AS_TEXT in names else None
    wants_text = AS_TEXT in names or ("data" in names and text is not None)
    if wants_text:
        shown[AS_TEXT] = text
    if AS_BASE64 in names or ("data" in names and text is None):
        shown[AS_BASE64] = base64.b64encode(chosen).decode("ascii")
    if text is None and ("data" in names or AS_TEXT in names):
        shown["isEncodingProblem"] = True
    if is_truncated:
        shown["isTruncated"] = True
    for name in names:
        if name == "size":
            shown["size"] = len(whole)
        elif name.startswith("digest:"):
            shown[name] = _digest(name.removeprefix("digest:"), chosen)
    return shown


def _as_text(octets: bytes) -> str | None:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _digest(name: str, octets: bytes) -> str:
    made = hashlib.new(_HASHES[name], octets, usedforsecurity=False)
    return base64.b64encode(made.digest()).decode("ascii")


def _too_much() -> MethodError:
    return MethodError(
        "requestTooLarge", f"At most {MAX_OCTETS_IN_ANSWER} octets in one call; ask for ranges."
    )
