"""Running the calls of a request, in order, each with its own outcome (rfc8620#3.3, #3.6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import django.db
import msgspec

from pirab.core import db
from pirab.core.errors import PirabError
from pirab.core.log import get_logger
from pirab.core.metrics import counter, duration
from pirab.jmap import arguments, errors, references, registry
from pirab.jmap.context import RequestContext
from pirab.jmap.errors import MethodError
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.references import Answer, Budget
from pirab.jmap.registry import ImplicitCall, Method
from pirab.jmap.request import MethodCall, Request

_log = get_logger(__name__)
_encode: Final = msgspec.json.Encoder().encode
_SECONDS: Final = duration("jmap_call", "Time of one JMAP method call.", ("method",))
_ERRORS: Final = counter("jmap_call_errors", "JMAP method calls answered with an error.", ("method", "kind"))


def run(request: Request, context: RequestContext, session_state: str) -> bytes:
    """The Response object (rfc8620#3.4) to `request`, encoded."""
    answers: list[Answer] = []
    budget = Budget(CORE_LIMITS.max_size_request)
    for call in request.calls():
        _make(call, context, answers, budget)
    return _response(answers, context.created_ids if request.created_ids is not None else None, session_state)


def _make(call: MethodCall, context: RequestContext, answers: list[Answer], budget: Budget) -> None:
    """Make one call and those it implies; append an answer for each."""
    waiting = [call]
    for current in waiting:
        method = registry.find(current.name)
        label = method.name if method else "unknown"
        try:
            with _SECONDS.labels(label).time():
                response, implied = _call(method, current, context, answers, budget)
            answers.append(Answer(current.name, response, current.call_id))
            waiting.extend(MethodCall(each.name, each.arguments, current.call_id) for each in implied)
        except MethodError as error:
            _ERRORS.labels(label, error.kind).inc()
            answers.append(Answer("error", _encode(error.as_arguments()), current.call_id))


def _call(
    method: Method | None,
    call: MethodCall,
    context: RequestContext,
    answers: Sequence[Answer],
    budget: Budget,
) -> tuple[bytes, Sequence[ImplicitCall]]:
    if method is None or method.capability not in context.using:
        raise MethodError("unknownMethod")
    try:
        given: Any = references.resolve(call.arguments, answers, budget)
        if method.arguments is not None:
            given = arguments.decode(method.arguments, given)
        result = method.handle(context, given)
        return _encode(result.response), result.implicit_calls
    except MethodError:
        raise
    except PirabError as error:
        known = errors.method_error_from(error)
        if known is None:
            raise _failed(call.name, error) from error
        raise known from error
    except (django.db.OperationalError, django.db.InterfaceError) as error:
        _log.warning("jmap.database_away", method=call.name, error=type(error).__name__)
        if not db.in_transaction():
            django.db.connection.close_if_unusable_or_obsolete()  # the next call finds a new one
        raise MethodError("serverUnavailable", "The database is away; try again.") from error
    except Exception as error:
        # The edge of the protocol: a defect ends one call, never the neighbours' answers (rfc8620#3.6.2).
        raise _failed(call.name, error) from error


def _failed(method: str, error: Exception) -> MethodError:
    _log.error("jmap.call_failed", method=method, exc_info=error)
    return MethodError("serverFail", f"{method} failed; the operators have been told.")


def _response(answers: Sequence[Answer], created_ids: dict[str, str] | None, session_state: str) -> bytes:
    """The answers are encoded already: they are joined, not encoded again."""
    calls = b",".join(
        b"[%b,%b,%b]" % (_encode(answer.name), answer.arguments, _encode(answer.call_id))
        for answer in answers
    )
    created = b"" if created_ids is None else b'"createdIds":%b,' % _encode(created_ids)
    return b'{"methodResponses":[%b],%b"sessionState":%b}' % (calls, created, _encode(session_state))
