"""The `header` condition (rfc8621#4.4.1): any field of the message's own header, by name or by a text in its value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from pirab.store.header_text import folded

_SPECIAL: Final = re.compile(r"[!-/:-@\[-^`{-~]")
"""Printable ASCII but letters, digits, space and underscore."""


def header_condition(header: tuple[str, ...], bind: Callable[[object], str]) -> str:
    """SQL over `g` (store_message): a field has this name and, where a text is given, its value holds the text.

    `header` is the field's name and perhaps a text; case does not matter in either. A field that occurs several times
    is found by each of its values.
    """
    name = folded(header[0]).replace(" ", "")
    present = f"strpos(g.fields, {bind(f'{chr(10)}{name}:')}) > 0"
    if len(header) == 1:
        return f"coalesce({present}, false)"
    # The cheap question first: few messages have the field at all.
    pattern = rf"\n{_literal(name)}:[^\n]*{_literal(folded(header[1]))}"
    return f"coalesce({present} and g.fields ~ {bind(pattern)}, false)"


def _literal(text: str) -> str:
    """`text` in a regular expression of PostgreSQL, every special character made plain."""
    return _SPECIAL.sub(r"\\\g<0>", text)
