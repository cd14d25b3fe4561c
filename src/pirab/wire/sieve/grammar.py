"""Every command and test this service knows, with its arguments and the extension that brings it."""

from __future__ import annotations

from enum import Enum
from typing import Final

import msgspec


class Type(Enum):
    """What an argument may be."""

    STRING = "a string"
    STRINGS = "a string or a list of strings"
    NUMBER = "a number"
    NONE = "nothing"


class Role(Enum):
    """Where a name may stand."""

    CONTROL = "control"
    ACTION = "action"
    TEST = "test"


class Tag(msgspec.Struct, frozen=True):
    """A tagged argument: its value, the extension it needs, and the group of which only one may be given."""

    value: Type = Type.NONE
    extension: str | None = None
    group: str | None = None


class Shape(msgspec.Struct, frozen=True):
    """How a command or test is written. `optional` of its first positional arguments may be left out; `tests` is the
    least and the largest number of tests."""

    role: Role
    positional: tuple[Type, ...] = ()
    tags: dict[str, Tag] = {}
    extension: str | None = None
    optional: int = 0
    tests: tuple[int, int] = (0, 0)
    has_block: bool = False


MANY: Final = 1_000
COMPARATORS: Final = ("i;octet", "i;ascii-casemap", "i;ascii-numeric", "i;unicode-casemap")
_BUILT_IN: Final = ("i;octet", "i;ascii-casemap")

EXTENSIONS: Final = (
    "body",
    "comparator-i;ascii-numeric",
    "comparator-i;unicode-casemap",
    "copy",
    "date",
    "encoded-character",
    "envelope",
    "fileinto",
    "imap4flags",
    "index",
    "mailbox",
    "mailboxid",
    "relational",
    "special-use",
    "subaddress",
    "vacation",
    "vacation-seconds",
    "variables",
)
"""What `require` may name beside the comparators that are always there."""
REQUIRABLE: Final = frozenset(EXTENSIONS) | {f"comparator-{name}" for name in _BUILT_IN}

_MATCH: Final = {
    "is": Tag(group="match"),
    "contains": Tag(group="match"),
    "matches": Tag(group="match"),
    "count": Tag(Type.STRING, "relational", "match"),
    "value": Tag(Type.STRING, "relational", "match"),
    "comparator": Tag(Type.STRING),
}
_PART: Final = {
    "all": Tag(group="part"),
    "localpart": Tag(group="part"),
    "domain": Tag(group="part"),
    "user": Tag(extension="subaddress", group="part"),
    "detail": Tag(extension="subaddress", group="part"),
}
_INDEX: Final = {"index": Tag(Type.NUMBER, "index"), "last": Tag(extension="index")}
_ZONE: Final = {"zone": Tag(Type.STRING, group="zone"), "originalzone": Tag(group="zone")}
_FLAGS: Final = {"flags": Tag(Type.STRINGS, "imap4flags")}
_FILE: Final = {
    "copy": Tag(extension="copy"),
    "create": Tag(extension="mailbox"),
    "mailboxid": Tag(Type.STRING, "mailboxid"),
    "specialuse": Tag(Type.STRING, "special-use"),
}
_SET: Final = {
    name: Tag(group=group)
    for group, names in {
        "case": ("lower", "upper"),
        "first": ("lowerfirst", "upperfirst"),
        "wildcard": ("quotewildcard",),
        "length": ("length",),
    }.items()
    for name in names
}
_VACATION: Final = {
    "days": Tag(Type.NUMBER, group="period"),
    "seconds": Tag(Type.NUMBER, "vacation-seconds", "period"),
    "subject": Tag(Type.STRING),
    "from": Tag(Type.STRING),
    "addresses": Tag(Type.STRINGS),
    "mime": Tag(),
    "handle": Tag(Type.STRING),
}

_FLAG_ACTION: Final = Shape(Role.ACTION, (Type.STRING, Type.STRINGS), {}, "imap4flags", optional=1)

SHAPES: Final[dict[str, Shape]] = {
    "require": Shape(Role.CONTROL, (Type.STRINGS,)),
    "if": Shape(Role.CONTROL, tests=(1, 1), has_block=True),
    "elsif": Shape(Role.CONTROL, tests=(1, 1), has_block=True),
    "else": Shape(Role.CONTROL, has_block=True),
    "stop": Shape(Role.CONTROL),
    "keep": Shape(Role.ACTION, (), _FLAGS),
    "discard": Shape(Role.ACTION),
    "redirect": Shape(Role.ACTION, (Type.STRING,), {"copy": Tag(extension="copy")}),
    "fileinto": Shape(Role.ACTION, (Type.STRING,), _FILE | _FLAGS, "fileinto"),
    "addflag": _FLAG_ACTION,
    "setflag": _FLAG_ACTION,
    "removeflag": _FLAG_ACTION,
    "set": Shape(Role.ACTION, (Type.STRING, Type.STRING), _SET, "variables"),
    "vacation": Shape(Role.ACTION, (Type.STRING,), _VACATION, "vacation"),
    "true": Shape(Role.TEST),
    "false": Shape(Role.TEST),
    "not": Shape(Role.TEST, tests=(1, 1)),
    "allof": Shape(Role.TEST, tests=(1, MANY)),
    "anyof": Shape(Role.TEST, tests=(1, MANY)),
    "exists": Shape(Role.TEST, (Type.STRINGS,)),
    "size": Shape(
        Role.TEST, (), {"over": Tag(Type.NUMBER, group="size"), "under": Tag(Type.NUMBER, group="size")}
    ),
    "header": Shape(Role.TEST, (Type.STRINGS, Type.STRINGS), _MATCH | _INDEX),
    "address": Shape(Role.TEST, (Type.STRINGS, Type.STRINGS), _MATCH | _PART | _INDEX),
    "envelope": Shape(Role.TEST, (Type.STRINGS, Type.STRINGS), _MATCH | _PART, "envelope"),
    "body": Shape(
        Role.TEST,
        (Type.STRINGS,),
        _MATCH
        | {
            "raw": Tag(group="transform"),
            "text": Tag(group="transform"),
            "content": Tag(Type.STRINGS, group="transform"),
        },
        "body",
    ),
    "hasflag": Shape(Role.TEST, (Type.STRINGS, Type.STRINGS), _MATCH, "imap4flags", optional=1),
    "string": Shape(Role.TEST, (Type.STRINGS, Type.STRINGS), _MATCH, "variables"),
    "date": Shape(Role.TEST, (Type.STRING, Type.STRING, Type.STRINGS), _MATCH | _ZONE | _INDEX, "date"),
    "currentdate": Shape(Role.TEST, (Type.STRING, Type.STRINGS), _MATCH | {"zone": Tag(Type.STRING)}, "date"),
    "mailboxexists": Shape(Role.TEST, (Type.STRINGS,), {}, "mailbox"),
    "mailboxidexists": Shape(Role.TEST, (Type.STRINGS,), {}, "mailboxid"),
    "specialuse_exists": Shape(Role.TEST, (Type.STRING, Type.STRINGS), {}, "special-use", optional=1),
}
GROUPED_AS: Final = {"match": "match", "part": "part"}
"""Groups whose chosen tag is kept under the group's name."""
