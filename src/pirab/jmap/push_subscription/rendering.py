"""PushSubscription objects, to JSON and from JSON (rfc8620#7.2)."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from pirab.jmap.context import RequestContext
from pirab.jmap.errors import invalid_properties
from pirab.push.types import Credential, Draft, Keys, Patch, Subscription
from pirab.signin import credentials

PROPERTIES: Final = ("id", "deviceClientId", "verificationCode", "expires", "types")
"""What may be read. The address and the keys may not: they could be somebody else's secret (rfc8620#7.2.1)."""
SECRET: Final = frozenset({"url", "keys"})
LONGEST_DEVICE: Final = 255
MOST_TYPES: Final = 100
_UTC_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?Z", re.ASCII)
_TYPE_NAME: Final = re.compile(r"[A-Za-z0-9_:./-]{1,100}", re.ASCII)


def owner_of(context: RequestContext) -> Credential:
    """Whose subscriptions the request may see."""
    caller = context.caller
    return Credential(caller.principal.person_id, caller.kind, credentials.mark_of(caller))


def render(row: Subscription) -> dict[str, Any]:
    """The whole object."""
    return {
        "id": row.id,
        "deviceClientId": row.device_client_id,
        "verificationCode": row.verification_code,
        "expires": date_text(row.expires_at),
        "types": row.types,
    }


def date_text(moment: datetime) -> str:
    """A UTCDate (rfc8620#1.4)."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def draft_of(record: dict[str, Any]) -> Draft:
    """What to create; raises `invalidProperties` naming the bad ones."""
    _refuse(record, {"deviceClientId", "url", "keys", "expires", "types", "verificationCode"})
    if record.get("verificationCode") is not None:
        raise invalid_properties("The code is sent to the address first.", "verificationCode")
    device, url = record.get("deviceClientId"), record.get("url")
    if not isinstance(device, str) or not 1 <= len(device) <= LONGEST_DEVICE or "\0" in device:
        raise invalid_properties("A text of 1 to 255 characters is needed.", "deviceClientId")
    if not isinstance(url, str):
        raise invalid_properties("An https URL is needed.", "url")
    return Draft(
        device, url, _keys(record.get("keys")), _types(record.get("types")), _date(record.get("expires"))
    )


def patch_of(record: dict[str, Any]) -> Patch:
    """What to change; raises `invalidProperties` for what can never change (rfc8620#7.2)."""
    _refuse(record, {"verificationCode", "expires", "types"})
    code = record.get("verificationCode", msgspec.UNSET)
    if code is not msgspec.UNSET and code is not None and not isinstance(code, str):
        raise invalid_properties("A text or null is needed.", "verificationCode")
    return Patch(
        verification_code=code,
        expires_at=_date(record["expires"]) if "expires" in record else msgspec.UNSET,
        types=_types(record["types"]) if "types" in record else msgspec.UNSET,
    )


def _refuse(record: dict[str, Any], writable: set[str]) -> None:
    strange = [name[:100] for name in record if name not in writable]
    if strange:
        raise invalid_properties("Not a property that can be set here.", *strange)


def _types(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    is_list = isinstance(value, list) and 1 <= len(value) <= MOST_TYPES
    if not is_list or not all(isinstance(name, str) and _TYPE_NAME.fullmatch(name) for name in value):
        raise invalid_properties("Null or a list of type names is needed.", "types")
    return tuple(dict.fromkeys(value))


def _date(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        if not isinstance(value, str) or not _UTC_DATE.fullmatch(value):
            raise ValueError(value)
        return datetime.fromisoformat(value[:19]).replace(tzinfo=UTC)
    except ValueError as error:
        raise invalid_properties("Null or a UTC date is needed.", "expires") from error


def _keys(value: Any) -> Keys | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != {"p256dh", "auth"}:
        raise invalid_properties("Null or an object of p256dh and auth is needed.", "keys")
    return Keys(_octets(value["p256dh"]), _octets(value["auth"]))


def _octets(value: Any) -> bytes:
    """base64url (rfc4648#5); clients write it with and without padding."""
    try:
        if not isinstance(value, str) or len(value) > 200:
            raise ValueError
        text = value.rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (ValueError, binascii.Error) as error:
        raise invalid_properties("The keys must be base64url.", "keys") from error
