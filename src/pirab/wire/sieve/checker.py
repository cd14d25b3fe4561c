"""From a tree as written to one that makes sense: names, arguments, extensions, places."""

from __future__ import annotations

import re
from typing import Final

from pirab.wire.address import AddressError, normalize_address
from pirab.wire.sieve import grammar
from pirab.wire.sieve.grammar import Role, Shape, Tag, Type
from pirab.wire.sieve.parser import RawArgument, RawNode, parse
from pirab.wire.sieve.types import Argument, Node, Place, Script, ScriptLimits, SieveError

RELATIONS: Final = frozenset({"gt", "ge", "lt", "le", "eq", "ne"})
_HEADER_NAME: Final = re.compile(r"[!-9;-~]{1,200}", re.ASCII)
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)
_ENCODED: Final = re.compile(
    r"\$\{(hex|unicode):[ \t\r\n]*([0-9A-Fa-f]+(?:[ \t\r\n]+[0-9A-Fa-f]+)*)[ \t\r\n]*\}", re.I
)


def parse_script(octets: bytes, limits: ScriptLimits | None = None) -> Script:
    """The script, checked in full. Raises `SieveError` and nothing else."""
    raw = parse(octets, limits or ScriptLimits())
    start = 0
    extensions: set[str] = set()
    while start < len(raw) and raw[start].name == "require":
        extensions |= _required(raw[start])
        start += 1
    checker = _Checker(frozenset(extensions))
    return Script(checker.block(raw[start:]), frozenset(extensions))


def _required(node: RawNode) -> set[str]:
    (names,) = _Checker(frozenset()).node(node, Role.CONTROL).arguments
    assert isinstance(names, tuple)
    for name in names:
        if name not in grammar.REQUIRABLE:
            raise SieveError(f'the extension "{name[:100]}" is not known here', node.place)
    implied = {"vacation"} if "vacation-seconds" in names else set()
    return set(names) | implied


class _Checker:
    """Checks nodes against the grammar under a set of extensions."""

    def __init__(self, extensions: frozenset[str]) -> None:
        self._extensions = extensions

    def block(self, raw: tuple[RawNode, ...]) -> tuple[Node, ...]:
        """The commands of a block or script, each where it may stand."""
        before = ""
        checked: list[Node] = []
        for node in raw:
            if node.name == "require":
                raise SieveError("require may only stand at the beginning", node.place)
            if node.name in ("elsif", "else") and before not in ("if", "elsif"):
                raise SieveError(f"{node.name} without an if before it", node.place)
            before = node.name
            checked.append(self.node(node, None))
        return tuple(checked)

    def node(self, raw: RawNode, role: Role | None) -> Node:
        """One command (`role` None: an action or control) or test."""
        shape = grammar.SHAPES.get(raw.name)
        is_test = role is Role.TEST
        if shape is None or (shape.role is Role.TEST) is not is_test:
            what = "test" if is_test else "command"
            raise SieveError(f'there is no {what} "{raw.name[:100]}"', raw.place)
        self._need(shape.extension, raw.name, raw.place)
        tags, positional = self._split(raw, shape)
        tests = self._tests(raw, shape)
        if (raw.block is not None) is not shape.has_block:
            raise SieveError(
                f"{raw.name} {'needs a block' if shape.has_block else 'has no block'}", raw.place
            )
        node = Node(
            raw.name,
            raw.place,
            tags,
            self._positional(raw, shape, positional),
            tests,
            self.block(raw.block or ()),
        )
        check_values(node, self._extensions)
        return node

    def _tests(self, raw: RawNode, shape: Shape) -> tuple[Node, ...]:
        least, most = shape.tests
        if not least <= len(raw.tests) <= most:
            raise SieveError(f"{raw.name} takes {least if least == most else 'other'} tests", raw.place)
        return tuple(self.node(test, Role.TEST) for test in raw.tests)

    def _split(self, raw: RawNode, shape: Shape) -> tuple[dict[str, Argument | bool], list[RawArgument]]:
        tags: dict[str, Argument | bool] = {}
        groups: set[str] = set()
        rest = list(raw.arguments)
        while rest and rest[0].is_tag:
            given = rest.pop(0)
            name = str(given.value)
            tag = shape.tags.get(name)
            if tag is None:
                raise SieveError(f"{raw.name} does not know :{name[:100]}", given.place)
            self._need(tag.extension, f":{name}", given.place)
            if name in tags or tag.group in groups:
                raise SieveError(f":{name} says again, or otherwise, what was said", given.place)
            groups |= {tag.group} if tag.group else set()
            value = self._tag_value(tag, rest, given)
            tags[name] = value
            if tag.group in grammar.GROUPED_AS:
                tags[tag.group] = name
        return tags, rest

    def _tag_value(self, tag: Tag, rest: list[RawArgument], given: RawArgument) -> Argument | bool:
        if tag.value is Type.NONE:
            return True
        if not rest:
            raise SieveError(f":{given.value} needs {tag.value.value}", given.place)
        return self._typed(rest.pop(0), tag.value)

    def _positional(self, raw: RawNode, shape: Shape, given: list[RawArgument]) -> tuple[Argument, ...]:
        wanted = shape.positional
        if shape.optional and len(given) == len(wanted) - shape.optional:
            wanted = wanted[shape.optional :]
        if len(given) != len(wanted):
            raise SieveError(f"{raw.name} takes {len(wanted)} arguments after its tags", raw.place)
        return tuple(self._typed(each, kind) for each, kind in zip(given, wanted, strict=True))

    def _typed(self, given: RawArgument, kind: Type) -> Argument:
        value = given.value
        if given.is_tag:
            raise SieveError(f"{kind.value} is wanted here", given.place)
        if kind is Type.NUMBER and isinstance(value, int):
            return value
        if kind is Type.STRING and isinstance(value, str):
            return self._decoded(value, given.place)
        if kind is Type.STRINGS and not isinstance(value, int):
            strings = (value,) if isinstance(value, str) else value
            return tuple(self._decoded(each, given.place) for each in strings)
        raise SieveError(f"{kind.value} is wanted here", given.place)

    def _decoded(self, text: str, place: Place) -> str:
        """`text` with ${hex:…} and ${unicode:…} replaced (rfc5228#2.4.2.4)."""
        if "encoded-character" not in self._extensions or "${" not in text:
            return text

        def characters(found: re.Match[str]) -> str:
            numbers = [int(number, 16) if len(number) <= 8 else -1 for number in found[2].split()]
            try:
                if found[1].lower() == "hex":
                    return bytes(numbers).decode("utf-8")
                return "".join(map(chr, numbers)).encode("utf-8").decode("utf-8")
            except (ValueError, OverflowError) as error:
                raise SieveError("this names no character", place) from error

        return _ENCODED.sub(characters, text).replace("\0", "")

    def _need(self, extension: str | None, what: str, place: Place) -> None:
        if extension is not None and extension not in self._extensions:
            raise SieveError(f'{what} needs require "{extension}"', place)


