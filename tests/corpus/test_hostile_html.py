"""Every payload of the shared collection, alone and inside other markup, on both paths of the cleaner."""

import json

import pytest

from pirab.wire.html import html_to_text, sanitize_html
from pirab.wire.html.bounded import rewrite
from tests.corpus.expected import CORPUS, WHY_SKIPPED
from tests.unit.wire.html.dangers import dangers_in

_FILE = CORPUS / "html" / "xss-payloads.json"
_PAYLOADS: list[str] = [item["payload"] for item in json.loads(_FILE.read_bytes())] if _FILE.is_file() else []

pytestmark = pytest.mark.skipif(not _PAYLOADS, reason=WHY_SKIPPED)


@pytest.mark.parametrize("payload", _PAYLOADS, ids=range(len(_PAYLOADS)))
def test_nothing_dangerous_survives(payload: str) -> None:
    for markup in (
        payload,
        f"<table><tr><td><p title='{payload}'>x</td></tr></table>",
        f"<div style='{payload}'>{payload}</div><a href='{payload}'>x</a><img src='{payload}'>",
        f"<svg>{payload}</svg><math>{payload}</math><style>{payload}</style>",
        f"<!--{payload}--><noscript>{payload}</noscript><textarea>{payload}",
        rewrite(payload)[0],
    ):
        assert dangers_in(sanitize_html(markup, {}).html) == []


@pytest.mark.parametrize("payload", _PAYLOADS, ids=range(len(_PAYLOADS)))
def test_cleaning_is_final(payload: str) -> None:
    once = sanitize_html(payload, {}).html
    again = sanitize_html(once, {}).html
    assert dangers_in(again) == []
    assert html_to_text(again).split() == html_to_text(once).split()


def test_all_payloads_together() -> None:
    markup = "".join(_PAYLOADS) * 20
    assert dangers_in(sanitize_html(markup, {}).html) == []
