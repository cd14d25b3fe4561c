"""Request-level errors as problem details (rfc8620#3.6.1, rfc7807)."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from pirab.core.errors import PirabError

CONTENT_TYPE: Final = "application/problem+json"
_ERROR: Final = "urn:ietf:params:jmap:error:"


class RequestProblem(PirabError):
    """The HTTP request as a whole was refused."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        status: int = 400,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        """`kind` is a problem type URI, `status` the HTTP status; `members` go into the object."""
        super().__init__(detail)
        self.kind = kind
        self.status = status
        self.headers = headers or {}
        self.members = members

    def body(self) -> bytes:
        """The problem details object."""
        return msgspec.json.encode(
            {"type": self.kind, "status": self.status, "detail": self.detail} | self.members
        )


def not_json(detail: str) -> RequestProblem:
    """The body is not I-JSON, or is not declared as JSON."""
    return RequestProblem(_ERROR + "notJSON", detail)


def not_request(detail: str) -> RequestProblem:
    """The body is JSON but no Request object."""
    return RequestProblem(_ERROR + "notRequest", detail)


def unknown_capability(name: str) -> RequestProblem:
    """`using` names a capability this server does not have."""
    return RequestProblem(_ERROR + "unknownCapability", f"Not supported here: {name[:200]!r}.")


def over_limit(limit: str, largest: int, status: int = 400) -> RequestProblem:
    """A limit of the core capability was passed; `limit` is its name there."""
    return RequestProblem(_ERROR + "limit", f"The limit {limit} is {largest}.", status=status, limit=limit)


def not_found() -> RequestProblem:
    """Absent or forbidden: both look the same."""
    return RequestProblem("about:blank", "There is nothing here for you.", status=404)


def method_not_allowed(allowed: str) -> RequestProblem:
    """The resource exists but not for this HTTP method (rfc9110#15.5.6)."""
    return RequestProblem(
        "about:blank", f"Only {allowed} is possible here.", status=405, headers={"Allow": allowed}
    )


def unavailable() -> RequestProblem:
    """Something this server stands on is away for the moment."""
    return RequestProblem(
        "about:blank",
        "The service cannot answer at the moment; try again.",
        status=503,
        headers={"Retry-After": "5"},
    )
