"""Delivery status notifications (RFC 3464, RFC 6533): `parse_dsn` reads anybody's, `compose_dsn` writes ours.

Reading is lenient and total: None means that the message is no report. Writing is strict, in Thai and
English.
"""

from pirab.wire.dsn.read import DeliveryReport, DsnAction, RecipientReport, parse_dsn
from pirab.wire.dsn.write import DsnRequest, ReturnedContent, compose_dsn

__all__ = [
    "DeliveryReport",
    "DsnAction",
    "DsnRequest",
    "RecipientReport",
    "ReturnedContent",
    "compose_dsn",
    "parse_dsn",
]
