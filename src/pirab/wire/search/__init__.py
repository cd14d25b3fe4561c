"""What people type into a search box, as a tree of conditions.

`parse_search(text, now)` is total: any text gives a tree, nothing raises. What is no operator is a word; an operator
that nobody knows is a word; a quote or parenthesis without its partner is not there. The answer also says how each
piece was understood (`Chip`), for people to see. Names and values of operators are understood in Thai and English,
Thai digits are digits, years are of the Buddhist or the common era.

No Django, no clock (`now` is an argument, its time zone says when a day begins), no account: mailboxes stay names.
"""

from pirab.wire.search.parse import LONGEST_SEARCH, parse_search
from pirab.wire.search.types import (
    Chip,
    Condition,
    Field,
    Group,
    Joint,
    Node,
    Search,
    Status,
)

__all__ = [
    "LONGEST_SEARCH",
    "Chip",
    "Condition",
    "Field",
    "Group",
    "Joint",
    "Node",
    "Search",
    "Status",
    "parse_search",
]
