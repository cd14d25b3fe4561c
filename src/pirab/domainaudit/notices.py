"""Letters to the administrators of a domain: in their own mailboxes, Thai first, English below."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings

from pirab.directory import queries as directory
from pirab.directory.types import DutyInfo, DutyKind
from pirab.domainaudit import hooks
from pirab.domainaudit.advice import advice
from pirab.domainaudit.types import DomainInfo, Record, Verdict
from pirab.wire.address import normalize_domain
from pirab.wire.compose import Draft, compose
from pirab.wire.types import Address

_BROKEN: Final = (
    "ระเบียน DNS ของ {domain} ผิดปกติ / DNS records of {domain} broke",
    """ระเบียน DNS ต่อไปนี้ของโดเมน {domain} เคยถูกต้อง แต่ตรวจพบว่าไม่ถูกต้องแล้ว

{thai}
ดูรายละเอียดและตรวจซ้ำที่ {url}/console/domains

—

These DNS records of the domain {domain} were right before and are so no longer:

{english}
Details, and another check: {url}/console/domains
""",
)
_LAPSED: Final = (
    "เลิกรับจดหมายของ {domain} แล้ว / Mail for {domain} is no longer taken",
    """ระเบียนยืนยันความเป็นเจ้าของโดเมน {domain} หายไปเกิน 14 วัน และ MX ของโดเมนชี้ไปที่อื่น
ระบบจึงเลิกรับจดหมายของโดเมนนี้ ที่อยู่และจดหมายเดิมยังอยู่ครบ ยืนยันโดเมนอีกครั้งได้ที่ {url}/console/domains

—

The record that proves the ownership of {domain} has been missing for 14 days, and its MX leads elsewhere.
Mail for the domain is no longer taken; addresses and mail are kept. Prove it again at {url}/console/domains
""",
)
_OLD_KEY: Final = (
    "ควรเปลี่ยนกุญแจลงนามของ {domain} / Change the signing key of {domain}",
    """กุญแจลงนาม (DKIM) ของโดเมน {domain} ใช้มานานกว่าหนึ่งปีแล้ว ควรเปลี่ยนกุญแจใหม่ที่ {url}/console/domains
จดหมายที่ส่งไปแล้วไม่ได้รับผลกระทบ

—

The signing key (DKIM) of {domain} has been in use for more than a year. Change it at {url}/console/domains
Letters that were sent before are not affected.
""",
)


def tell_broken(domain: DomainInfo, broken: Sequence[tuple[Record, Verdict]], now: datetime) -> None:
    """Required records that were right are so no longer."""
    thai, english = [], []
    for record, verdict in broken:
        in_thai, in_english = advice(record, verdict)
        thai.append(f"• {record.type} {record.name}\n  {in_thai}\n")
        english.append(f"• {record.type} {record.name}\n  {in_english}\n")
    _tell(domain, _BROKEN, now, thai="".join(thai), english="".join(english))


def tell_lapsed(domain: DomainInfo, now: datetime) -> None:
    """Mail for the domain is no longer taken."""
    _tell(domain, _LAPSED, now)


def tell_old_key(domain: DomainInfo, now: datetime) -> None:
    """The signing key should be changed."""
    _tell(domain, _OLD_KEY, now)


def administrators_of(agency_id: int) -> list[DutyInfo]:
    """Who administers the agency: those appointed for it, or else for the nearest one above."""
    for key in reversed(directory.agency(agency_id).ancestry):
        found = [duty for duty in directory.duties_over(key) if duty.kind is DutyKind.ADMINISTRATOR]
        if found:
            return found
    return []


def _tell(domain: DomainInfo, texts: tuple[str, str], now: datetime, **words: str) -> None:
    host = settings.ENVIRONMENT.hostname
    shown = normalize_domain(domain.name)[1]
    values = words | {"domain": shown, "url": settings.ENVIRONMENT.public_url}
    for duty in administrators_of(domain.agency_id):
        message = compose(
            Draft(
                from_=(Address("พิราบ", f"no-reply@{host}"),),
                to=(Address(duty.name_th, duty.login),),
                subject=texts[0].format_map(values),
                message_id=f"domain.{secrets.token_hex(12)}@{host}",
                date=now,
                text=texts[1].format_map(values),
                extra_headers=(("Auto-Submitted", "auto-generated"),),
            )
        )
        hooks.carry(duty.person_id, message)
