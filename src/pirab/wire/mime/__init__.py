"""Reading MIME messages: `parse_message` for the tree and the summary, the rest for one part at a time.

The reader never decodes an attachment: it finds byte ranges and counts. What it gives for a message is
decided by the message and the limits alone.
"""

from pirab.wire.mime.fields import header_fields
from pirab.wire.mime.parse import parse_message
from pirab.wire.mime.text import part_text
from pirab.wire.mime.transfer import decode_part
from pirab.wire.types import (
    Address,
    AddressGroup,
    DecodedText,
    HeaderField,
    ParsedMessage,
    ParseLimits,
    Part,
    SearchText,
)

__all__ = [
    "Address",
    "AddressGroup",
    "DecodedText",
    "HeaderField",
    "ParseLimits",
    "ParsedMessage",
    "Part",
    "SearchText",
    "decode_part",
    "header_fields",
    "parse_message",
    "part_text",
]
