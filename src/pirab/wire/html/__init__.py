"""HTML bodies: `sanitize_html` makes them safe to show, `html_to_text` makes them readable without markup.

The judgement of markup is nh3's (the ammonia library: a real HTML5 parser and an allow-list). Around it
stand three small things of ours: `bounded` keeps markup below the sizes at which such a parser gets slow,
`style` lets through the inline declarations that only change how text looks, `sanitize` decides about every
URL. What is always true of the result:

* only the elements and attributes in `vocabulary` occur; no scripts, forms, frames, objects, SVG, MathML or
  `<style>`;
* nothing is loaded from anywhere: an image has a URL of ours from `cid_urls`, a `data:` URL of a plain
  picture, or no `src` at all and its address in `data-pirab-src`;
* links go to http, https, mailto or tel, with rel="noopener noreferrer nofollow" and target="_blank".

It is meant to be shown in a sandboxed frame under a strict Content-Security-Policy all the same.
"""

from pirab.wire.html.sanitize import SanitizedHtml, sanitize_html
from pirab.wire.html.text import html_to_text

__all__ = ["SanitizedHtml", "html_to_text", "sanitize_html"]
