"""Shapes that several resources share."""

from __future__ import annotations

from typing import Generic, TypeVar

from pirab.openapi.shapes import Shape

Item = TypeVar("Item")


class Listed(Shape, Generic[Item]):
    """A list that fits one answer."""

    items: list[Item]


class Page(Shape, Generic[Item]):
    """A part of a long list; `next` is the `cursor` of the next part, null at the end."""

    items: list[Item]
    next: str | None
