"""Core/echo (rfc8620#4): the arguments come back as they went."""

from __future__ import annotations

from typing import Any

from pirab.jmap.capabilities import CORE, WEBSOCKET
from pirab.jmap.context import RequestContext
from pirab.jmap.registry import MethodResult, extend, method

extend(WEBSOCKET)


@method("Core/echo", capability=CORE, arguments=dict[str, Any])
def handle(context: RequestContext, arguments: dict[str, Any]) -> MethodResult:
    """The same arguments, unread."""
    return MethodResult(arguments)
