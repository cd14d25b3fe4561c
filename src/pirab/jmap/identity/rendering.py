"""Identity objects, from rows to JSON and from JSON to drafts and patches (rfc8621#6)."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.errors import invalid_properties
from pirab.jmap.patches import changes_in
from pirab.submission.types import IdentityDraft, IdentityPatch, IdentityRow, MailAddress

PROPERTIES: Final = (
    "id",
    "name",
    "email",
    "replyTo",
    "bcc",
    "textSignature",
    "htmlSignature",
    "mayDelete",
)

Addresses = tuple[MailAddress, ...] | None
_WRITABLE: Final[dict[str, tuple[str, Any]]] = {
    # name on the wire: (field of IdentityDraft, its type)
    "name": ("name", str),
    "email": ("email", str),
    "replyTo": ("reply_to", Addresses),
    "bcc": ("bcc", Addresses),
    "textSignature": ("text_signature", str),
    "htmlSignature": ("html_signature", str),
}
_DEFAULTS: Final[dict[str, Any]] = {
    "name": "",
    "replyTo": None,
    "bcc": None,
    "textSignature": "",
    "htmlSignature": "",
}


def render(row: IdentityRow) -> dict[str, Any]:
    """The whole Identity object."""
    return {
        "id": encode_id(IdKind.IDENTITY, row.id),
        "name": row.name,
        "email": row.email,
        "replyTo": row.reply_to,
        "bcc": row.bcc,
        "textSignature": row.text_signature,
        "htmlSignature": row.html_signature,
        "mayDelete": row.may_delete,
    }


def draft_of(record: dict[str, Any]) -> IdentityDraft:
    """What to create; raises `invalidProperties` naming the bad ones."""
    _refuse_unwritable(record)
    if "email" not in record:
        raise invalid_properties("An identity needs an address.", "email")
    return IdentityDraft(**_fields(record))


def patch_of(record: dict[str, Any], row: IdentityRow) -> IdentityPatch:
    """What to change in `row`; its address stays. Null brings a default back (rfc8620#5.3)."""
    given = changes_in(record, msgspec.to_builtins(render(row)), _DEFAULTS)
    return IdentityPatch(
        **_fields({name: _DEFAULTS[name] if value is None else value for name, value in given.items()})
    )


def _refuse_unwritable(record: dict[str, Any]) -> None:
    strange = [name for name in record if name not in _WRITABLE]
    if strange:
        raise invalid_properties("Not a property that can be set.", *(name[:100] for name in strange))


def _fields(record: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    bad: list[str] = []
    for name, value in record.items():
        field, shape = _WRITABLE[name]
        try:
            fields[field] = msgspec.convert(value, shape, strict=True)
        except msgspec.ValidationError:
            bad.append(name)
    if bad:
        raise invalid_properties("A value of the wrong type.", *bad)
    return fields
