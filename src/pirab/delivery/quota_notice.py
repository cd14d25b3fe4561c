"""The letter that says that an account is nearly full: scanned and stored as every letter is, and never refused for
want of room."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings

from pirab.core import clock, db, log
from pirab.core.ids import IdKind, encode_id
from pirab.directory import queries as directory
from pirab.scanning.client import scan
from pirab.scanning.types import Action, ScanEnvelope
from pirab.store import actions as store
from pirab.store.arrivals import Arrival, announce
from pirab.store.types import MailboxRole, QuotaCrossing
from pirab.wire.compose import Draft, compose
from pirab.wire.types import Address

_SENDER: Final = "พิราบ · Pirab"
_SUBJECT: Final = "พื้นที่จดหมายใช้ไปแล้ว {percent}% (Your mail is {percent} % full)"
_TEXT: Final = """บัญชีจดหมายของท่านใช้พื้นที่ไปแล้ว {used} จาก {quota} ({percent}%)

เมื่อพื้นที่เต็ม จะรับจดหมายใหม่ไม่ได้ชั่วคราว แต่ยังอ่าน ย้าย และลบจดหมายได้ตามปกติ
โปรดลบจดหมายที่ไม่ใช้แล้ว โดยเฉพาะจดหมายที่มีไฟล์แนบขนาดใหญ่ หรือส่งออกจดหมายไปเก็บไว้ที่อื่น
จดหมายที่ลบแล้วยังกู้คืนได้ภายใน 30 วัน และไม่นับรวมในพื้นที่

Your mail takes {used} of {quota} ({percent} %).

When it is full, no new mail can come in for the time being; reading, moving and deleting go on.
Delete what you no longer need, large attachments first, or export it to keep it elsewhere.
Deleted mail can be recovered for 30 days and does not count.
"""

_log = log.get_logger(__name__)


def warn(crossing: QuotaCrossing) -> None:
    """Note the crossing; on the way up, with a letter. Raises `ScannerUnavailable`, then nothing is noted."""
    now = clock.now()
    if crossing.level <= crossing.warned:
        store.note_quota_crossing(crossing, None, now)
        return
    raw = _letter(crossing, now)
    verdict = scan(raw, ScanEnvelope("", (_address(crossing.account_id),)))
    if verdict.action in (Action.REJECT, Action.DEFER):
        _log.error("quota.notice_held", account=crossing.account_id, verdict=verdict.action.value)
        return
    message = store.ensure_message(raw)
    with db.transaction():
        email_id = store.note_quota_crossing(crossing, message, now)
        if email_id is not None:
            announce(Arrival(raw, "", MailboxRole.INBOX, now, {crossing.account_id: email_id}))
    _log.info("quota.warned", account=crossing.account_id, level=crossing.level)


def _letter(crossing: QuotaCrossing, now: datetime) -> bytes:
    address = _address(crossing.account_id)
    domain = address.rpartition("@")[2]
    facts = {
        "percent": crossing.used_bytes * 100 // crossing.quota_bytes if crossing.quota_bytes else 100,
        "used": _size(crossing.used_bytes),
        "quota": _size(crossing.quota_bytes),
    }
    name = encode_id(IdKind.ACCOUNT, crossing.account_id)
    return compose(
        Draft(
            from_=(Address(_SENDER, f"postmaster@{domain}"),),
            to=(Address(None, address),),
            subject=_SUBJECT.format(**facts),
            message_id=f"quota.{crossing.level}.{name}.{int(now.timestamp())}@{domain}",
            date=now,
            text=_TEXT.format(**facts),
            extra_headers=(("Auto-Submitted", "auto-generated"), ("Precedence", "bulk")),
        )
    )


def _address(account_id: int) -> str:
    addresses = directory.addresses_of(account_id)
    return addresses[0].address if addresses else f"postmaster@{settings.ENVIRONMENT.hostname}"


def _size(octets: int) -> str:
    """In the units of the quota: decimal, one place."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets >= factor:
            return f"{octets / factor:.1f} {unit}"
    return f"{octets} B"
