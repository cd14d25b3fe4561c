"""Shapes that several resources share."""

from __future__ import annotations

from typing import Generic, TypeVar

from ninja import Schema

Item = TypeVar("Item")


class Listed(Schema, Generic[Item]):
    """A list that fits one answer."""

    items: list[Item]


class Page(Schema, Generic[Item]):
    """A part of a long list; `cursor` leads to the next part and is null at the end."""

    items: list[Item]
    cursor: str | None
