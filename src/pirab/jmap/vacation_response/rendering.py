"""What a VacationResponse looks like from outside, and reading what clients send of it (rfc8621#8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from pirab.filtering.types import VacationResponse
from pirab.jmap.email.dates import parse_utc_date
from pirab.jmap.errors import SetError, invalid_properties
from pirab.jmap.patches import checked_paths

SINGLETON: Final = "singleton"
LONGEST_SUBJECT: Final = 500
"""Characters."""
LONGEST_BODY: Final = 100_000
"""Characters of each of the two bodies."""


def _date(value: datetime | None) -> str | None:
    return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")


_VALUES: Final[dict[str, Callable[[VacationResponse], Any]]] = {
    "id": lambda _: SINGLETON,
    "isEnabled": lambda response: response.is_enabled,
    "fromDate": lambda response: _date(response.from_date),
    "toDate": lambda response: _date(response.to_date),
    "subject": lambda response: response.subject,
    "textBody": lambda response: response.text_body,
    "htmlBody": lambda response: response.html_body,
}
PROPERTIES: Final = tuple(_VALUES)


def render(response: VacationResponse, names: list[str]) -> dict[str, Any]:
    """The object with the properties in `names`."""
    return {name: _VALUES[name](response) for name in names}


def patched(current: VacationResponse, patch: Mapping[str, Any]) -> VacationResponse:
    """`current` with the patch applied. Raises `invalidPatch`, or `invalidProperties` naming everything wrong."""
    changes: dict[str, Any] = {}
    bad: list[str] = []
    for path, value in checked_paths(dict(patch)).items():
        name = path[0]
        if len(path) > 1:
            raise SetError("invalidPatch", "A VacationResponse has no inner parts.")
        if name == "id" and value == SINGLETON:
            continue
        reader = _READERS.get(name)
        try:
            if reader is None:
                raise ValueError(name)
            field, read = reader
            changes[field] = read(value)
        except (ValueError, TypeError):
            bad.append(name)
    if bad:
        raise invalid_properties("Unknown, of the wrong type, or a value that is not allowed.", *bad)
    return msgspec.structs.replace(current, **changes)


def _flag(value: Any) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise TypeError
    return value


def _moment(value: Any) -> datetime | None:
    return None if value is None else parse_utc_date(value)


def _subject(value: Any) -> str | None:
    text = _text(value, LONGEST_SUBJECT)
    if text is not None and ("\n" in text or "\r" in text):
        raise ValueError("subject")
    return text


def _body(value: Any) -> str | None:
    return _text(value, LONGEST_BODY)


def _text(value: Any, longest: int) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError
    if len(value) > longest or "\0" in value:
        raise ValueError("text")
    return value


_READERS: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "isEnabled": ("is_enabled", _flag),
    "fromDate": ("from_date", _moment),
    "toDate": ("to_date", _moment),
    "subject": ("subject", _subject),
    "textBody": ("text_body", _body),
    "htmlBody": ("html_body", _body),
}
