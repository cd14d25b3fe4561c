"""Properties of cleaned HTML: nothing dangerous, whatever the pieces; the same on both paths."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pirab.wire.html import html_to_text, sanitize_html
from pirab.wire.html.bounded import rewrite
from pirab.wire.html.style import filter_style
from tests.unit.wire.html.dangers import dangers_in

_SHARDS = st.sampled_from(
    [
        "<", ">", "/", "=", '"', "'", "`", "&", ";", "--", "!", " ", "\n", "\0", "<!--", "-->", "--!>",
        "<![CDATA[", "]]>", "<?", "</", "<script", "</script>", "<style>", "</style>", "<svg", "<math>", "<mtext>",
        "<mglyph>", "<template>", "<noscript>", "<textarea>", "<title>", "<xmp>", "<plaintext>", "<select>",
        "<form>", "<table>", "<tr>", "<td>", "<p", "<a href=", "<img src=", "<b", "</b>", " onerror=", "alert(1)",
        "javascript:", "data:", "cid:a", "http://x", " style='", "url(", "expression(", "color:red", "\\75rl(",
        "&#x6a;", "&lt;", "&quot;", "\ue000", "&#xe000;", "\ue001", "ก", "<iframe srcdoc=", "<base href=",
        "<meta ", "<link ", "xlink:href=",
    ]
)  # fmt: skip
_markup = st.lists(st.one_of(_SHARDS, st.text(max_size=4)), max_size=40).map("".join)


@settings(max_examples=600, deadline=None)
@given(_markup)
def test_nothing_dangerous_comes_out(markup: str) -> None:
    for source in (markup, rewrite(markup)[0]):
        shown = sanitize_html(source, {"a": "/ours?x=1&y=2"}).html
        assert dangers_in(shown, frozenset({"/ours?x=1&y=2"})) == []


@settings(max_examples=300, deadline=None)
@given(_markup)
def test_text_is_total_and_can_be_stored(markup: str) -> None:
    text = html_to_text(markup)
    assert "\0" not in text
    text.encode("utf-8")


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "color",
                ":",
                ";",
                "url(",
                "(",
                ")",
                "'",
                '"',
                "/*",
                "*/",
                "\\",
                "red",
                "rgb(",
                "1",
                "-",
                "@",
                "{",
                "}",
                "background",
                "margin",
                " ",
            ]
        ),
        max_size=20,
    ).map("".join)
)
def test_styles_load_nothing(style: str) -> None:
    kept = filter_style(style)
    assert not any(bad in kept.lower() for bad in ("url", "\\", "@", "{", "/*", "expression"))
    assert filter_style(kept) == kept
