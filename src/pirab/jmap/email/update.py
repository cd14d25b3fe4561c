"""The update half of Email/set (rfc8621#4.6, rfc8620#5.3): patches become the store's terms.

Only keywords and mailboxIds can change. Any other property may be sent if it has the value it already has; such
claims are collected here and compared with the Email by `check_claims`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind
from pirab.jmap.context import RequestContext
from pirab.jmap.email.get import render_emails
from pirab.jmap.email.header_property import is_form_allowed, parse_header_property
from pirab.jmap.email.membership import mailbox_key, read_keywords, read_mailbox_ids, valid_keywords
from pirab.jmap.email.properties import EMAIL_PROPERTIES, BodyValueArguments, plan_properties
from pirab.jmap.errors import SetError, invalid_properties
from pirab.jmap.patches import checked_paths
from pirab.store.types import EmailPatch

_MUTABLE: Final = frozenset({"keywords", "mailboxIds"})


class Update(msgspec.Struct, frozen=True):
    """One patch: what changes, and the immutable properties it claims to know."""

    patch: EmailPatch
    claims: dict[str, Any]


class UpdateReader:
    """Reads the patches of one call. Clients send the same patch for a thousand Emails: it is read once."""

    def __init__(self, context: RequestContext) -> None:
        self._context = context
        self._known: dict[bytes, Update] = {}

    def read(self, record: dict[str, Any]) -> Update:
        """The meaning of a PatchObject; raises `invalidPatch` or `invalidProperties`."""
        spelled = msgspec.json.encode(record)
        known = self._known.get(spelled)
        if known is None:
            reader = _PatchReader(self._context)
            for path, value in checked_paths(record).items():
                reader.read(path, value)
            self._known[spelled] = known = reader.result()
        return known


class _PatchReader:
    def __init__(self, context: RequestContext) -> None:
        self._context = context
        self._keywords: frozenset[str] | None = None
        self._mailboxes: frozenset[int] | None = None
        self._words: dict[str, bool] = {}
        self._boxes: dict[int, bool] = {}
        self._claims: dict[str, Any] = {}

    def read(self, path: tuple[str, ...], value: Any) -> None:
        head = path[0]
        if len(path) == 1:
            self._read_whole(head, value)
        elif len(path) > 2 and head in _MUTABLE:
            raise SetError("invalidPatch", f"There is nothing below {head}/{path[1][:100]}.")
        elif head == "keywords":
            self._note(self._words, path[1].lower(), value, head)
        elif head == "mailboxIds":
            self._read_mailbox(path[1], value)
        elif head in ("bodyValues", "bodyStructure"):
            raise invalid_properties(f"{head} cannot be changed.", head)
        else:
            raise SetError("invalidPatch", f"The patch points into {head[:100]!r}, which holds no object.")

    def _read_whole(self, name: str, value: Any) -> None:
        if name == "keywords":
            self._keywords = read_keywords(value)
        elif name == "mailboxIds":
            self._mailboxes = read_mailbox_ids(self._context, value)
        elif name in EMAIL_PROPERTIES or _is_header(name):
            self._claims[name] = value
        else:
            raise invalid_properties(f"An Email has no property {name[:100]!r}.", name)

    def _read_mailbox(self, text: str, value: Any) -> None:
        if value is None:
            key = self._context.key(IdKind.MAILBOX, text)
            if key is None:
                return  # Taking an Email out of a Mailbox it cannot be in changes nothing.
        else:
            key = mailbox_key(self._context, text)
        self._note(self._boxes, key, value, "mailboxIds")

    def _note(self, marks: dict[Any, bool], key: Any, value: Any, name: str) -> None:
        if value is not None and value is not True:
            raise invalid_properties(f"A value in {name} is true, or null to take it away.", name)
        if key in marks and marks[key] != (value is True):
            raise SetError("invalidPatch", f"Two paths of the patch name one member of {name}.")
        marks[key] = value is True

    def result(self) -> Update:
        return Update(
            EmailPatch(
                set_keywords=self._keywords,
                add_keywords=valid_keywords(word for word, is_in in self._words.items() if is_in),
                remove_keywords=frozenset(word for word, is_in in self._words.items() if not is_in),
                set_mailboxes=self._mailboxes,
                add_mailboxes=frozenset(key for key, is_in in self._boxes.items() if is_in),
                remove_mailboxes=frozenset(key for key, is_in in self._boxes.items() if not is_in),
            ),
            self._claims,
        )


def check_claims(
    account: int, account_id: str, updates: Mapping[int, Update], *, viewer: int | None
) -> dict[int, SetError]:
    """The Emails whose immutable properties are not what their patch says (rfc8620#5.3), with the refusal of each."""
    claiming = {key: update.claims for key, update in updates.items() if update.claims}
    if not claiming:
        return {}
    plan = plan_properties(
        sorted({name for claims in claiming.values() for name in claims}),
        default=(),
        body_asked=None,
        values=BodyValueArguments(fetch_all=True),
        using=frozenset(),
    )
    refused: dict[int, SetError] = {}
    for key, rendered in render_emails(account, account_id, list(claiming), plan, viewer=viewer).items():
        actual = msgspec.json.decode(msgspec.json.encode(rendered))
        wrong = [name for name, value in claiming[key].items() if not _is_true(name, value, actual[name])]
        if wrong:
            refused[key] = invalid_properties("These properties cannot be changed.", *wrong)
    return refused


def _is_true(name: str, claimed: Any, actual: Any) -> bool:
    """Whether a claim holds; of `bodyValues` a client knows only the parts it fetched."""
    if name == "bodyValues" and isinstance(claimed, dict):
        return all(part_id in actual and actual[part_id] == value for part_id, value in claimed.items())
    return bool(claimed == actual)


def _is_header(name: str) -> bool:
    header = parse_header_property(name)
    return header is not None and is_form_allowed(header)
