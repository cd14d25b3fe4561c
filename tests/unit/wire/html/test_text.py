"""HTML to plain text."""

import pytest

from pirab.wire.html import html_to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<b>bo</b>ld", "bold"),
        ("a  \n b", "a b"),
        ("a&nbsp;b &amp;&lt;&#3585;", "a b &<ก"),
        ("<style>x</style><script>y</script><!-- z -->a", "a"),
        ("<STYLE>x</STYLE >a", "a"),
        ("<style>never closed", ""),
        ("<!-- never closed", ""),
        ("<!-->a", "a"),
        ("<title>t</title><p>a", "a"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ('<img alt="a > b">c', "c"),
        ("<a href='x'>l</a>ink", "link"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<p", ""),
        ("&#0;&#xd800;", "\ufffd\ufffd"),
        ("a\0b", "a\ufffdb"),
        ("<o:p>x</o:p>", "x"),
        ("ก<wbr>ข", "กข"),
    ],
)
def test_reading(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@pytest.mark.parametrize(
    "piece", ["<", "<a", "<a '", '<a "', "<!--", "<style>", "</style>", "&", "<p>", "<svg", "> <"]
)
def test_endless_input(piece: str) -> None:
    html_to_text(piece * 100_000)
