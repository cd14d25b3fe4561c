"""SearchText/explain: the pieces of a search text and what each of them asks for, for people to see."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from pirab.jmap.arguments import AccountArguments
from pirab.jmap.capabilities import SEARCH
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.search_text import EVERYWHERE, MailboxNames, read_search
from pirab.wire.search import LONGEST_SEARCH, Chip
from pirab.wire.search.vocabulary import MAILBOX_OPERATORS, ROLES

NOT_THERE = ("ไม่มีแฟ้มชื่อ {}", "no folder is called {}")


class SearchTextExplainArguments(AccountArguments, frozen=True, kw_only=True):
    """`text` is what was typed."""

    text: Annotated[str, Meta(max_length=LONGEST_SEARCH)]


@method("SearchText/explain", capability=SEARCH, arguments=SearchTextExplainArguments)
def handle(context: RequestContext, arguments: SearchTextExplainArguments) -> MethodResult:
    """`pieces` in order: where each stands (`start`, `end` in characters), its `kind`, `value`, whether it is
    `negated`, its `status` (understood, incomplete, unknown, or notFound for a mailbox) and an explanation
    in Thai and English."""
    account = context.account(arguments.account_id, Right.READ)
    boxes = MailboxNames(queries.mailboxes(account))
    search = read_search(arguments.text, context.now())
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "text": arguments.text,
        "pieces": [_checked(chip, boxes) for chip in search.chips],
    }
    return MethodResult(response)


def _checked(chip: Chip, boxes: MailboxNames) -> Chip:
    """The chip, or what is to be said of a mailbox that is not there."""
    if chip.kind not in MAILBOX_OPERATORS or chip.status != "understood" or chip.kind == "label":
        return chip
    role = ROLES.get(chip.value.casefold())
    if role == EVERYWHERE.removeprefix("role:") or boxes.named(f"role:{role}" if role else chip.value):
        return chip
    thai, english = (text.format(chip.value) for text in NOT_THERE)
    return msgspec.structs.replace(chip, status="notFound", explanation_th=thai, explanation_en=english)
