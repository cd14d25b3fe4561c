"""MIME parameters (rfc2045#5.1) and file names that every program can read (rfc2231, with rfc2047 beside
it)."""

import re
from urllib.parse import quote

from pirab.wire.charset import clean
from pirab.wire.compose.fields import ComposeError
from pirab.wire.encoded_words import encode_words

_ATOM = re.compile(r"[A-Za-z0-9!#$&+.^_`|~-]+")
_SIMPLE = re.compile(r"[ !#-\[\]-~]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SECTION_LENGTH = 50
_SIMPLE_LENGTH = 60


def parameter(name: str, value: str) -> str:
    """`name=value`, quoted where needed. ASCII without line breaks only; ComposeError otherwise."""
    if not _ATOM.fullmatch(name):
        raise ComposeError("parameter", "not a parameter name")
    if _ATOM.fullmatch(value):
        return f"{name}={value}"
    if len(value) > 500 or not re.fullmatch(r"[ -~]*", value):
        raise ComposeError(name, "a parameter must be ASCII without line breaks")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'


def file_name_parameters(name: str) -> list[str]:
    """`filename` for Content-Disposition: plain when it is plain, else in sections of percent-encoded UTF-8
    (rfc2231)."""
    name = presentable(name)
    if _is_simple(name):
        return [f'filename="{name}"']
    encoded = quote(name, safe="")
    sections = _sections(encoded)
    if len(sections) == 1:
        return [f"filename*=utf-8''{encoded}"]
    return [
        f"filename*{index}*={chr(39).join(('utf-8', '', section)) if index == 0 else section}"
        for index, section in enumerate(sections)
    ]


def legacy_name_parameter(name: str) -> str:
    """`name` for Content-Type. Encoded words in a quoted string are no standard, but old Outlooks read
    nothing else."""
    name = presentable(name)
    if _is_simple(name):
        return f'name="{name}"'
    return 'name="' + "\r\n ".join(encode_words(name)) + '"'


def presentable(name: str) -> str:
    """`name` without control characters: a line break in a file name is an accident or an attack."""
    return _CONTROL.sub(" ", clean(name)).strip()


def _is_simple(name: str) -> bool:
    return bool(_SIMPLE.fullmatch(name)) and len(name) <= _SIMPLE_LENGTH and "=?" not in name


def _sections(encoded: str) -> list[str]:
    sections: list[str] = []
    while encoded:
        end = _SECTION_LENGTH
        if len(encoded) > end and "%" in encoded[end - 2 : end]:  # never inside %XX
            end = encoded.rindex("%", end - 2, end)
        sections.append(encoded[:end])
        encoded = encoded[end:]
    return sections
