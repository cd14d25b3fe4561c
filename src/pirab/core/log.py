"""Structured logs: one JSON object a line on standard error, ours and every library's alike.

What must never reach a log does not depend on the discipline of the caller: a value under a name that
sounds like a secret is replaced, octets are replaced by their length (mail content travels as `bytes`), and
long strings are cut. Tracebacks carry file, line and the exception's text, never local variables.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

LONGEST_STRING: Final = 2000
"""Characters of one string value that are kept."""

LONGEST_TRACEBACK: Final = 8000
"""Characters of a traceback that are kept: the last ones, where the cause stands."""

_SECRET_NAME: Final = re.compile(
    r"pass(word|wd|phrase)?$|secret|token|authorization|cookie|credential|private|(^|_)key$|session",
    re.IGNORECASE,
)
_CONTENT_NAME: Final = re.compile(
    r"^(raw|body|content|preview|subject|html|text|data|message_bytes)$", re.IGNORECASE
)
_DEEPEST: Final = 4


def configure(service: str, level: str = "info") -> None:
    """Send every log of this process to standard error as JSON, marked with the name of the `service`.

    `level` is the least severe level shown (`debug`, `info`, `warning`, `error`). Calling it again replaces
    the previous configuration.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_service(service),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(threshold)


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger for module `name`: `log.info("event", field=value, …)`."""
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """The last step before a line is written: what may not be logged is replaced, at every depth."""
    return {
        name: _traceback(value) if name == "exception" else _shown(name, value, 0)
        for name, value in event.items()
    }


def _name_service(service: str) -> Processor:
    def add_service(_logger: Any, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return add_service


def _traceback(text: Any) -> str:
    # PostgreSQL quotes the offending row in its DETAIL line, and a row of ours holds a subject and a preview.
    lines = [line for line in str(text).splitlines() if not line.startswith(("DETAIL:", "CONTEXT:"))]
    return "\n".join(lines)[-LONGEST_TRACEBACK:]


def _shown(name: str, value: Any, depth: int) -> Any:
    if _SECRET_NAME.search(name):
        return "[secret]"
    if isinstance(value, bytes | bytearray | memoryview):
        return f"[{len(value)} octets]"
    if _CONTENT_NAME.match(name) and isinstance(value, str):
        return f"[{len(value)} characters]"
    if isinstance(value, str):
        return (
            value if len(value) <= LONGEST_STRING else f"{value[:LONGEST_STRING]}… [{len(value)} characters]"
        )
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth >= _DEEPEST:
        return "[deeper]"
    if isinstance(value, Mapping | MutableMapping):
        return {str(key): _shown(str(key), item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown("", item, depth + 1) for item in value]
    return _shown(name, str(value), depth + 1)
