"""MDN/parse (rfc9007#2.2): blobs read as disposition notifications."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from pirab.jmap.arguments import AccountArguments, check_get_size
from pirab.jmap.capabilities import MDN
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import AccountBlobs, BudgetSpent
from pirab.jmap.errors import MethodError
from pirab.jmap.mdn.rendering import render
from pirab.jmap.registry import MethodResult, method
from pirab.store.errors import BlobNotFound
from pirab.wire.mdn import parse_mdn


class MdnParseArguments(AccountArguments, frozen=True, kw_only=True):
    """Blob ids are checked one by one, so any text may stand for one."""

    blob_ids: list[Annotated[str, msgspec.Meta(max_length=255)]]


@method("MDN/parse", capability=MDN, arguments=MdnParseArguments)
def handle(context: RequestContext, arguments: MdnParseArguments) -> MethodResult:
    """Which of the blobs are notifications, and what they say."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.blob_ids)
    readable = AccountBlobs(account, person=context.principal.person_id)
    parsed: dict[str, Any] = {}
    not_parsable: list[str] = []
    not_found: list[str] = []
    for text in dict.fromkeys(arguments.blob_ids):
        try:
            found = parse_mdn(readable.find(text).octets)
        except BlobNotFound:
            not_found.append(text)
            continue
        except BudgetSpent as error:
            raise MethodError("requestTooLarge", "The blobs are too large together.") from error
        if found is None:
            not_parsable.append(text)
        else:
            parsed[text] = render(found)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "parsed": parsed or None,
            "notParsable": not_parsable or None,
            "notFound": not_found or None,
        }
    )
