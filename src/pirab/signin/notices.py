"""Letters that tell people what happened to their sign-in: in their own mailbox, Thai first, English below."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta, timezone
from typing import Final

from django.conf import settings

from pirab.core import clock, db
from pirab.signin import agents, hooks
from pirab.signin.types import Origin
from pirab.wire.compose import Draft, compose
from pirab.wire.types import Address

_BANGKOK: Final = timezone(timedelta(hours=7))
_BUDDHIST_ERA: Final = 543
_NEW_DEVICE: Final = (
    "มีการเข้าใช้จดหมายของท่านจากอุปกรณ์ใหม่ / A new device signed in",
    """เรียน {name}

มีการเข้าใช้จดหมายของท่านจากอุปกรณ์ที่ไม่เคยใช้มาก่อน

เวลา: {when_th}
อุปกรณ์: {device_th}
ที่อยู่เครือข่าย: {address}

หากเป็นท่านเอง ไม่ต้องทำอะไร
หากไม่ใช่ โปรดเปลี่ยนรหัสผ่านทันที แล้วออกจากระบบบนอุปกรณ์นั้นที่ {url}/settings/security

—

A device that you had not used before signed in to your mail.

Time: {when_en}
Device: {device_en}
Network address: {address}

If this was you, there is nothing to do.
If not, change your password at once and sign that device out at {url}/settings/security
""",
)
_CHANGED: Final = {
    "password": ("รหัสผ่าน", "password"),
    "passkey": ("พาสคีย์", "passkey"),
    "totp": ("แอปยืนยันตัวตน", "authenticator app"),
    "recovery_code": ("รหัสกู้คืน", "recovery codes"),
    "token": ("รหัสผ่านสำหรับแอป", "app passwords"),
    "all": ("การยืนยันตัวตนสองชั้นทั้งหมด", "second factors"),
}
_MEANS: Final = (
    "วิธีเข้าใช้จดหมายของท่านเปลี่ยนไป / Your sign-in was changed",
    """เรียน {name}

มีการเปลี่ยนแปลง{what_th}ของท่าน เมื่อ {when_th} จากที่อยู่เครือข่าย {address}
หากไม่ใช่ท่าน โปรดแจ้งผู้ดูแลระบบของหน่วยงานทันที

—

Your {what_en} changed at {when_en}, from the network address {address}.
If this was not you, tell your agency's administrator at once.
""",
)


def tell_new_device(person_id: int, origin: Origin) -> None:
    """A browser that this person has never used signed in as them."""
    device = agents.name_of(origin.agent)
    _tell(person_id, _NEW_DEVICE, origin, device_th=device or "ไม่ทราบ", device_en=device or "unknown")


def tell_change(person_id: int, what: str, origin: Origin) -> None:
    """One of the person's means of signing in was added, changed or removed: a key of `_CHANGED`."""
    thai, english = _CHANGED[what]
    _tell(person_id, _MEANS, origin, what_th=thai, what_en=english)


def _tell(person_id: int, texts: tuple[str, str], origin: Origin, **words: str) -> None:
    login, name = db.rows("select login, name_th from directory_person where id = %s", (person_id,))[0]
    now, (subject, text) = clock.now(), texts
    host = settings.ENVIRONMENT.hostname
    values = words | {
        "name": name,
        "when_th": _thai(now),
        "when_en": now.astimezone(_BANGKOK).strftime("%Y-%m-%d %H:%M (UTC+7)"),
        "address": origin.address or "-",
        "url": settings.ENVIRONMENT.public_url,
    }
    message = compose(
        Draft(
            from_=(Address("พิราบ", f"no-reply@{host}"),),
            to=(Address(name, login),),
            subject=subject,
            message_id=f"notice.{secrets.token_hex(12)}@{host}",
            date=now,
            text=text.format_map(values),
            extra_headers=(("Auto-Submitted", "auto-generated"),),
        )
    )
    hooks.carry(person_id, message)


def _thai(moment: datetime) -> str:
    local = moment.astimezone(_BANGKOK)
    return f"{local.day:02}/{local.month:02}/{local.year + _BUDDHIST_ERA} {local:%H:%M} น."
