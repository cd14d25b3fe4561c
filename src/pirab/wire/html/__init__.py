"""HTML bodies: `sanitize_html` makes them safe to show, `html_to_text` makes them readable without markup."""

from pirab.wire.html.text import html_to_text

__all__ = ["html_to_text"]
