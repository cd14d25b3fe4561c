"""The values mail is read into. All immutable; strings are free of NUL and lone surrogates."""

from datetime import datetime

import msgspec


class ParseLimits(msgspec.Struct, frozen=True):
    """How much structure is worth looking at.

    `max_depth`: nested multiparts (never more than 200 whatever is asked for); a multipart below it becomes
    one opaque leaf. `max_parts`: parts of any kind; what follows the last one becomes one opaque leaf.
    `max_search_chars`: characters of body text kept for the search index.
    """

    max_depth: int = 50
    max_parts: int = 1_000
    max_search_chars: int = 200_000


class Part(msgspec.Struct, frozen=True, gc=False):
    """One node of the MIME tree (rfc8621#4.1.4). `part_id` and `size` exist for leaves; a multipart has
    None and 0.

    `type` is lower-case `type/subtype`. `size` counts octets after the transfer encoding is undone. The
    four offsets are octets into the message: header block without the empty line, and body without the line
    break that belongs to the next boundary (rfc2046#5.1.1).
    """

    part_id: str | None
    type: str
    charset: str | None
    disposition: str | None
    name: str | None
    cid: str | None
    language: tuple[str, ...] | None
    location: str | None
    encoding: str
    header_start: int
    header_end: int
    body_start: int
    body_end: int
    size: int
    sub_parts: tuple["Part", ...]

    @property
    def is_multipart(self) -> bool:
        return self.part_id is None


class Address(msgspec.Struct, frozen=True, gc=False):
    """A mailbox (rfc8621#4.1.2.3). `email` is what stands there, also when it is no valid address."""

    name: str | None
    email: str


class AddressGroup(msgspec.Struct, frozen=True, gc=False):
    """A group, or with `name` None a run of mailboxes outside any group (rfc8621#4.1.2.4)."""

    name: str | None
    addresses: tuple[Address, ...]


class SearchText(msgspec.Struct, frozen=True, gc=False):
    """What the search index reads: plain text without markup."""

    subject: str
    from_: str
    to: str
    body: str
    attachment_names: str
    cc: str = ""
    bcc: str = ""


class HeaderField(msgspec.Struct, frozen=True, gc=False):
    """A header field as it stands: `value` is everything after the colon, without the last line break."""

    name: str
    value: bytes


class DecodedText(msgspec.Struct, frozen=True, gc=False):
    """Text of a part. `is_encoding_problem`: the charset or transfer encoding was unknown, wrong or
    damaged."""

    text: str
    is_encoding_problem: bool


class ParsedMessage(msgspec.Struct, frozen=True, gc=False):
    """A message read once (rfc8621#4.1). `text_body`, `html_body`, `attachments` hold part ids.

    Message ids are without angle brackets. `sent_at` is aware. `preview` has at most 256 characters.
    `defects` are short fixed words, each at most once, in the order of discovery.
    """

    root: Part
    text_body: tuple[str, ...]
    html_body: tuple[str, ...]
    attachments: tuple[str, ...]
    has_attachment: bool
    preview: str
    subject: str | None
    from_: tuple[Address, ...] | None
    to: tuple[Address, ...] | None
    cc: tuple[Address, ...] | None
    bcc: tuple[Address, ...] | None
    reply_to: tuple[Address, ...] | None
    sender: tuple[Address, ...] | None
    message_id: tuple[str, ...] | None
    in_reply_to: tuple[str, ...] | None
    references: tuple[str, ...] | None
    sent_at: datetime | None
    search_text: SearchText
    defects: tuple[str, ...]
