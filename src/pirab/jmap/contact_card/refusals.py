"""Why a card was refused, as a SetError that names the card in the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pirab.contacts.errors import BadCard, UidTaken
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.errors import SetError, invalid_properties


@contextmanager
def telling_why() -> Iterator[None]:
    """Say which card has the uid (rfc8620#5.4 existingId), and what is wrong in a card and where."""
    try:
        yield
    except UidTaken as error:
        existing = encode_id(IdKind.CONTACT_CARD, error.card_id)
        raise SetError(error.kind, "A card has this uid.", existingId=existing) from error
    except BadCard as error:
        raise invalid_properties(error.detail or "Not a card.", *error.properties) from error
