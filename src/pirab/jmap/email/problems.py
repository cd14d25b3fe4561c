"""Everything that is wrong with an Email sent for creation, collected so that one answer names it all (rfc8621#4.6)."""

from __future__ import annotations

from pirab.jmap.errors import SetError

_MOST_REASONS = 10


class Problems:
    """Collects bad properties, with the reason for each, and blob ids that name nothing."""

    def __init__(self) -> None:
        self._reasons: dict[str, list[str]] = {}
        self._missing_blobs: dict[str, None] = {}

    def add(self, path: str, reason: str) -> None:
        """Note that the property at `path` (`bodyStructure/subParts/0/type`) is bad, and why."""
        reasons = self._reasons.setdefault(path.split("/", 1)[0], [])
        if len(reasons) < _MOST_REASONS:
            reasons.append(f"{path[:200]}: {reason}")

    def add_missing_blob(self, blob_id: str) -> None:
        """Note a blob that does not exist, or not for this account."""
        self._missing_blobs[blob_id] = None

    def raise_if_any(self) -> None:
        """Raise the SetError for what was noted: `invalidProperties` first, then `blobNotFound`."""
        if self._reasons:
            told = [reason for reasons in self._reasons.values() for reason in reasons][:_MOST_REASONS]
            raise SetError("invalidProperties", "; ".join(told), properties=tuple(self._reasons))
        if self._missing_blobs:
            raise SetError("blobNotFound", notFound=list(self._missing_blobs))
