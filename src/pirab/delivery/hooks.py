"""Who else wants to know of a message; `pirab.conf` fills it, so that siblings stay strangers."""

from collections.abc import Callable

from pirab.delivery.types import ArrivedReport

ReportHandler = Callable[[ArrivedReport], None]
"""Called inside the delivering transaction, at least once a report; must bear a repetition."""

_report_handlers: list[ReportHandler] = []


def register_report_handler(handler: ReportHandler) -> None:
    """Have `handler` called for every delivery report that comes in. Registering it again changes nothing."""
    if handler not in _report_handlers:
        _report_handlers.append(handler)


def report_handlers() -> tuple[ReportHandler, ...]:
    """The handlers in the order they registered."""
    return tuple(_report_handlers)
