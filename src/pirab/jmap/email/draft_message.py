"""A draft as the message it becomes (rfc8621#4.6): its parts, and Message-ID and Date where they are missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pirab.jmap.email.draft import Draft
from pirab.jmap.email.draft_body import DraftPart
from pirab.jmap.errors import SetError, invalid_properties
from pirab.wire.compose import (
    ComposeError,
    FieldLine,
    MimeNode,
    compose_structure,
    date_field,
    message_ids_field,
)


def write_message(draft: Draft, contents: Mapping[str, bytes], message_id: str, now: datetime) -> bytes:
    """The octets of the message; `contents` has every blob its parts name, `message_id` is used if it has none.

    Raises `invalidProperties` for what no message can hold.
    """
    root = _node(draft.body, contents, _header(draft, message_id, now))
    try:
        return compose_structure(root)
    except ComposeError as error:
        name = draft.body.path.partition("/")[0]
        raise invalid_properties(f"{error.field}: {error.reason}", name) from error


def check_size(raw: bytes, most: int) -> None:
    """Raise `tooLarge` for a message of more than `most` octets: it could be kept, but never sent."""
    if len(raw) > most:
        raise SetError("tooLarge", f"The message has {len(raw)} octets; at most {most} can be sent.")


def _header(draft: Draft, message_id: str, now: datetime) -> tuple[FieldLine, ...]:
    fields = (*draft.fields, *draft.body.fields)
    present = {field.name.lower() for field in fields}
    added: list[FieldLine] = []
    if "date" not in present:
        added.append(date_field("Date", now))
    if "message-id" not in present:
        added.append(message_ids_field("Message-ID", (message_id,)))
    return (*added, *fields)


def _node(part: DraftPart, contents: Mapping[str, bytes], headers: tuple[FieldLine, ...]) -> MimeNode:
    content = part.text if part.blob_id is None else contents[part.blob_id]
    return MimeNode(
        type=part.type,
        headers=headers,
        content=None if part.is_multipart else content,
        children=tuple(_node(below, contents, below.fields) for below in part.sub_parts),
        charset=part.charset,
        disposition=part.disposition,
        name=part.name,
        cid=part.cid,
        language=part.language,
        location=part.location,
        parameters=tuple(part.parameters.items()),
    )
