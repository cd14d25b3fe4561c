"""Bodies made to be slow: output and structure are bounded, whatever comes in."""

import pytest

from pirab.wire.html import html_to_text, sanitize_html
from pirab.wire.html.bounded import MAX_TAGS, is_calm, rewrite
from tests.unit.wire.html.dangers import dangers_in

_MANY = 200_000


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * _MANY,
        "<a " + " ".join(f"a{n:x}" for n in range(_MANY)) + ">x",
        "<a " + " ".join(f'a{n:x}="<"' for n in range(_MANY)) + ">x",
        "<p>" + "".join(f"<b title={n}>" for n in range(3000)) + "</p>" + "<p>x</p>" * 3000,
        "".join(f"<p><font title={n}>x" for n in range(20_000)),
        "<" * _MANY,
        "<a" * _MANY,
        "<!--" * _MANY,
        '<a b="' * _MANY,
        "<svg>" * _MANY,
        "</p>" * _MANY,
        "<a " + "=" * _MANY,
        "<a " + "/ " * _MANY,
        "<table>" * _MANY,
        "<td>" * _MANY,
        "&" * _MANY,
        "&lt;" * _MANY,
        "<style>" * _MANY,
        "<style>" + "</style " * _MANY,
        "<p style='" + "color:red;" * 1000 + "'>" * 1000,
    ],
)
def test_hostile_sizes(markup: str) -> None:
    shown = sanitize_html(markup, {})
    assert len(shown.html) < 20 * len(markup) + 1_000_000
    html_to_text(markup)


def test_formatting_left_open_does_not_multiply() -> None:
    markup = "<p>" + "".join(f"<b title={n}>" for n in range(1000)) + "</p>" + "<p>x</p>" * 2000
    assert not is_calm(markup)
    assert len(sanitize_html(markup, {}).html) < 10 * len(markup)


def test_too_many_elements_are_cut_and_said_so() -> None:
    shown = sanitize_html("<p>x</p>" * (MAX_TAGS + 10), {})
    assert shown.is_truncated
    assert shown.html.count("<p>") == MAX_TAGS


def test_the_size_limit_is_an_argument() -> None:
    shown = sanitize_html("<p>" + "ก" * 100 + "</p>", {}, max_characters=50)
    assert shown.is_truncated
    assert shown.html.count("ก") == 47
    assert not sanitize_html("<p>x</p>", {}).is_truncated


def test_a_large_ordinary_table_is_shown_whole() -> None:
    row = "<tr>" + "".join(f"<td style='color:red'><p>ช่อง {n}</p></td>" for n in range(8)) + "</tr>"
    markup = f"<table>{row * 500}</table>"
    assert not is_calm(markup)
    shown = sanitize_html(markup, {})
    assert not shown.is_truncated
    assert shown.html.count("<td") == 4000
    assert shown.html.count("ช่อง 7") == 500


@pytest.mark.parametrize(
    ("markup", "rewritten"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c"),
        (
            "<table><tr><td>a<td>b<tr><td>c</table>",
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
        ),
        ("<b><i>x</b>y</i>z", "<b><i>x</i></b>yz"),
        ("<td></p>x</td>", "<td>x</td>"),
        ("<p><table><td></p>x", "<p><table><td>x</td></table></p>"),
        ("a < b &lt; c", "a &lt; b &lt; c"),
        ("<p title='it\"s' onclick=x TITLE=y>z", '<p title="it&quot;s">z</p>'),
        ("<br/><img src=x /><hr >", '<br><img src="x"><hr>'),
        ("<script>x</script>a<!-- b -->c<?x?>d<!doctype e>f</ >g", "acdfg"),
        ("<o:p>x</o:p>", "x"),
        ('<p title="unfinished', "<p></p>"),
        ("</b>x", "x"),
    ],
)
def test_rewriting_keeps_the_meaning(markup: str, rewritten: str) -> None:
    assert rewrite(markup) == (rewritten, False)


def test_depth_is_bounded_and_ends_match() -> None:
    text, _ = rewrite("<div>" * 500 + "x" + "</div>" * 500 + "<p>after</p>")
    assert text.count("<div>") == text.count("</div>") <= 120
    assert text.endswith("<p>after</p>")


def test_rewritten_dangers_are_still_cleaned() -> None:
    markup = (
        "<p>x</p>" * 5000
        + "<img src=x onerror=alert(1)><a href=javascript:x>y</a><p style='position:fixed'>z"
    )
    assert dangers_in(sanitize_html(markup, {}).html) == []
