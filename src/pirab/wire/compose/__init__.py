"""Writing messages: strict RFC 5322 and MIME from values.

`compose` writes a letter from a `Draft`; `compose_structure` writes any tree of `MimeNode`, which is what
JMAP asks for. What is always true of the result:

* Lines end with CRLF, none is longer than 998 octets, header lines are folded at 78 where they can be
  (rfc5322#2.1.1).
* The header is ASCII (RFC 2047 and RFC 2231 carry the rest), except for an address whose local part is not
  ASCII: its field is UTF-8 as RFC 6532 wants, and `needs_smtputf8` says so.
* No value can begin a new header field or a new part. What cannot be written raises `ComposeError`.
* The body needs 7 bits, or 8 where a message is enclosed that has them.
* The same values give the same octets: boundaries come from a hash of what they divide.
"""

from pirab.wire.address import needs_smtputf8
from pirab.wire.compose.draft import Attachment, Draft, compose, draft_structure
from pirab.wire.compose.fields import (
    ComposeError,
    FieldLine,
    address_field,
    date_field,
    group_field,
    message_ids_field,
    raw_field,
    text_field,
    urls_field,
)
from pirab.wire.compose.rewrite import prepend_fields, remove_fields, strip_bcc
from pirab.wire.compose.structure import MimeNode, compose_structure

__all__ = [
    "Attachment",
    "ComposeError",
    "Draft",
    "FieldLine",
    "MimeNode",
    "address_field",
    "compose",
    "compose_structure",
    "date_field",
    "draft_structure",
    "group_field",
    "message_ids_field",
    "needs_smtputf8",
    "prepend_fields",
    "raw_field",
    "remove_fields",
    "strip_bcc",
    "text_field",
    "urls_field",
]
