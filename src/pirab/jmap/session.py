"""The session object (rfc8620#2): what this person may use here, and where."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind, encode_id
from pirab.directory import policy
from pirab.directory import queries as directory
from pirab.directory.types import AccountInfo, Principal, Right, Role
from pirab.jmap import registry
from pirab.jmap.address_book.access import unit_books
from pirab.jmap.capabilities import (
    ACCOUNT_PROMISES,
    CONTACTS,
    CORE,
    MAIL,
    SERVER_PROMISES,
    SUBMISSION,
    UNIT_BOOKS,
    WEBSOCKET,
)
from pirab.jmap.registry import extend

extend(WEBSOCKET)
_PROMISES: Final = hashlib.blake2b(
    msgspec.json.encode([SERVER_PROMISES, ACCOUNT_PROMISES]), digest_size=9
).hexdigest()


def session_state(principal: Principal) -> str:
    """Changes when the session object does; computed without a query, because every API answer carries it."""
    roles = sorted(principal.roles.items())
    facts = (principal.email, principal.name, roles, sorted(registry.capabilities()), _PROMISES)
    return hashlib.blake2b(msgspec.json.encode(facts), digest_size=9).hexdigest()


def session_object(principal: Principal, base_url: str) -> bytes:
    """The session of `principal`, encoded; `base_url` is `scheme://host[:port]`."""
    infos = directory.accounts(sorted(principal.account_ids))
    spoken = [name for name in SERVER_PROMISES if name == CORE or name in registry.capabilities()]
    return msgspec.json.encode(
        {
            "capabilities": {name: SERVER_PROMISES[name] for name in spoken} | _websocket(base_url),
            "accounts": {
                encode_id(IdKind.ACCOUNT, info.id): _account(principal, info, spoken) for info in infos
            }
            | _accounts_with_unit_books(principal),
            "primaryAccounts": _primary_accounts(principal, spoken),
            "username": principal.email,
            "apiUrl": f"{base_url}/jmap/",
            "downloadUrl": f"{base_url}/jmap/download/{{accountId}}/{{blobId}}/{{name}}?accept={{type}}",
            "uploadUrl": f"{base_url}/jmap/upload/{{accountId}}/",
            "eventSourceUrl": (
                f"{base_url}/jmap/eventsource?types={{types}}&closeafter={{closeafter}}&ping={{ping}}"
            ),
            "state": session_state(principal),
        }
    )


def _websocket(base_url: str) -> dict[str, Any]:
    """rfc8887#3.1; the address has the scheme ws where the session has http."""
    return {WEBSOCKET: {"url": f"ws{base_url.removeprefix('http')}/jmap/ws", "supportsPush": True}}


def _accounts_with_unit_books(principal: Principal) -> dict[str, Any]:
    """Accounts of offices of which this person reads nothing but the address books shown to their unit."""
    infos = directory.accounts(sorted(unit_books(principal).keys() - principal.account_ids))
    promises = {CONTACTS: ACCOUNT_PROMISES[CONTACTS] | {"mayCreateAddressBook": False}, UNIT_BOOKS: {}}
    return {
        encode_id(IdKind.ACCOUNT, info.id): {
            "name": info.email or info.name,
            "isPersonal": False,
            "isReadOnly": True,
            "accountCapabilities": promises,
        }
        for info in infos
    }


def _account(principal: Principal, info: AccountInfo, spoken: list[str]) -> dict[str, Any]:
    names = [name for name in spoken if name in ACCOUNT_PROMISES]
    if not policy.may(principal, info.id, Right.SUBMIT):
        names = [name for name in names if name != SUBMISSION]
    promises = {name: ACCOUNT_PROMISES[name] for name in names}
    if MAIL in promises:
        may_write = policy.may(principal, info.id, Right.WRITE)
        promises[MAIL] = promises[MAIL] | {"mayCreateTopLevelMailbox": may_write}
        promises[CONTACTS] = promises[CONTACTS] | {"mayCreateAddressBook": may_write}
    return {
        "name": info.email or info.name,
        "isPersonal": info.is_personal and principal.roles[info.id] is Role.OWNER,
        # rfc8620#2: true when "the entire account" is read-only; who may mark what they have read can change something
        "isReadOnly": not policy.may(principal, info.id, Right.MARK),
        "accountCapabilities": promises,
    }


def _primary_accounts(principal: Principal, spoken: list[str]) -> dict[str, str]:
    if principal.primary_account_id is None:
        return {}
    primary = encode_id(IdKind.ACCOUNT, principal.primary_account_id)
    return {name: primary for name in spoken if name in ACCOUNT_PROMISES}
