"""What all shapes of the REST door share: camel case outside, and nothing unknown taken in silence."""

from __future__ import annotations

from typing import Annotated, Final

from ninja import Query, Schema
from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

MOST_AT_ONCE: Final = 200
"""Rows of one page of a list."""

Limit = Annotated[int, Query(ge=1, le=MOST_AT_ONCE, description="How many at most.")]
Search = Annotated[str, Query(max_length=200, description="What to look for; empty: everything.")]
Cursor = Annotated[
    str | None, Query(max_length=200, description="`next` of the page before; absent: the first page.")
]


class Shape(Schema):
    """The base of what is sent and taken: members in camel case; a member nobody knows is an error.

    Routers that answer with it say `by_alias=True`, for the API sets that itself.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")
