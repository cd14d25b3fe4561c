"""`parse_message`: the whole message read once."""

from collections.abc import Callable
from typing import TypeVar

from pirab.wire.address import readable_address
from pirab.wire.headers import as_addresses, as_date, as_message_ids, as_text
from pirab.wire.mime.bodies import Bodies, sort_bodies
from pirab.wire.mime.splitter import Splitter
from pirab.wire.mime.summary import body_texts
from pirab.wire.types import Address, ParsedMessage, ParseLimits, SearchText

DEFAULT_LIMITS = ParseLimits()
_LONGEST_FIELD = 128 * 1024  # octets of one field that are understood; a mail server accepts 100 kB
_READABLE_ADDRESSES = 200

_Value = TypeVar("_Value")


def parse_message(raw: bytes, limits: ParseLimits = DEFAULT_LIMITS) -> ParsedMessage:
    """`raw` as values. Never raises, whatever the octets; time is linear in their number.

    Of a field that occurs more than once the last one counts (rfc8621#4.1.3).
    """
    splitter = Splitter(raw, limits)
    root = splitter.run()
    bodies = sort_bodies(root)
    preview, body = body_texts(raw, bodies, limits)
    header = _Header(dict(splitter.root_fields), splitter.defects)
    subject = header.read(b"subject", as_text)
    from_, to = header.read(b"from", as_addresses), header.read(b"to", as_addresses)
    cc, bcc = header.read(b"cc", as_addresses), header.read(b"bcc", as_addresses)
    return ParsedMessage(
        root=root,
        text_body=tuple(part.part_id or "" for part in bodies.text),
        html_body=tuple(part.part_id or "" for part in bodies.html),
        attachments=tuple(part.part_id or "" for part in bodies.attachments),
        has_attachment=bodies.has_attachment,
        preview=preview,
        subject=subject,
        from_=from_,
        to=to,
        cc=cc,
        bcc=bcc,
        reply_to=header.read(b"reply-to", as_addresses),
        sender=header.read(b"sender", as_addresses),
        message_id=header.read(b"message-id", as_message_ids),
        in_reply_to=header.read(b"in-reply-to", as_message_ids),
        references=header.read(b"references", as_message_ids),
        sent_at=header.read(b"date", as_date),
        search_text=SearchText(
            subject=subject or "",
            from_=_searchable(from_),
            to=_searchable(to),
            body=body,
            attachment_names=_names(bodies),
            cc=_searchable(cc),
            bcc=_searchable(bcc),
        ),
        defects=tuple(splitter.defects),
    )


class _Header:
    """The last value of each field of the message's own header."""

    def __init__(self, values: dict[bytes, bytes], defects: dict[str, None]) -> None:
        self._values = values
        self._defects = defects

    def read(self, name: bytes, form: Callable[[bytes], _Value]) -> _Value | None:
        value = self._values.get(name)
        if value is not None and len(value) > _LONGEST_FIELD:
            self._defects["header-field-too-long"] = None
            value = value[:_LONGEST_FIELD]
        return form(value) if value is not None else None


def _searchable(addresses: tuple[Address, ...] | None) -> str:
    """Names and addresses; the first domains also as people read them where they are written in A-labels."""
    lines: list[str] = []
    for index, address in enumerate(addresses or ()):
        readable = readable_address(address.email) if index < _READABLE_ADDRESSES else address.email
        spellings = address.email if readable == address.email else f"{address.email} {readable}"
        lines.append(f"{address.name} {spellings}" if address.name else spellings)
    return "\n".join(lines)


def _names(bodies: Bodies) -> str:
    return "\n".join(part.name for part in bodies.attachments if part.name)
