"""The entrance of the inbound path."""

from typing import Final

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError

from pirab.blob.errors import BlobStoreFull
from pirab.core import clock, log, metrics
from pirab.core.errors import TemporaryError
from pirab.delivery import pipeline
from pirab.delivery.pipeline import Passage, Refusal
from pirab.delivery.types import InboundEnvelope, RecipientReply
from pirab.scanning.errors import ScannerUnavailable

_UNSCANNED: Final = Refusal(451, "4.7.1", "Message can not be scanned now")
_FULL: Final = Refusal(452, "4.3.1", "Storage is full")
_AWAY: Final = Refusal(451, "4.3.0", "Storage is not available now")
_FAULT: Final = Refusal(451, "4.3.0", "Internal error")

_log = log.get_logger(__name__)
_time = metrics.duration("delivery", "Time from a complete message to its replies.")


def receive(content: bytes, envelope: InboundEnvelope) -> list[RecipientReply]:
    """Deliver a message (CRLF line ends); one reply for each recipient, in the order they are named.

    A 250 means that bytes and rows are durable. Whatever can not be done now is answered 4xx (rfc5321#4.2.1);
    only a lost database connection is raised (`OperationalError`, `InterfaceError`), so that the caller can
    take a new one and call again.
    """
    with _time.time():
        passage = Passage(envelope, content, clock.now())
        try:
            return pipeline.run(passage)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours holds the mail; it neither drops nor bounces it
            return pipeline.everybody(envelope, _refusal_for(error, envelope))


def unavailable(envelope: InboundEnvelope) -> list[RecipientReply]:
    """The replies while the database is away."""
    return pipeline.everybody(envelope, _AWAY)


def _refusal_for(error: Exception, envelope: InboundEnvelope) -> Refusal:
    match error:
        case ScannerUnavailable():
            refusal = _UNSCANNED
        case BlobStoreFull():
            refusal = _FULL
        case TemporaryError() | DatabaseError():
            refusal = _AWAY
        case _:
            _log.error("delivery.fault", queue_id=envelope.queue_id, exc_info=error)
            return _FAULT
    _log.warning("delivery.later", queue_id=envelope.queue_id, reason=type(error).__name__, detail=str(error))
    return refusal
