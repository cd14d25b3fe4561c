"""Properties of the Sieve engine: it answers every script and letter, with an outcome or an error of its own."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pirab.filtering.engine import Folder, Folders, Letter, RunError, Surroundings, run_scripts
from pirab.filtering.engine.wildcards import captures
from pirab.wire.sieve import EXTENSIONS, SieveError, parse_script, quote
from pirab.wire.sieve.grammar import SHAPES, Role, Type
from tests.fuzz.messages import raw_messages

AROUND = Surroundings(
    "a@moi.go.th", datetime(2026, 11, 24, tzinfo=UTC), Folders([Folder(1, "m1", "Inbox", "inbox")])
)
REQUIRE = "require [" + ", ".join(map(quote, EXTENSIONS)) + "];\n"

_strings = st.sampled_from(
    ["", "a", "*", "?*a", "\\", "${1}", "${a}", "from", "subject", "ge", "i;octet", "INBOX", "+0700", "year", "ก", "a@b.th"]
) | st.text(max_size=8)  # fmt: skip


@st.composite
def _nodes(draw: st.DrawFn, is_test: bool, depth: int) -> str:
    names = [name for name, shape in SHAPES.items() if (shape.role is Role.TEST) is is_test]
    name = draw(st.sampled_from(names))
    shape = SHAPES[name]
    words = [name]
    tags = st.lists(st.sampled_from(sorted(shape.tags) or [""]), unique=True, max_size=2)
    for tag in filter(None, draw(tags)):
        value = shape.tags[tag].value
        words += [f":{tag}"] if value is Type.NONE else [f":{tag}", draw(_values(value))]
    words += [draw(_values(kind)) for kind in shape.positional]
    words += [draw(_tests(shape.tests, depth))] if shape.tests[1] else []
    text = " ".join(words)
    if is_test:
        return text
    if not shape.has_block:
        return text + ";"
    return text + " { " + (draw(_nodes(False, depth + 1)) if depth < 3 else "keep;") + " }"


def _tests(number: tuple[int, int], depth: int) -> st.SearchStrategy[str]:
    inner = _nodes(True, depth + 1) if depth < 3 else st.just("true")
    if number[1] == 1:
        return inner
    return st.lists(inner, min_size=1, max_size=2).map(lambda each: "(" + ",".join(each) + ")")


def _values(kind: Type) -> st.SearchStrategy[str]:
    if kind is Type.NUMBER:
        return st.integers(0, 2**31 - 1).map(str)
    if kind is Type.STRING:
        return _strings.map(quote)
    return st.lists(_strings, min_size=1, max_size=3).map(lambda each: "[" + ",".join(map(quote, each)) + "]")


@settings(max_examples=250, deadline=None)
@given(st.lists(_nodes(False, 0), max_size=4), raw_messages)
def test_every_script_ends_in_an_outcome_or_an_error(commands: list[str], raw: bytes) -> None:
    try:
        script = parse_script((REQUIRE + "\n".join(commands)).encode("utf-8", "replace"))
        found = run_scripts([script], Letter(raw, "a@example.org"), AROUND)
    except (SieveError, RunError):
        return
    assert (
        found.is_kept or found.mailbox_ids or found.to_create or found.redirects or "discard" in str(commands)
    )


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: (REQUIRE + text).encode("utf-8", "replace"))
)
def test_every_octet_string_is_a_script_or_an_error_with_a_place(octets: bytes) -> None:
    try:
        parse_script(octets)
    except SieveError as error:
        place = error.place
    else:
        return
    assert place.line >= 1
    assert place.column >= 1


@settings(max_examples=300, deadline=None)
@given(st.text("ab*?\\", max_size=12), st.text("ab*", max_size=12))
def test_what_wildcards_stand_for_makes_the_text(pattern: str, text: str) -> None:
    found = captures(text, pattern)
    if found is None:
        return
    assert all(0 <= start <= end <= len(text) for start, end in found)
    assert [end for _, end in found] == sorted(end for _, end in found)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_quoting_lets_nothing_out(text: str) -> None:
    script = parse_script(f'require "fileinto"; fileinto {quote(text)};'.encode("utf-8", "replace"))
    assert [node.name for node in script.commands] == ["fileinto"]
