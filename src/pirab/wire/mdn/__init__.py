"""Message disposition notifications (RFC 8098): `parse_mdn` reads anybody's, `compose_mdn` writes ours.

Reading is lenient and total: None means that the message is none. Writing is strict, in Thai and English.
"""

from pirab.wire.mdn.read import Disposition, Notification, parse_mdn
from pirab.wire.mdn.write import MdnRequest, compose_mdn, notification_addresses

__all__ = [
    "Disposition",
    "MdnRequest",
    "Notification",
    "compose_mdn",
    "notification_addresses",
    "parse_mdn",
]
