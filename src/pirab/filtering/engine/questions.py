"""The tests of Sieve: each a function from the run and its node to yes or no."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from pirab.filtering.engine.dates import HOME, date_part, zone_of
from pirab.filtering.engine.matching import Matcher
from pirab.filtering.engine.values import address_part, flags_in
from pirab.wire.headers import as_addresses, as_date, as_text
from pirab.wire.sieve import Node

if TYPE_CHECKING:
    from pirab.filtering.engine.machine import Run

LONGEST_FIELD: Final = 100_000
"""Octets of one header field that are looked at."""


def ask(run: Run, node: Node) -> bool:
    """The answer to one test. Raises `RunError`."""
    run.meter.spend()
    return QUESTIONS[node.name](run, node)


def _matches(run: Run, node: Node, values: Iterator[str], keys: Sequence[str]) -> bool:
    matcher = Matcher(node, run.meter)
    answer = matcher.matches(values, run.strings(keys))
    if matcher.captures is not None and "variables" in run.extensions:
        run.variables.captures = matcher.captures
    return answer


def _fields(run: Run, node: Node, names: object) -> Iterator[bytes]:
    for name in run.strings(names):
        values = run.letter.header.get(name.lower(), ())
        run.meter.spend(1 + sum(map(len, values)) // 1_000)
        yield from (value[:LONGEST_FIELD] for value in _at_index(node, values))


def _at_index(node: Node, values: Sequence[bytes]) -> Sequence[bytes]:
    """All, or the one that :index names, from the end with :last (rfc5260#6)."""
    index = node.tags.get("index")
    if not isinstance(index, int) or isinstance(index, bool):
        return values
    number = -index if "last" in node.tags else index - 1
    return [values[number]] if index >= 1 and -len(values) <= number < len(values) else []


def _header(run: Run, node: Node) -> bool:
    values = (as_text(field) for field in _fields(run, node, node.arguments[0]))
    return _matches(run, node, values, run.strings(node.arguments[1]))


def _address(run: Run, node: Node) -> bool:
    addresses = (
        each.email for field in _fields(run, node, node.arguments[0]) for each in as_addresses(field)
    )
    return _matches(run, node, _parts(node, addresses), run.strings(node.arguments[1]))


def _envelope(run: Run, node: Node) -> bool:
    known = {"from": run.letter.reverse_path, "to": run.around.forward_path}
    names = [name.lower() for name in run.strings(node.arguments[0])]
    values = (known[name] for name in names if name in known)
    return _matches(run, node, _parts(node, values), run.strings(node.arguments[1]))


def _parts(node: Node, addresses: Iterator[str]) -> Iterator[str]:
    part = str(node.tags.get("part", "all"))
    return (found for address in addresses if (found := address_part(address, part)) is not None)


def _exists(run: Run, node: Node) -> bool:
    return all(name.lower() in run.letter.header for name in run.strings(node.arguments[0]))


def _size(run: Run, node: Node) -> bool:
    size = len(run.letter.content)
    over, under = node.tags.get("over"), node.tags.get("under")
    return size > over if isinstance(over, int) else isinstance(under, int) and size < under


def _body(run: Run, node: Node) -> bool:
    types = node.tags.get("content")
    if isinstance(types, tuple):
        texts = run.letter.parts_of(run.strings(types))
    else:
        texts = [run.letter.raw_body if "raw" in node.tags else run.letter.text]
    run.meter.spend(100 + sum(map(len, texts)) // 500)
    return _matches(run, node, iter(texts), run.strings(node.arguments[0]))


def _hasflag(run: Run, node: Node) -> bool:
    *names, keys = node.arguments
    texts = [run.variables.get(name) for name in run.strings(names[0])] if names else list(run.flags)
    return _matches(run, node, iter(flags_in(texts)), run.strings(keys))


def _string(run: Run, node: Node) -> bool:
    sources = run.strings(node.arguments[0])
    is_count = node.tags.get("match") == "count"
    values = (each for each in sources if each or not is_count)  # rfc5229#5: empty strings do not count
    return _matches(run, node, values, run.strings(node.arguments[1]))


def _date(run: Run, node: Node) -> bool:
    name, part, keys = node.arguments
    zone = None if "originalzone" in node.tags else zone_of(str(node.tags.get("zone", "")))
    times = (as_date(field.rpartition(b";")[2]) for field in _fields(run, node, (str(name),)))
    values = (date_part(at, zone, run.text(part)) for at in times if at is not None)
    return _matches(run, node, (each for each in values if each is not None), run.strings(keys))


def _currentdate(run: Run, node: Node) -> bool:
    zone = zone_of(run.text(node.tags["zone"])) if "zone" in node.tags else HOME
    found = date_part(run.around.now, zone, run.text(node.arguments[0]))
    return _matches(run, node, iter(() if found is None else (found,)), run.strings(node.arguments[1]))


def _mailboxexists(run: Run, node: Node) -> bool:
    return all(run.around.folders.by_path(each) is not None for each in run.strings(node.arguments[0]))


def _mailboxidexists(run: Run, node: Node) -> bool:
    return all(run.around.folders.by_id(each) is not None for each in run.strings(node.arguments[0]))


def _specialuse_exists(run: Run, node: Node) -> bool:
    *mailbox, uses = node.arguments
    folders = run.around.folders
    keys = [folders.by_use(use) for use in run.strings(uses)]
    if not mailbox:
        return all(key is not None for key in keys)
    wanted = folders.by_path(run.text(mailbox[0]))
    return wanted is not None and all(key == wanted for key in keys)


QUESTIONS: Final[dict[str, Callable[[Run, Node], bool]]] = {
    "true": lambda run, node: True,
    "false": lambda run, node: False,
    "not": lambda run, node: not ask(run, node.tests[0]),
    "allof": lambda run, node: all(ask(run, test) for test in node.tests),
    "anyof": lambda run, node: any(ask(run, test) for test in node.tests),
    "header": _header,
    "address": _address,
    "envelope": _envelope,
    "exists": _exists,
    "size": _size,
    "body": _body,
    "hasflag": _hasflag,
    "string": _string,
    "date": _date,
    "currentdate": _currentdate,
    "mailboxexists": _mailboxexists,
    "mailboxidexists": _mailboxidexists,
    "specialuse_exists": _specialuse_exists,
}
