"""When somebody has lost every second factor: `POST /api/v1/people/{person_id}/second-factor/clear`."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from ninja import Router, Status

from pirab.core.log import get_logger
from pirab.directory.types import AdminRight
from pirab.openapi.administered import person_for
from pirab.signin import enrolment, stepup
from pirab.signin import http as signin

router: Final = Router(tags=["people"])
_log = get_logger(__name__)


@router.post(
    "/people/{person_id}/second-factor/clear", response={204: None}, summary="Clear lost second factors"
)
def clear(request: HttpRequest, person_id: str) -> Status[None]:
    """Remove every passkey, authenticator app and paper code of a person of the agency, and end their sessions; they
    are told by letter. Needs two proofs of the administrator given in the last ten minutes.
    """
    person = person_for(request, person_id, AdminRight.MANAGE)
    caller = signin.caller_of(request)
    stepup.require_recent_strong_auth(caller)
    enrolment.remove_all(person.id, signin.origin_of(request))
    _log.info("signin.second_factors_cleared", person=person.id, by=caller.principal.person_id)
    return Status(204, None)
