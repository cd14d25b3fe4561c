"""Properties that need a message's MIME structure or its bytes (rfc8621#4.1.3, #4.1.4), for a stored or a parsed Email.

`MessageContent` is one message: its structure at once, its bytes when first asked for, so that a call which only wants
`attachments` never opens a blob.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from pirab.jmap.email.body_part import PartRenderer, select, walk
from pirab.jmap.email.body_values import BodyValue, body_value
from pirab.jmap.email.header_values import header_list, header_value, index_fields
from pirab.jmap.email.properties import (
    HAS_REMOTE_RESOURCES,
    SAFE_HTML,
    BodyValueArguments,
    Depth,
    PropertyPlan,
    abbreviation,
)
from pirab.jmap.email.safe_html import SafeHtml, render_safe_html
from pirab.wire.mime import header_fields
from pirab.wire.types import Part


class MessageContent:
    """The structure and, lazily, the bytes of one message that lies in blob `digest` at `offset`."""

    def __init__(
        self,
        root: Part,
        text_body: tuple[str, ...],
        html_body: tuple[str, ...],
        attachments: tuple[str, ...],
        *,
        digest: bytes,
        read: Callable[[], bytes],
        offset: int = 0,
    ) -> None:
        self.root = root
        self.lists = {"textBody": text_body, "htmlBody": html_body, "attachments": attachments}
        self.digest = digest
        self.offset = offset
        self._read = read

    @cached_property
    def raw(self) -> bytes:
        """The message's octets."""
        return self._read()

    def listed(self, name: str) -> list[Part]:
        """The parts of `textBody`, `htmlBody` or `attachments`."""
        return select(self.root, self.lists[name])

    def values(self, wanted: BodyValueArguments) -> dict[str, BodyValue]:
        """`bodyValues`: the text/* parts that the fetch… arguments choose, by part id."""
        chosen: dict[str, Part] = {}
        for part in self._wanted_parts(wanted):
            if part.part_id is not None and part.type.startswith("text/"):
                chosen[part.part_id] = part
        return {part_id: body_value(self.raw, part, wanted.max_bytes) for part_id, part in chosen.items()}

    def _wanted_parts(self, wanted: BodyValueArguments) -> list[Part]:
        if wanted.fetch_all:
            return list(walk(self.root))
        parts = self.listed("textBody") if wanted.fetch_text else []
        return parts + self.listed("htmlBody") if wanted.fetch_html else parts


def render_content(plan: PropertyPlan, content: MessageContent, account_id: str) -> dict[str, Any]:
    """The properties of `plan` that lie deeper than a row. `account_id` is the client's spelling, for links."""
    rendered: dict[str, Any] = {}
    parts: PartRenderer | None = None
    for name in plan.names:
        if name in content.lists or name == "bodyStructure":
            parts = parts or _part_renderer(plan, content)
            rendered[name] = (
                parts.tree(content.root) if name == "bodyStructure" else parts.flat(content.listed(name))
            )
        elif name == "bodyValues":
            rendered[name] = content.values(plan.values)
        elif name == "headers":
            rendered[name] = header_list(header_fields(content.raw, content.root))
    _add_headers(rendered, plan, content)
    _add_safe_html(rendered, plan, content, account_id)
    return rendered


def _part_renderer(plan: PropertyPlan, content: MessageContent) -> PartRenderer:
    raw = content.raw if plan.body.depth is Depth.CONTENT else None
    return PartRenderer(plan.body, content.digest, raw=raw, offset=content.offset)


def _add_headers(rendered: dict[str, Any], plan: PropertyPlan, content: MessageContent) -> None:
    wanted = [header for header in plan.headers if abbreviation(header) is None]
    if wanted:
        index = index_fields(header_fields(content.raw, content.root))
        rendered.update((header.key, header_value(index, header)) for header in wanted)


def _add_safe_html(
    rendered: dict[str, Any], plan: PropertyPlan, content: MessageContent, account_id: str
) -> None:
    if SAFE_HTML not in plan.names and HAS_REMOTE_RESOURCES not in plan.names:
        return
    safe: SafeHtml = render_safe_html(
        content.raw,
        content.root,
        content.listed("htmlBody") or content.listed("textBody"),
        digest=content.digest,
        offset=content.offset,
        account_id=account_id,
    )
    if SAFE_HTML in plan.names:
        rendered[SAFE_HTML] = safe.html
    if HAS_REMOTE_RESOURCES in plan.names:
        rendered[HAS_REMOTE_RESOURCES] = safe.has_remote_resources
