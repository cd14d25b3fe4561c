"""What a mail body may show, and what it may never do."""

import pytest

from pirab.wire.html import sanitize_html
from tests.unit.wire.html.dangers import dangers_in


def _clean(markup: str) -> str:
    return sanitize_html(markup, {}).html


@pytest.mark.parametrize(
    "markup",
    [
        "<p>สวัสดี <b>หนา</b> &amp; <i>เอียง</i></p>",
        '<table border="1" cellpadding="2"><tbody><tr><td colspan="2" bgcolor="#fff">x</td></tr></tbody></table>',
        "<div style=\"color:red;font-family:'TH Sarabun New',serif;background-color:rgb(1, 2, 3)\">x</div>",
        '<ul><li>one</li><li>two</li></ul><ol start="3"><li>x</li></ol>',
        '<img src="data:image/png;base64,AAAA" alt="x" width="5">',
        '<font color="#00f" size="4">x</font><br><hr>',
        '<blockquote type="cite">x</blockquote><pre>a  b</pre>',
    ],
)
def test_ordinary_markup_stays(markup: str) -> None:
    assert _clean(markup) == markup


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        ("<script>alert(1)</script>x", "x"),
        ("<style>p{color:red}</style>x", "x"),
        ("<p onclick=alert(1)>x</p>", "<p>x</p>"),
        ("<form action=/x><input name=a><button>b</button></form>", "b"),
        ("<iframe src=//evil></iframe><object data=x></object><embed src=x>x", "x"),
        ("<base href=//evil><link rel=stylesheet href=x><meta http-equiv=refresh content='0;url=x'>x", "x"),
        ("<svg><script>alert(1)</script><a xlink:href=x>y</a></svg>x", "x"),
        ("<math><mtext>x</mtext></math>y", "y"),
        ("<p id=a class=b name=c>x</p>", "<p>x</p>"),
        ("<!-- comment --><![CDATA[x]]><?php x ?>y", "y"),
        ("<title>t</title><head><title>t</title></head><body background=//x>y", "y"),
        ("<img src=/relative.png>x", "x"),
        ("<img src=//host/a.png srcset='http://x/a 2x'>x", "x"),
        ("<td background=http://x>y", "y"),
        ("<audio src=x><video src=x><source src=x>x</video></audio>y", "y"),
        ("a\x00b", "a\ufffdb"),
    ],
)
def test_what_goes(markup: str, left: str) -> None:
    assert _clean(markup) == left


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://x.test/?a=1&amp;b=2#c", "https://x.test/?a=1&amp;b=2#c"),
        ("HTTP://x.test", "HTTP://x.test"),
        ("mailto:a@x.test", "mailto:a@x.test"),
        ("tel:+6621234567", "tel:+6621234567"),
        (" https://x.test/a b ", "https://x.test/ab"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("&#106;avascript:alert(1)", None),
        ("\x01javascript:alert(1)", None),
        ("vbscript:x", None),
        ("data:text/html,x", None),
        ("cid:x", None),
        ("file:///etc/passwd", None),
        ("/jmap/session", None),
        ("//host/x", None),
        ("#anchor", None),
        ("https:" + "x" * 10_000, None),
    ],
)
def test_links(href: str, kept: str | None) -> None:
    shown = _clean(f'<a href="{href}" target=_self rel=opener>x</a>')
    assert 'target="_blank"' in shown
    assert 'rel="noopener noreferrer nofollow"' in shown
    assert (f' href="{kept}"' in shown) if kept else ("href" not in shown)


def test_pictures_of_the_message_come_from_us() -> None:
    urls = {"a@b": "/jmap/download/x?a=1&b=2", "c": 'x"><script>'}
    shown = sanitize_html('<img src="cid:a%40b"><img src=CID:c><img src="cid:unknown">', urls)
    assert shown.html == '<img src="/jmap/download/x?a=1&amp;b=2"><img src="x&quot;&gt;&lt;script&gt;">'
    assert not shown.remote_resources


def test_remote_pictures_are_not_loaded() -> None:
    shown = sanitize_html("<img alt=a src='http://x.test/p.gif?u=1&amp;v=2'><img src=HTTPS://y>", {})
    assert (
        shown.html
        == '<img alt="a" data-pirab-src="http://x.test/p.gif?u=1&amp;v=2"><img data-pirab-src="HTTPS://y">'
    )
    assert shown.remote_resources


