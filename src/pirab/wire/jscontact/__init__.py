"""Contact cards in JSON (rfc9553): what a card may hold, said type by type, and nothing else passes.

`validate` is for cards that come in: every property is one of the standard's or carries a vendor's name
(`example.com:colour`), has the right type, and what the standard demands is there. Values of open lists (kinds,
contexts, features) are taken as they are when they are well formed, for the lists grow by registration.
"""

from pirab.wire.jscontact.cards import LARGEST_CARD, validate
from pirab.wire.jscontact.checks import CardInvalid

__all__ = ["LARGEST_CARD", "CardInvalid", "validate"]
