"""The only writers of identities. Each action is one transaction and logs what it changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec
from django.db import transaction

from pirab.core import db
from pirab.directory import policy
from pirab.directory import queries as directory
from pirab.directory.types import Principal, Right
from pirab.store import actions as store
from pirab.store.types import ChangeKind, ObjectType
from pirab.submission import queries
from pirab.submission.envelope import address_key
from pirab.submission.errors import (
    ForbiddenFrom,
    IdentityNotDeletable,
    IdentityNotFound,
    InvalidProperties,
    TooManyIdentities,
)
from pirab.submission.types import IdentityDraft, IdentityPatch, IdentityRow, MailAddress

MOST_IDENTITIES: Final = 200
"""Identities of one account."""
LONGEST_NAME: Final = 500
"""Characters of a display name."""
LONGEST_SIGNATURE: Final = 100_000
"""Characters of a signature, in either form."""
MOST_STANDING_ADDRESSES: Final = 50
"""Addresses in an identity's Reply-To or Bcc."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u0080-\u009f\u2028\u2029]")


def ensure_default_identities(account_id: int) -> None:
    """Give each sending address of the account its default identity, once, and take away those of addresses gone.

    Cheap when nothing is missing. Two callers at the same time make one identity (unique index on the address).
    """
    wanted = {sender.address: sender for sender in directory.addresses_of(account_id)}
    present = _default_keys(account_id)
    if wanted.keys() == present.keys():
        return
    for key in present.keys() - wanted.keys():
        with suppress(IdentityNotFound), db.transaction():  # somebody else was faster
            _delete(account_id, present[key])
    for key in [key for key in wanted if key not in present]:
        _create_default(account_id, key, wanted[key].display_name)


def create_identity(principal: Principal, account_id: int, draft: IdentityDraft) -> IdentityRow:
    """A further identity of the account.

    Raises `ForbiddenFrom` for an address that the person may not write as, `InvalidProperties`, `TooManyIdentities`.
    """
    policy.require_account(principal, account_id, Right.SUBMIT)
    key = address_key(draft.email)
    if key is None:
        raise InvalidProperties("not an address", properties=("email",))
    if not directory.may_send_as(principal, draft.email):
        raise ForbiddenFrom(properties=("email",))
    _check_texts(draft.name, draft.text_signature, draft.html_signature)
    _check_addresses("replyTo", draft.reply_to)
    _check_addresses("bcc", draft.bcc)
    with db.transaction():
        made: int = db.scalar(
            """
            insert into submission_identity (account_id, is_default, address_key, email, name, reply_to, bcc,
                                             text_signature, html_signature)
            values (%s, false, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s) returning id
            """,
            (
                account_id,
                key,
                draft.email,
                draft.name,
                _encoded(draft.reply_to),
                _encoded(draft.bcc),
                draft.text_signature,
                draft.html_signature,
            ),
        )
        # The account's row lock, taken here, makes the count below true for every concurrent creator.
        store.log_change(account_id, ObjectType.IDENTITY, made, ChangeKind.CREATED)
        _check_count(account_id)
    return queries.identity(account_id, made)


def update_identity(principal: Principal, account_id: int, identity_id: int, patch: IdentityPatch) -> None:
    """Change what `patch` names. Raises `IdentityNotFound` and `InvalidProperties`."""
    policy.require_account(principal, account_id, Right.SUBMIT)
    with db.transaction():
        store.log_change(account_id, ObjectType.IDENTITY, identity_id, ChangeKind.UPDATED)
        _is_default(account_id, identity_id)
        changed = msgspec.structs.replace(queries.identity(account_id, identity_id), **_given(patch))
        _check_texts(changed.name, changed.text_signature, changed.html_signature)
        _check_addresses("replyTo", changed.reply_to)
        _check_addresses("bcc", changed.bcc)
        db.execute(
            """
            update submission_identity
               set name = %s, reply_to = %s::jsonb, bcc = %s::jsonb, text_signature = %s, html_signature = %s
             where account_id = %s and id = %s
            """,
            (
                changed.name,
                _encoded(changed.reply_to),
                _encoded(changed.bcc),
                changed.text_signature,
                changed.html_signature,
                account_id,
                identity_id,
            ),
        )


def destroy_identity(principal: Principal, account_id: int, identity_id: int) -> None:
    """Remove a further identity. Raises `IdentityNotFound`, and `IdentityNotDeletable` for a default one."""
    policy.require_account(principal, account_id, Right.SUBMIT)
    if _is_default(account_id, identity_id):
        raise IdentityNotDeletable()
    with db.transaction():
        _delete(account_id, identity_id)


def _create_default(account_id: int, key: str, name: str) -> None:
    with db.transaction():
        identity_id: int = db.scalar("select store_new_id()")
        # The log comes first because it takes the account's lock: a concurrent caller waits here, then finds the row.
        store.log_change(account_id, ObjectType.IDENTITY, identity_id, ChangeKind.CREATED)
        if key in _default_keys(account_id):
            transaction.set_rollback(True)
            return
        db.execute(
            """
            insert into submission_identity
                   (account_id, id, is_default, address_key, email, name, text_signature, html_signature)
            values (%s, %s, true, %s, %s, %s, '', '')
            """,
            (account_id, identity_id, key, key, name),
        )


def _default_keys(account_id: int) -> dict[str, int]:
    found = db.rows(
        "select address_key, id from submission_identity where account_id = %s and is_default", (account_id,)
    )
    return dict(found)


def _is_default(account_id: int, identity_id: int) -> bool:
    """Whether the identity is the default one of its address. Raises `IdentityNotFound`."""
    is_default = db.scalar(
        "select is_default from submission_identity where account_id = %s and id = %s",
        (account_id, identity_id),
    )
    if is_default is None:
        raise IdentityNotFound()
    return bool(is_default)


def _delete(account_id: int, identity_id: int) -> None:
    store.log_change(account_id, ObjectType.IDENTITY, identity_id, ChangeKind.DESTROYED)
    gone = db.execute(
        "delete from submission_identity where account_id = %s and id = %s", (account_id, identity_id)
    )
    if not gone:
        raise IdentityNotFound()


def _given(patch: IdentityPatch) -> dict[str, object]:
    return {
        name: value for name, value in msgspec.structs.asdict(patch).items() if value is not msgspec.UNSET
    }


def _check_count(account_id: int) -> None:
    count: int = db.scalar("select count(*) from submission_identity where account_id = %s", (account_id,))
    if count > MOST_IDENTITIES:
        raise TooManyIdentities()


def _check_texts(name: str, text_signature: str, html_signature: str) -> None:
    if len(name) > LONGEST_NAME or _CONTROL.search(name):
        raise InvalidProperties("too long, or not one line", properties=("name",))
    for label, value in (("textSignature", text_signature), ("htmlSignature", html_signature)):
        if len(value) > LONGEST_SIGNATURE or "\x00" in value:
            raise InvalidProperties("too long, or not text", properties=(label,))


def _check_addresses(label: str, addresses: Sequence[MailAddress] | None) -> None:
    for address in addresses or ():
        name = address.name or ""
        if address_key(address.email) is None or len(name) > LONGEST_NAME or _CONTROL.search(name):
            raise InvalidProperties("not an address", properties=(label,))
    if addresses is not None and len(addresses) > MOST_STANDING_ADDRESSES:
        raise InvalidProperties("too many addresses", properties=(label,))


def _encoded(addresses: Sequence[MailAddress] | None) -> str | None:
    return None if addresses is None else msgspec.json.encode(addresses).decode()