@pytest.mark.parametrize(
    "src",
    [
        "data:image/svg+xml;base64,AAAA",
        "data:text/html;base64,AAAA",
        "data:image/png,<svg>",
        "data:image/png;base64,A;B",
        "blob:x",
        "javascript:x",
    ],
)
def test_other_sources_go(src: str) -> None:
    assert _clean(f'<img src="{src}">x') == "x"


def test_text_that_looks_like_our_own_marks_does_no_harm() -> None:
    text = ' src="cid:&#xe000;http://evil.test/a.png" src="cid:\ue001x"'
    shown = sanitize_html(f"<p>{text}</p><img src='cid:&#xe000;http://x.test/'>", {"x": "/mine"})
    assert dangers_in(shown.html, frozenset({"/mine"})) == []
    assert "<script" not in shown.html


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color: red", "color:red"),
        ("COLOR:RED;;width:50%", "color:RED;width:50%"),
        ("color:red !important", "color:red !important"),
        ("background:#fff url(http://x)", ""),
        ("background:URL(data:x)", ""),
        ("background:ur\\6c(x)", ""),
        ("background-image:linear-gradient(red,blue)", ""),
        ("width:expression(alert(1))", ""),
        ("width:calc(100% - 5px)", ""),
        ("color:var(--x)", ""),
        ("behavior:url(x)", ""),
        ("-moz-binding:url(x)", ""),
        ("position:fixed;top:0", ""),
        ("z-index:999;opacity:0", ""),
        ("margin-top:-500px", ""),
        ("margin:0 auto", "margin:0 auto"),
        ("display:none", "display:none"),
        ("display:flex", ""),
        ("font-family:'a;b'", ""),
        ('font-family:"TH Sarabun New",Tahoma', "font-family:&quot;TH Sarabun New&quot;,Tahoma"),
        ("font-family:สารบรรณ", "font-family:สารบรรณ"),
        ("/* c */color/**/:red/* unclosed", "color:red"),
        ("color:r/**/gb(1,2,3)", ""),
        ("color:rgb(1,2,3);color:hsla(1 2% 3% / 4)", "color:rgb(1,2,3);color:hsla(1 2% 3% / 4)"),
        ("color:red}body{display:none", ""),
        ("content:'x'", ""),
        ("@import 'x'", ""),
        ("border-left-color:red;border-bottom-width:1px", "border-left-color:red;border-bottom-width:1px"),
        ("x" * 5000, ""),
    ],
)
def test_styles(style: str, kept: str) -> None:
    escaped = style.replace('"', "&quot;")
    expected = f' style="{kept}"' if kept else ""
    assert _clean(f'<p style="{escaped}">x</p>') == f"<p{expected}>x</p>"


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="x` `<script>alert(1)</script>"` `>',
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
        "<table><td><svg><desc><template><style><a title='</style><img onerror=alert(1) src>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<a href=x title='&lt;/a>&lt;img src onerror=x>'>y",
        "<p title='<!--'>x<!--><img src=x onerror=alert(1)>-->",
        "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
        "<plaintext><img src=x onerror=alert(1)>",
        "<select><option><style></option></select><img src=x onerror=alert(1)></style>",
        "<<script>script>alert(1)<</script>/script>",
        '<img src=1 href=1 onerror="javascript:alert(1)"></img>',
        "<p/onmouseover='x'>y",
        "<ІMG SRC=x onerror=y>",
        "\ufeff<\x00script>alert(1)</script>",
    ],
)
def test_known_tricks(markup: str) -> None:
    for source in (markup, markup + "<p>" * 5000, "<b x=1>" * 500 + markup + "<p>" * 500):
        shown = sanitize_html(source, {})
        assert dangers_in(shown.html) == []


def test_cleaning_twice_changes_nothing() -> None:
    markup = "<p style='color:red'>a<b>b<a href=https://x>c</p>d<table><tr><td>e</table>&lt;x&gt;"
    once = _clean(markup)
    assert _clean(once) == once
