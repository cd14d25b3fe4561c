"""Values of Sieve scripts. Lines and columns count from 1, columns in characters."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class ScriptLimits(msgspec.Struct, frozen=True):
    """`max_octets` of the script, `max_depth` of blocks and of tests, `max_nodes` commands and tests together,
    `max_strings` in one list, `max_string` characters of one string."""

    max_octets: int = 65_536
    max_depth: int = 32
    max_nodes: int = 4_000
    max_strings: int = 1_000
    max_string: int = 32_768


class Place(msgspec.Struct, frozen=True):
    """Where in a script."""

    line: int
    column: int


class SieveError(ValueError):
    """The script is wrong: what, and where."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(f"{message} (line {place.line}, column {place.column})")
        self.message = message
        self.place = place


Argument = str | int | tuple[str, ...]
"""A string, a number, a string list. A single string where a list may stand becomes a list of one."""


class Node(msgspec.Struct, frozen=True):
    """A command or test that has been checked.

    `tags` maps the name of each tagged argument, without the colon, to its value (True for one that takes none);
    match type and comparator stand under "match" and "comparator", relations under "relation".
    """

    name: str
    place: Place
    tags: Mapping[str, Argument | bool]
    arguments: tuple[Argument, ...]
    tests: tuple[Node, ...]
    block: tuple[Node, ...]


class Script(msgspec.Struct, frozen=True):
    """A whole script and the extensions it asks for."""

    commands: tuple[Node, ...]
    extensions: frozenset[str]
