"""What a ContactCard looks like from outside, and how one is read that comes in (rfc9610#3)."""

from __future__ import annotations

from typing import Any, Final

from pirab.contacts.errors import BadCard, BooksMissing
from pirab.contacts.types import CardDraft, CardRow
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.context import RequestContext
from pirab.jmap.email.account_blobs import AccountBlobs
from pirab.store.errors import BlobNotFound
from pirab.wire.jscontact.checks import is_vendors

BOOKS: Final = "addressBookIds"
PROPERTIES: Final = frozenset(
    {
        "id",
        BOOKS,
        "@type",
        "version",
        "uid",
        "created",
        "updated",
        "kind",
        "language",
        "prodId",
        "members",
        "relatedTo",
        "name",
        "nicknames",
        "organizations",
        "speakToAs",
        "titles",
        "emails",
        "onlineServices",
        "phones",
        "preferredLanguages",
        "calendars",
        "schedulingAddresses",
        "addresses",
        "cryptoKeys",
        "directories",
        "links",
        "media",
        "anniversaries",
        "keywords",
        "notes",
        "personalInfo",
        "localizations",
        "vCardProps",
    }
)
"""What may be asked for by name, beside properties of vendors."""
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"\x00\x00\x00")
_SOUNDS: Final = ("sound",)


def is_property(name: str) -> bool:
    """Whether a card may have a property of this name."""
    return name in PROPERTIES or is_vendors(name)


def render(row: CardRow, names: list[str] | None = None) -> dict[str, Any]:
    """The object; with `names` only those properties, as far as the card has them."""
    whole = {
        "id": encode_id(IdKind.CONTACT_CARD, row.id),
        BOOKS: {encode_id(IdKind.ADDRESS_BOOK, key): True for key in row.book_ids},
    } | row.content
    return whole if names is None else {name: whole[name] for name in names if name in whole}


def draft_of(context: RequestContext, blobs: AccountBlobs, card: dict[str, Any]) -> CardDraft:
    """A whole card as kept. Raises `BooksMissing`, and `BadCard` for media whose blob is absent or no picture."""
    content = {name: value for name, value in card.items() if name not in ("id", BOOKS)}
    return CardDraft(content, _book_ids(context, card.get(BOOKS)), _digests(blobs, content.get("media")))


def _book_ids(context: RequestContext, given: Any) -> frozenset[int]:
    if not isinstance(given, dict) or not all(value is True for value in given.values()):
        raise BooksMissing()
    keys = [context.key(IdKind.ADDRESS_BOOK, text) for text in given]
    if None in keys:
        raise BooksMissing()
    return frozenset(key for key in keys if key is not None)


def _digests(blobs: AccountBlobs, media: Any) -> frozenset[bytes]:
    """The blobs that a card's media name; what is wrong with their shape is said by the card's own check."""
    entries = list(media.values()) if isinstance(media, dict) else []
    found = set()
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("blobId"), str):
            continue
        try:
            blob = blobs.find(entry["blobId"])
        except BlobNotFound as error:
            raise BadCard("a blob that is not there", "media") from error
        if entry.get("kind") not in _SOUNDS and not blob.octets.startswith(_PICTURES):
            raise BadCard("not a picture of a known kind", "media")
        found.add(blob.digest)
    return frozenset(found)