def check_values(node: Node, extensions: frozenset[str]) -> None:
    """What the types alone do not say. Strings with variables are only known when the script runs."""
    is_variable = "variables" in extensions
    _check_matching(node, extensions)
    if node.name == "size" and len(node.tags) != 1:
        raise SieveError("size needs :over or :under", node.place)
    if node.name in ("header", "address", "exists"):
        _check_headers(node, is_variable)
    if node.name == "redirect" and not (is_variable and "${" in str(node.arguments[0])):
        _check_address(str(node.arguments[0]), node.place)
    if node.name == "set" and not _VARIABLE.fullmatch(str(node.arguments[0])):
        raise SieveError("this can not be the name of a variable", node.place)
    if node.name == "vacation":
        for address in (node.tags.get("from"), *_strings(node.tags.get("addresses"))):
            if isinstance(address, str) and "${" not in address:
                _check_address(address.rpartition("<")[2].rstrip("> "), node.place)
    if "last" in node.tags and "index" not in node.tags:
        raise SieveError(":last needs :index", node.place)


def _strings(value: Argument | bool | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _check_matching(node: Node, extensions: frozenset[str]) -> None:
    comparator = node.tags.get("comparator", "i;ascii-casemap")
    if comparator not in grammar.COMPARATORS or (
        f"comparator-{comparator}" in grammar.EXTENSIONS and f"comparator-{comparator}" not in extensions
    ):
        raise SieveError(f'the comparator "{str(comparator)[:100]}" is not known or not required', node.place)
    match = node.tags.get("match")
    if comparator == "i;ascii-numeric" and match in ("contains", "matches"):
        raise SieveError("numbers can not be searched for a part", node.place)
    if match in ("count", "value") and node.tags[str(match)] not in RELATIONS:
        raise SieveError("a relation is one of gt, ge, lt, le, eq, ne", node.place)


def _check_headers(node: Node, is_variable: bool) -> None:
    for name in _strings(node.arguments[0]):
        if not _HEADER_NAME.fullmatch(name) and not (is_variable and "${" in name):
            raise SieveError(f'"{name[:100]}" can not be the name of a header field', node.place)


def _check_address(text: str, place: Place) -> None:
    try:
        normalize_address(text)
    except AddressError as error:
        raise SieveError(f'"{text[:100]}" is no address: {error}', place) from error
