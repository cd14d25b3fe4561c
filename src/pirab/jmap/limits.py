"""The limits of rfc8620#2 in one place: what the session object promises is what the code enforces."""

from __future__ import annotations

from typing import Any, Final

import msgspec

COLLATIONS: Final = ("i;ascii-casemap", "i;octet", "i;unicode-casemap")
"""What a sort may name as its collation (rfc4790); without one, names are ordered for Thai readers."""


class CoreLimits(msgspec.Struct, frozen=True):
    """Sizes are octets; the rest are counts. `max_depth` is ours: how deep a request's JSON may nest."""

    max_size_upload: int = 50_000_000
    max_concurrent_upload: int = 8
    max_size_request: int = 10_000_000
    max_concurrent_requests: int = 16
    max_calls_in_request: int = 64
    max_objects_in_get: int = 500
    max_objects_in_set: int = 1000
    max_depth: int = 100

    def as_capability(self) -> dict[str, Any]:
        """The value of `urn:ietf:params:jmap:core` in the session object."""
        return {
            "maxSizeUpload": self.max_size_upload,
            "maxConcurrentUpload": self.max_concurrent_upload,
            "maxSizeRequest": self.max_size_request,
            "maxConcurrentRequests": self.max_concurrent_requests,
            "maxCallsInRequest": self.max_calls_in_request,
            "maxObjectsInGet": self.max_objects_in_get,
            "maxObjectsInSet": self.max_objects_in_set,
            "collationAlgorithms": list(COLLATIONS),
        }


CORE_LIMITS: Final = CoreLimits()

MAX_SIZE_ATTACHMENTS: Final = 36_000_000
"""Octets of attached blobs in one Email (rfc8621#1.3.1). Base64 makes 37 of 27, and the whole message must stay below
the 52,428,800 octets that Postfix takes and the scanners read."""
