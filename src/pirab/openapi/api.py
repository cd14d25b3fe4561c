"""The API object: what every operation shares."""

from __future__ import annotations

from typing import Final

import django.db
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer

from pirab.approvals.errors import ApprovalError, OwnProposal, ProposalClosed, ProposalNotFound
from pirab.contacts.errors import CardNotFound, ContactsError, ImportNotFound
from pirab.core.errors import PirabError, TemporaryError
from pirab.core.log import get_logger
from pirab.directory.errors import (
    AccountForbidden,
    AccountNotFound,
    AccountReadOnly,
    AddressTaken,
    AgencyForbidden,
    AgencyNotFound,
    DirectoryError,
    DomainInUse,
    EditedMeanwhile,
    EntryNotFound,
    GroupNotFound,
    LimitAboveParent,
    LimitReached,
)
from pirab.directory.finding.errors import TooMuchRead
from pirab.domainaudit.errors import ClaimNotFound, DomainError, DomainTaken, RotationRefused
from pirab.groups.errors import GroupsError, LetterDecided, LetterNotFound
from pirab.openapi import (
    groups,
    join,
    joining,
    my_factors,
    my_groups,
    my_history,
    my_password,
    my_sessions,
    my_tokens,
    refusals,
    second_factors,
    session_providers,
    session_steps,
)
from pirab.openapi.agencies import router as agencies_router
from pirab.openapi.approvals import router as approvals_router
from pirab.openapi.completions import router as completions_router
from pirab.openapi.contact_files import router as contact_files_router
from pirab.openapi.contact_notices import router as contact_notices_router
from pirab.openapi.correspondents import router as correspondents_router
from pirab.openapi.directory import router as directory_router
from pirab.openapi.directory_exports import router as directory_exports_router
from pirab.openapi.domains import router as domains_router
from pirab.openapi.duties import router as duties_router
from pirab.openapi.exports import router as exports_router
from pirab.openapi.health_overview import router as health_router
from pirab.openapi.imports import router as imports_router
from pirab.openapi.organisation import router as organisation_router
from pirab.openapi.refusals import problem, problem_type
from pirab.openapi.saraban_addresses import router as saraban_addresses_router
from pirab.openapi.search import router as search_router
from pirab.openapi.session import router as session_router
from pirab.personnel.errors import (
    EnrolmentClosed,
    EnrolmentNotFound,
    LinkRefused,
    NotRecognised,
    PersonnelError,
    StillWaiting,
    TableTooLarge,
)
from pirab.signin.errors import CredentialError, SignInError

_log = get_logger(__name__)

_STATUS: Final[dict[type[PirabError], int]] = {
    AccountForbidden: 403,
    AccountNotFound: 404,
    AccountReadOnly: 403,
    AddressTaken: 409,
    AgencyForbidden: 403,
    AgencyNotFound: 404,
    ClaimNotFound: 404,
    DomainInUse: 409,
    DomainTaken: 409,
    EditedMeanwhile: 412,
    CardNotFound: 404,
    EnrolmentClosed: 409,
    EnrolmentNotFound: 404,
    EntryNotFound: 404,
    ImportNotFound: 404,
    GroupNotFound: 404,
    LetterNotFound: 404,
    LinkRefused: 404,
    LetterDecided: 409,
    NotRecognised: 404,
    StillWaiting: 409,
    TableTooLarge: 413,
    TooMuchRead: 429,
    LimitAboveParent: 409,
    LimitReached: 409,
    OwnProposal: 403,
    ProposalClosed: 409,
    ProposalNotFound: 404,
    RotationRefused: 409,
}
"""What a refusal of the domain is in HTTP; every other one is 422: the request was understood, and is wrong."""


class _Json(JSONRenderer):
    """Thai as it is written: six octets of escapes a letter are twice as many as UTF-8 has."""

    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012 - as the base class has it


api = NinjaAPI(
    renderer=_Json(),
    title="Pirab",
    version="1",
    description=(
        "Administration of the Pirab mail service, and finding mail. Mail is read and changed through JMAP (`/jmap/`)."
    ),
    urls_namespace="api-v1",
    docs_url=None,  # ninja's own page loads scripts from other origins: see pirab.openapi.docs
    openapi_url="/openapi.json",
)
api.add_router("/session", session_router)
api.add_router("/session", session_steps.router)
api.add_router("/session", session_providers.router)
api.add_router("", second_factors.router)
api.add_router("", exports_router)
api.add_router("", imports_router)
api.add_router("", health_router)
api.add_router("", search_router)
api.add_router("", agencies_router)
api.add_router("", duties_router)
api.add_router("", approvals_router)
api.add_router("", groups.router)
api.add_router("", domains_router)
api.add_router("", completions_router)
api.add_router("", correspondents_router)
api.add_router("", contact_files_router)
api.add_router("", contact_notices_router)
api.add_router("", join.router)
api.add_router("", joining.router)
for _found in (directory_router, organisation_router, saraban_addresses_router, directory_exports_router):
    api.add_router("", _found)
for _mine in (my_groups, my_sessions, my_tokens, my_password, my_history, my_factors):
    api.add_router("/me", _mine.router)


api.exception_handler(SignInError)(refusals.not_signed_in)
api.exception_handler(CredentialError)(refusals.not_with_this_credential)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    # Where and why, but not what: the input may be a password.
    reasons = [{"place": ".".join(map(str, item["loc"])), "reason": item["msg"]} for item in error.errors]
    return problem(422, "The request does not fit its description.", errors=reasons)


@api.exception_handler(TemporaryError)
@api.exception_handler(django.db.OperationalError)
@api.exception_handler(django.db.InterfaceError)
def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    _log.warning("openapi.unavailable", path=request.path, error=type(error).__name__)
    response = problem(503, "The service cannot do this at the moment; try again.")
    response["Retry-After"] = "5"
    return response


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error))


@api.exception_handler(ApprovalError)
@api.exception_handler(GroupsError)
@api.exception_handler(ContactsError)
@api.exception_handler(DirectoryError)
@api.exception_handler(DomainError)
@api.exception_handler(PersonnelError)
def _domain_error(request: HttpRequest, error: PirabError) -> HttpResponse:
    """`type` names the refusal, so that a client need not read its words."""
    members = refusals.members_of(error)
    return problem(_STATUS.get(type(error), 422), error.message, type=problem_type(error), **members)
