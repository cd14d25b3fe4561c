"""Email/get (rfc8621#4.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import GetArguments, UnsignedInt, check_get_size
from pirab.jmap.capabilities import MAIL, MAIL_SAFETY
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import MAX_OCTETS_IN_CALL
from pirab.jmap.email.content import MessageContent, render_content
from pirab.jmap.email.properties import (
    DEFAULT_PROPERTIES,
    BodyValueArguments,
    Depth,
    PropertyPlan,
    plan_properties,
)
from pirab.jmap.email.rendering import compile_row_plan, render_row
from pirab.jmap.errors import MethodError, too_large
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, extend, method
from pirab.store import queries
from pirab.store.types import EmailView, ObjectType, Structure, decode_structure

extend(MAIL_SAFETY)

_ONE_MORE: Final = CORE_LIMITS.max_objects_in_get + 1


class EmailGetArguments(GetArguments, frozen=True, kw_only=True):
    """The arguments of rfc8621#4.2 on top of the standard ones."""

    body_properties: list[str] | None = None
    fetch_text_body_values: bool = False
    fetch_html_body_values: bool = msgspec.field(default=False, name="fetchHTMLBodyValues")
    fetch_all_body_values: bool = False
    max_body_value_bytes: UnsignedInt = 0

    def plan(self, using: frozenset[str]) -> PropertyPlan:
        """What to answer of each Email; raises `invalidArguments` for an unknown property. `id` is always there."""
        return plan_properties(
            None if self.properties is None else ["id", *self.properties],
            default=DEFAULT_PROPERTIES,
            body_asked=self.body_properties,
            values=BodyValueArguments(
                fetch_text=self.fetch_text_body_values,
                fetch_html=self.fetch_html_body_values,
                fetch_all=self.fetch_all_body_values,
                max_bytes=self.max_body_value_bytes,
            ),
            using=using,
        )


@method("Email/get", capability=MAIL, arguments=EmailGetArguments)
def handle(context: RequestContext, arguments: EmailGetArguments) -> MethodResult:
    """Emails by id; the state is read first, so that a change in between is seen again by Email/changes."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    plan = arguments.plan(context.using)
    state = queries.states(account).of(ObjectType.EMAIL)
    keys, not_found = _wanted_keys(context, account, arguments.ids)
    rendered = render_emails(account, arguments.account_id, list(keys), plan, viewer=context.viewer(account))
    not_found += [text for key, text in keys.items() if key not in rendered]
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": [rendered[key] for key in keys if key in rendered],
            "notFound": not_found,
        }
    )


def render_emails(
    account: int, account_id: str, keys: list[int], plan: PropertyPlan, *, viewer: int | None
) -> dict[int, dict[str, Any]]:
    """The Email objects of those `keys` that exist, by key; `account_id` is the client's spelling of `account`.

    `viewer` is the person whose own keywords they show in a shared account.
    """
    structure = Structure.NONE if plan.depth is Depth.ROW else Structure.FULL
    views = queries.email_views(account, keys, structure=structure, viewer=viewer)
    if plan.depth is Depth.CONTENT and sum(view.email.size for view in views) > MAX_OCTETS_IN_CALL:
        raise MethodError("requestTooLarge", "These Emails are too large together for what is asked of them.")
    compiled = compile_row_plan(plan)
    if plan.depth is Depth.ROW:
        values: dict[str, Any] = {"bodyValues": {}} if "bodyValues" in plan.names else {}
        return {view.email.id: render_row(compiled, view) | values for view in views}
    return {
        view.email.id: render_row(compiled, view) | render_content(plan, stored_content(view), account_id)
        for view in views
    }


def stored_content(view: EmailView, read: Callable[[bytes], bytes] = queries.message_bytes) -> MessageContent:
    """The message behind a row fetched with its structure; its bytes are read when first needed."""
    assert view.structure is not None
    envelope = view.envelope
    return MessageContent(
        decode_structure(view.structure),
        tuple(envelope.text_body),
        tuple(envelope.html_body),
        tuple(envelope.attachments),
        digest=view.digest,
        read=partial(read, view.digest),
    )


def _wanted_keys(
    context: RequestContext, account: int, ids: list[str] | None
) -> tuple[Mapping[int, str], list[str]]:
    """Database keys with the id each was asked by, in order and once each; and the ids that name nothing."""
    if ids is None:
        every = queries.all_email_ids(account, _ONE_MORE)
        if len(every) == _ONE_MORE:
            raise too_large("ids", CORE_LIMITS.max_objects_in_get)
        return {key: encode_id(IdKind.EMAIL, key) for key in every}, []
    keys: dict[int, str] = {}
    not_found: list[str] = []
    for text in dict.fromkeys(ids):
        key = context.key(IdKind.EMAIL, text)
        if key is None:
            not_found.append(text)
        else:
            keys[key] = text
    return keys, not_found
