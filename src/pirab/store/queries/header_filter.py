"""The `header` condition (rfc8621#4.4.1) for the fields whose values are kept beside the message.

A field that is not kept is `unsupportedFilter`: to answer for it every message would have to be read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pirab.store.errors import UnsupportedFilter

_ADDRESSES: Final = {name: name for name in ("from", "to", "cc", "bcc", "sender")} | {"reply-to": "reply_to"}
_MESSAGE_IDS: Final = {"message-id": "message_id", "in-reply-to": "in_reply_to", "references": "references"}
_TEXTS: Final = {"subject": "subject"}
_COLUMNS: Final = _ADDRESSES | _MESSAGE_IDS | _TEXTS


def header_condition(header: tuple[str, ...], bind: Callable[[object], str]) -> str:
    """SQL over `g` (store_message): the message has the field, and its value holds the text where one is given.

    `header` is the field's name and perhaps a text; case does not matter in either. Raises `UnsupportedFilter`.
    """
    name = header[0].lower()
    column = _COLUMNS.get(name)
    if column is None:
        raise UnsupportedFilter("header")
    value = f"g.envelope::json -> '{column}'"
    if len(header) == 1:
        return f"coalesce(json_typeof({value}), 'null') <> 'null'"
    wanted = bind(header[1].lower())
    if name in _TEXTS:
        return f"strpos(lower(coalesce(g.envelope::json ->> '{column}', '')), {wanted}) > 0"
    # a field that is absent is no array, and its elements cannot be asked for
    items = f"case json_typeof({value}) when 'array' then {value} else '[]'::json end"
    spelled = "coalesce(v ->> 'name', '') || ' <' || (v ->> 'email') || '>'"
    if name in _MESSAGE_IDS:
        spelled = "'<' || (v #>> '{}') || '>'"
    return (
        f"exists (select from json_array_elements({items}) as v where strpos(lower({spelled}), {wanted}) > 0)"
    )
