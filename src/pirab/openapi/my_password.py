"""The person's own password: `/api/v1/me/password`."""

from __future__ import annotations

from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Field, Router, Status

from pirab.openapi.shapes import Shape
from pirab.signin import agency_directory, factors, notices, passwords, stepup, throttle
from pirab.signin import http as signin
from pirab.signin.errors import PasswordRefused

router: Final = Router(tags=["sign-in"])


class NewPassword(Shape):
    """`current` may be left out only by somebody who has none yet."""

    current: Annotated[str, Field(max_length=1024)] | None = None
    new: Annotated[str, Field(min_length=1, max_length=4096)]


@router.put("/password", response={204: None}, summary="Change my password")
def change(request: HttpRequest, given: NewPassword) -> Status[None]:
    """Ends every other session. 422 with a `reason` for a password that is too easy to guess."""
    caller = signin.present_caller(request)
    origin, person = signin.origin_of(request), caller.principal
    if agency_directory.serving(person.person_id) is not None:
        raise PasswordRefused("elsewhere")
    enrolled = factors.factors_of(person.person_id)
    if enrolled.are_enrolled or not enrolled.password:
        stepup.require_recent_proof(caller)
    if enrolled.password and given.current is None:
        raise PasswordRefused("current_missing")
    subject = throttle.subject_of(person.email, origin)
    throttle.claim(subject)
    passwords.change(
        person.person_id, given.current if enrolled.password else None, given.new, caller.session_id
    )
    throttle.clear(subject)
    notices.tell_change(person.person_id, "password", origin)
    return Status(204, None)
