"""A page that shows the API's description to people: plain HTML, no script, nothing from another origin."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pirab.openapi.api import api

_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1b2330}"
    "h2{margin-top:2rem;border-top:1px solid #d5dae3;padding-top:1rem}code{background:#eef1f6;padding:.1em .3em}"
    "dt{font-weight:600}dd{margin:0 0 .5rem 1rem}"
)
_POLICY: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"


def page(request: HttpRequest) -> HttpResponse:
    """`/api/v1/docs`: every operation with its answers, made from the OpenAPI description."""
    description: dict[str, Any] = api.get_openapi_schema()
    operations = format_html_join(
        "",
        "{}",
        (
            (_operation(method, path, operation),)
            for path, methods in sorted(description["paths"].items())
            for method, operation in methods.items()
        ),
    )
    html = format_html(
        "<!doctype html><html lang=en><meta charset=utf-8><title>{title} API</title>"
        "<link rel=stylesheet href=docs.css>"
        "<h1>{title} API</h1><p>{about}</p><p>Machine-readable: <a href=openapi.json>openapi.json</a></p>{operations}",
        title=description["info"]["title"],
        about=description["info"]["description"],
        operations=operations,
    )
    response = HttpResponse(html)
    response["Content-Security-Policy"] = _POLICY
    return response


def style(request: HttpRequest) -> HttpResponse:
    """`/api/v1/docs.css`: a file of its own, because the front's policy allows no style inside a page."""
    return HttpResponse(_STYLE, content_type="text/css; charset=utf-8")


def _operation(method: str, path: str, operation: dict[str, Any]) -> SafeString:
    answers = format_html_join(
        "",
        "<dt>{}</dt><dd>{}</dd>",
        ((status, answer.get("description", "")) for status, answer in operation["responses"].items()),
    )
    return format_html(
        "<h2>{}</h2><p><code>{} {}</code></p><p>{}</p><dl>{}</dl>",
        operation.get("summary", ""),
        method.upper(),
        path,
        operation.get("description", ""),
        answers,
    )
