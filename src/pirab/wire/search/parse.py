"""The grammar: words, phrases, operators, OR between neighbours, minus before what is not wanted, parentheses.

    search   = *( element / element OR element / "(" search ")" )        neighbours are joined by AND
    element  = [ "-" / NOT ] ( word / phrase / operator ":" value / "(" search ")" )
    value    = word / phrase / date / "(" search ")"                     a group only after operators that look at text

OR binds its neighbours more tightly than AND, as people know it from elsewhere: `a b OR c` is a AND (b OR c).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from pirab.wire.search.dates import read_date
from pirab.wire.search.explain import chip_for, negated_chip
from pirab.wire.search.pieces import MINUS, is_quote, operator_at, phrase_at, skip_space, word_end
from pirab.wire.search.types import TEXT_FIELDS, Chip, Condition, Field, Group, Joint, Node, Search, Status
from pirab.wire.search.vocabulary import (
    AND_WORDS,
    BARE_STATES,
    DATE_OPERATORS,
    MAILBOX_OPERATORS,
    NOT_WORDS,
    OR_WORDS,
    ROLES,
    SIZE_OPERATORS,
    STATE_OPERATORS,
    STATES,
    TEXT_OPERATORS,
    read_size,
)

LONGEST_SEARCH: Final = 10_000
"""Characters that are looked at."""
MOST_ELEMENTS: Final = 200
"""Elements that are looked at; what stands behind them asks for nothing."""
DEEPEST: Final = 6
"""Parentheses inside one another; deeper ones are not there."""


class _Element(msgspec.Struct):
    """One element read: `node` is None for what asks for nothing, `joins` for the word OR."""

    node: Node | None
    joins: bool = False
    span: tuple[int, int] | None = None
    """Where a plain word stands: neighbours of its kind are one text."""


def parse_search(text: str, now: datetime) -> Search:
    """What `text` asks for and how it was understood. `now` has a time zone: days begin and end there. Never raises."""
    reader = _Reader(text[:LONGEST_SEARCH], now)
    wanted = reader.group(0, Field.ANYWHERE)
    return Search(wanted, tuple(sorted(reader.chips, key=lambda chip: chip.start)))


class _Reader:
    def __init__(self, text: str, now: datetime) -> None:
        self._text = text
        self._now = now
        self._at = 0
        self._elements = 0
        self.chips: list[Chip] = []

    def group(self, depth: int, field: Field) -> Node | None:
        """Everything up to the closing parenthesis, or the end."""
        found: list[_Element] = []
        while (element := self._next(depth, field)) is not None:
            found.append(element)
        return self._joined(found, field)

    def _next(self, depth: int, field: Field) -> _Element | None:
        negated = False
        while True:
            self._at = skip_space(self._text, self._at)
            if self._at >= len(self._text) or self._elements >= MOST_ELEMENTS:
                return None
            char, after = self._text[self._at], self._text[self._at + 1 : self._at + 2]
            if char == ")":
                self._at += 1
                if depth:
                    return None
            elif char in MINUS and after and not after.isspace() and after not in MINUS:
                self._at, negated = self._at + 1, True
            elif (word := self._connective()) is not None:
                if word == "NOT":
                    negated = True
                else:
                    return _Element(None, joins=word == "OR")
            else:
                self._elements += 1
                return self._element(depth, field, negated)

    def _connective(self) -> str | None:
        """OR, AND or NOT standing alone here; passes over it."""
        end = word_end(self._text, self._at, in_group=False)
        word = self._text[self._at : end]
        for name, words in (("OR", OR_WORDS), ("AND", AND_WORDS), ("NOT", NOT_WORDS)):
            if word in words:
                self._at = end
                return name
        return None

    def _element(self, depth: int, field: Field, negated: bool) -> _Element:
        start = self._at
        if self._text[start] == "(":
            self._at += 1
            if depth >= DEEPEST:
                return _Element(None)
            chips = len(self.chips)
            inner = self.group(depth + 1, field)
            if negated:
                self.chips[chips:] = [negated_chip(chip) for chip in self.chips[chips:]]
            return _Element(_negate(inner) if negated else inner)
        if (operator := operator_at(self._text, start)) is not None:
            node = self._operator(start, *operator, depth, negated)
            return _Element(_negate(node) if negated else node)
        return self._words(depth, field, negated)

    def _words(self, depth: int, field: Field, negated: bool) -> _Element:
        start = self._at
        if is_quote(self._text[start]):
            phrase = phrase_at(self._text, start)
            if phrase is None:
                self._at += 1
                return _Element(None)
            self._at = phrase[1]
            node: Node = Condition(field, f'"{phrase[0]}"')
            self._explain(start, "phrase", field, phrase[0], negated)
            return _Element(_negate(node) if negated else node)
        self._at = end = max(word_end(self._text, start, in_group=depth > 0), start + 1)
        word = self._text[start:end]
        state = BARE_STATES.get(word) if field is Field.ANYWHERE else None
        if state is not None:
            node = Condition(*state)
            self._explain(start, "is", state[0], word, negated, node)
        elif not any(char.isalnum() for char in word):
            return _Element(None, span=None if negated else (start, end))
        else:
            node = Condition(field, word)
            if not negated:
                return _Element(node, span=(start, end))
            self._explain(start, "text", field, word, negated)
        return _Element(_negate(node) if negated else node)

    def _operator(self, start: int, name: str, value_at: int, depth: int, negated: bool) -> Node | None:
        self._at = skip_space(self._text, value_at)
        char = self._text[self._at : self._at + 1]
        if not char or (depth and char == ")") or operator_at(self._text, self._at) is not None:
            self._explain(start, name, Field.ANYWHERE, "", negated, status=Status.INCOMPLETE)
            return None
        if name in TEXT_OPERATORS and char == "(" and depth < DEEPEST:
            self._at += 1
            return self.group(depth + 1, TEXT_OPERATORS[name])
        if name in DATE_OPERATORS:
            quoted = is_quote(char)
            found = read_date(self._text, self._at + quoted, self._now)
            if found is not None:
                self._at = found[1] + (quoted and is_quote(self._text[found[1] : found[1] + 1]))
                return self._dated(start, DATE_OPERATORS[name], found[0], negated)
        value = self._value(depth)
        node = _condition(name, value)
        if node is None:
            self._explain(start, name, Field.ANYWHERE, value, negated, status=Status.UNKNOWN)
            return Condition(Field.ANYWHERE, value) if any(char.isalnum() for char in value) else None
        self._explain(start, name, node.field, value.strip('"'), negated, node)
        return node

    def _value(self, depth: int) -> str:
        """The word or the phrase, its quotes kept, that stands here."""
        phrase = phrase_at(self._text, self._at)
        if phrase is not None:
            self._at = phrase[1]
            return f'"{phrase[0]}"'
        start = self._at
        self._at = max(word_end(self._text, start, in_group=depth > 0), start + 1)
        return self._text[start : self._at]

    def _dated(self, start: int, name: str, period: tuple[datetime, datetime], negated: bool) -> Node:
        first, end = period
        before, after = Condition(Field.BEFORE, first), Condition(Field.AFTER, first)
        node: Node
        if name == "on" and first != end:
            node = Group(Joint.ALL_OF, (after, Condition(Field.BEFORE, end)))
        else:
            node = before if name in ("before", "older_than") else after
        shown = Field.BEFORE if node is before else Field.AFTER
        self._explain(
            start, name, shown, self._text[start : self._at].partition(":")[2].strip(), negated, node
        )
        return node

    def _joined(self, found: list[_Element], field: Field) -> Node | None:
        members = list(self._merged(list(self._alternatives(found, field)), field))
        if not members:
            return None
        return members[0] if len(members) == 1 else Group(Joint.ALL_OF, tuple(members))

    def _merged(self, found: list[_Element], field: Field) -> Iterator[Node]:
        """The nodes, plain words that stand side by side as one text: where they are spaced does not matter."""
        run: list[tuple[int, int]] = []
        for element in [*found, _Element(None)]:
            if element.span is not None:
                run.append(element.span)
                continue
            if run:
                start, end = run[0][0], run[-1][1]
                text = " ".join(self._text[start:end].replace('"', " ").split())
                if any(char.isalnum() for char in text):
                    self.chips.append(chip_for((start, end), "text", field, text, False))
                    yield Condition(field, text)
                run = []
            if element.node is not None:
                yield element.node

    def _alternatives(self, found: list[_Element], field: Field) -> Iterator[_Element]:
        """The elements, those with OR between them made one."""
        place = 0
        while place < len(found):
            members = [found[place]]
            while place + 2 < len(found) and found[place + 1].joins and not found[place + 2].joins:
                members.append(found[place + 2])
                place += 2
            place += 1
            if len(members) == 1:
                yield members[0]
                continue
            self._explain_words(members, field)
            nodes = tuple(member.node for member in members if member.node is not None)
            yield _Element(Group(Joint.ANY_OF, nodes) if len(nodes) > 1 else next(iter(nodes), None))

    def _explain_words(self, members: list[_Element], field: Field) -> None:
        for member in members:
            if member.span is not None and member.node is not None:
                text = self._text[slice(*member.span)]
                self.chips.append(chip_for(member.span, "text", field, text, False))

    def _explain(
        self,
        start: int,
        kind: str,
        field: Field,
        value: str,
        negated: bool,
        node: Node | None = None,
        status: Status = Status.UNDERSTOOD,
    ) -> None:
        self.chips.append(chip_for((start, self._at), kind, field, value, negated, node, status))


def _negate(node: Node | None) -> Node | None:
    return None if node is None else Group(Joint.NONE_OF, (node,))


def _condition(name: str, value: str) -> Condition | None:
    """The condition of an operator that is no date; None when it can not read the value."""
    plain = value.strip('"').casefold()
    if name in TEXT_OPERATORS:
        return Condition(TEXT_OPERATORS[name], value) if any(map(str.isalnum, value)) else None
    if name in SIZE_OPERATORS:
        size = read_size(plain)
        return None if size is None else Condition(SIZE_OPERATORS[name], size)
    if name in MAILBOX_OPERATORS:
        field = MAILBOX_OPERATORS[name]
        role = ROLES.get(plain) if field is Field.MAILBOX else None
        return Condition(field, f"role:{role}" if role else value.strip('"'))
    if name in STATE_OPERATORS:
        if plain in ("sent", "trash", "junk", "spam", "archive", "inbox"):
            return Condition(Field.MAILBOX, f"role:{ROLES[plain]}")
        state = STATES.get(plain)
        return None if state is None else Condition(*state)
    return None


assert set(TEXT_OPERATORS.values()) <= TEXT_FIELDS
