"""From tokens to a tree of commands that may still be nonsense (rfc5228#8.2)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from pirab.wire.sieve.lexer import Kind, Token, read_text, tokens
from pirab.wire.sieve.types import Argument, Place, ScriptLimits, SieveError


class RawArgument(msgspec.Struct, frozen=True):
    """An argument as written: a tag (then `value` is its name), a number, a string or a list."""

    value: Argument
    place: Place
    is_tag: bool = False


class RawNode(msgspec.Struct, frozen=True):
    """A command or test as written; `block` None where there is none."""

    name: str
    place: Place
    arguments: tuple[RawArgument, ...]
    tests: tuple[RawNode, ...]
    block: tuple[RawNode, ...] | None


def parse(octets: bytes, limits: ScriptLimits) -> tuple[RawNode, ...]:
    """The commands of a script. Raises `SieveError`."""
    reader = _Reader(tokens(read_text(octets, limits), limits), limits)
    commands = reader.commands(0)
    if reader.token.kind is not Kind.END:
        raise SieveError("nothing is open that this could close", reader.token.place)
    return commands


class _Reader:
    """Reads one token ahead."""

    def __init__(self, source: Iterator[Token], limits: ScriptLimits) -> None:
        self._source = source
        self._limits = limits
        self._nodes = 0
        self.token = next(source)

    def commands(self, depth: int) -> tuple[RawNode, ...]:
        """Commands up to the end or the brace that closes their block."""
        found: list[RawNode] = []
        while self.token.kind is Kind.NAME:
            found.append(self._command(depth))
        return tuple(found)

    def _command(self, depth: int) -> RawNode:
        start = self._node(depth)
        arguments, tests = self._arguments(depth)
        if self._takes(";"):
            return RawNode(start.text, start.place, arguments, tests, None)
        self._expect("{", "a semicolon or a block")
        block = self.commands(depth + 1)
        self._expect("}", "the end of the block")
        return RawNode(start.text, start.place, arguments, tests, block)

    def _test(self, depth: int) -> RawNode:
        start = self._node(depth)
        arguments, tests = self._arguments(depth)
        return RawNode(start.text, start.place, arguments, tests, None)

    def _node(self, depth: int) -> Token:
        token = self.token
        if token.kind is not Kind.NAME:
            raise SieveError("a name is wanted here", token.place)
        self._nodes += 1
        if depth >= self._limits.max_depth:
            raise SieveError(f"more than {self._limits.max_depth} inside one another", token.place)
        if self._nodes > self._limits.max_nodes:
            raise SieveError(f"more than {self._limits.max_nodes} commands and tests", token.place)
        self._next()
        return token

    def _arguments(self, depth: int) -> tuple[tuple[RawArgument, ...], tuple[RawNode, ...]]:
        arguments: list[RawArgument] = []
        while (argument := self._argument()) is not None:
            if len(arguments) >= self._limits.max_strings:
                raise SieveError("too many arguments", argument.place)
            arguments.append(argument)
        if self.token.kind is Kind.NAME:
            return tuple(arguments), (self._test(depth + 1),)
        if not self._takes("("):
            return tuple(arguments), ()
        tests = [self._test(depth + 1)]
        while self._takes(","):
            tests.append(self._test(depth + 1))
        self._expect(")", "a comma or the end of the tests")
        return tuple(arguments), tuple(tests)

    def _argument(self) -> RawArgument | None:
        token = self.token
        if token.kind in (Kind.TAG, Kind.STRING):
            self._next()
            return RawArgument(token.text, token.place, token.kind is Kind.TAG)
        if token.kind is Kind.NUMBER:
            self._next()
            return RawArgument(token.number, token.place)
        if self._takes("["):
            return RawArgument(self._list(), token.place)
        return None

    def _list(self) -> tuple[str, ...]:
        strings = [self._string()]
        while self._takes(","):
            strings.append(self._string())
            if len(strings) > self._limits.max_strings:
                raise SieveError(f"a list of more than {self._limits.max_strings} strings", self.token.place)
        self._expect("]", "a comma or the end of the list")
        return tuple(strings)

    def _string(self) -> str:
        token = self.token
        if token.kind is not Kind.STRING:
            raise SieveError("a string is wanted here", token.place)
        self._next()
        return token.text

    def _next(self) -> None:
        self.token = next(self._source)

    def _takes(self, sign: str) -> bool:
        if self.token.kind is Kind.SIGN and self.token.text == sign:
            self._next()
            return True
        return False

    def _expect(self, sign: str, what: str) -> None:
        if not self._takes(sign):
            raise SieveError(f"{what} is missing here", self.token.place)
