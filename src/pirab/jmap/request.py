"""The Request object (rfc8620#3.3): from bytes to checked method calls, or the request-level error."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from pirab.jmap import problems, registry, strict_json
from pirab.jmap.arguments import Id
from pirab.jmap.capabilities import CORE
from pirab.jmap.limits import CORE_LIMITS, CoreLimits


class MethodCall(NamedTuple):
    """One entry of `methodCalls`: method name, arguments object, the client's id for the call."""

    name: str
    arguments: dict[str, Any]
    call_id: str


class Request(msgspec.Struct, frozen=True, rename="camel"):
    """What a client sends to the API. Unknown members are ignored, so that later standards can add some."""

    using: list[str]
    method_calls: list[tuple[str, dict[str, Any], str]]
    created_ids: dict[Id, Id] | None = None

    def calls(self) -> list[MethodCall]:
        """The method calls in the order they are to be made."""
        return [MethodCall(*call) for call in self.method_calls]


def parse(content_type: str, body: bytes, limits: CoreLimits = CORE_LIMITS) -> Request:
    """The request in `body`; raises `RequestProblem` with the error of rfc8620#3.6.1 that fits."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise problems.not_json("The content type must be application/json.")
    if len(body) > limits.max_size_request:
        raise problems.over_limit("maxSizeRequest", limits.max_size_request)
    try:
        request = msgspec.convert(strict_json.parse(body, limits.max_depth), Request, strict=True)
    except strict_json.NotStrictJson as error:
        raise problems.not_json(error.message) from error
    except msgspec.ValidationError as error:
        raise problems.not_request(str(error)) from error
    for capability in request.using:
        if capability != CORE and capability not in registry.capabilities():
            raise problems.unknown_capability(capability)
    if len(request.method_calls) > limits.max_calls_in_request:
        raise problems.over_limit("maxCallsInRequest", limits.max_calls_in_request)
    return request
