"""Between Django's requests and this door: who calls, and how refusals are answered (always in one write)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, Final, ParamSpec

import django.db
from django.http import HttpRequest, HttpResponse

from pirab.core.errors import TemporaryError
from pirab.core.log import get_logger
from pirab.jmap import problems
from pirab.jmap.problems import RequestProblem
from pirab.signin import http as signin
from pirab.signin.errors import ForgeryRefused, SignInError, TooManyAttempts
from pirab.signin.types import Caller

JSON: Final = "application/json; charset=utf-8"
NO_STORE: Final = "no-cache, no-store, must-revalidate"
_log = get_logger(__name__)
_Rest = ParamSpec("_Rest")
_View = Callable[Concatenate[HttpRequest, _Rest], HttpResponse]


def answering_problems(*allowed: str) -> Callable[[_View[_Rest]], _View[_Rest]]:
    """Decorate a view: only the `allowed` HTTP methods reach it, and its refusals become problem details."""

    def decorate(view: _View[_Rest]) -> _View[_Rest]:
        @functools.wraps(view)
        def answer(request: HttpRequest, /, *args: _Rest.args, **kwargs: _Rest.kwargs) -> HttpResponse:
            try:
                if request.method not in allowed:
                    raise problems.method_not_allowed(", ".join(allowed))
                return view(request, *args, **kwargs)
            except RequestProblem as problem:
                return problem_response(problem)
            except (TemporaryError, django.db.OperationalError, django.db.InterfaceError) as error:
                _log.warning("jmap.unavailable", view=view.__name__, error=type(error).__name__)
                return problem_response(problems.unavailable())

        return answer

    return decorate


def signed_in(request: HttpRequest) -> Caller:
    """Who calls; raises `RequestProblem` with 401, 403 or 429."""
    with refusals_as_problems(signin.challenge_for(request)):
        return signin.caller_of(request)


@contextmanager
def refusals_as_problems(challenge: str) -> Iterator[None]:
    """Turn the block's sign-in errors into `RequestProblem`; `challenge` is the WWW-Authenticate value."""
    try:
        yield
    except TooManyAttempts as error:
        headers = {"Retry-After": str(error.retry_after)}
        raise RequestProblem("about:blank", error.message, status=429, headers=headers) from error
    except ForgeryRefused as error:
        raise RequestProblem("about:blank", error.message, status=403) from error
    except SignInError as error:
        headers = {"WWW-Authenticate": challenge}
        raise RequestProblem("about:blank", error.message, status=401, headers=headers) from error


def problem_response(problem: RequestProblem) -> HttpResponse:
    """The answer that says what is wrong with the request."""
    body = problem.body()
    response = HttpResponse(body, content_type=problems.CONTENT_TYPE, status=problem.status)
    response["Content-Length"] = str(len(body))
    response["Cache-Control"] = NO_STORE
    for name, value in problem.headers.items():
        response[name] = value
    return response


def json_response(body: bytes, status: int = 200) -> HttpResponse:
    """An answer of encoded JSON that no cache may keep."""
    response = HttpResponse(body, content_type=JSON, status=status)
    response["Content-Length"] = str(len(body))
    response["Cache-Control"] = NO_STORE
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's answer to a request it cannot read."""
    return problem_response(RequestProblem("about:blank", "The request cannot be read.", status=400))


def no_such_resource(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's answer to a path that leads nowhere."""
    return problem_response(problems.not_found())


def failed(request: HttpRequest) -> HttpResponse:
    """Django's answer when a view raised; Django has logged why."""
    return problem_response(RequestProblem("about:blank", "The server failed; it is on record.", status=500))
