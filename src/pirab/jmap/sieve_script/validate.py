"""SieveScript/validate (rfc9661#2.6)."""

from __future__ import annotations

from pirab.core.errors import PirabError
from pirab.filtering.scripts import check_script
from pirab.jmap.arguments import AccountArguments, Id
from pirab.jmap.capabilities import SIEVE
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import AccountBlobs
from pirab.jmap.errors import set_error_from
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.sieve_script.content import script_octets, telling_why


class ValidateArguments(AccountArguments, frozen=True, kw_only=True):
    """Which blob is to be looked at."""

    blob_id: Id


@method("SieveScript/validate", capability=SIEVE, arguments=ValidateArguments)
def handle(context: RequestContext, arguments: ValidateArguments) -> MethodResult:
    """Whether the blob could be a script of this account; `error` says why not. Nothing is kept."""
    account = context.account(arguments.account_id, Right.READ)
    error = None
    try:
        blobs = AccountBlobs(account, person=context.principal.person_id)
        octets = script_octets(blobs, arguments.blob_id)
        with telling_why():
            check_script(octets)
    except PirabError as refused:
        found = set_error_from(refused)
        if found is None:
            raise
        error = found.as_object()
    return MethodResult({"accountId": arguments.account_id, "error": error})
