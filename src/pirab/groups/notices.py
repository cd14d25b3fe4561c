"""What the service writes about waiting letters: to managers that one waits, to its writer that it went no further."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pirab.core.ids import IdKind, encode_id
from pirab.directory import queries as directory
from pirab.directory.types import GroupInfo
from pirab.groups.models import WaitingLetter
from pirab.groups.types import State
from pirab.wire.compose import Draft, compose
from pirab.wire.types import Address

_ASK_SUBJECT: Final = "มีจดหมายรออนุญาตถึงกลุ่ม {name} (A letter waits for you)"
_ASK: Final = """มีจดหมายถึงกลุ่ม {name} <{address}> รอให้ท่านอนุญาต

จาก: {writer}
เรื่อง: {subject}

เปิดหน้าการตั้งค่า > กลุ่ม เพื่ออ่านและอนุญาตหรือปฏิเสธ จดหมายที่ไม่มีผู้อนุญาตภายใน 14 วันจะไม่ถูกส่งต่อ และผู้ส่งจะได้รับแจ้ง

A letter to the group {name} waits for a manager. Open Settings > Groups to read it and let it through or refuse it.
After 14 days it goes no further, and its writer is told.
"""
_TELL_SUBJECT: Final = "จดหมายถึงกลุ่ม {name} ไม่ได้ส่งต่อ (Your letter went no further)"
_TELL: Final = """จดหมายของท่านถึงกลุ่ม {name} <{address}> {reason_th}

เรื่อง: {subject}

ติดต่อผู้ดูแลกลุ่มหากต้องการทราบเหตุผล

Your letter to the group {name} {reason_en}. Ask a manager of the group why.
"""
_REASONS: Final = {
    State.REFUSED: ("ผู้ดูแลกลุ่มไม่อนุญาตให้ส่งต่อ", "was refused by a manager"),
    State.EXPIRED: ("ไม่มีผู้ดูแลกลุ่มพิจารณาภายใน 14 วัน", "was not decided on within 14 days"),
}


def asking(letter: WaitingLetter, group: GroupInfo, manager: str, now: datetime) -> bytes:
    """The notice to one manager."""
    facts = {"writer": letter.reverse_path, "subject": letter.subject}
    return _mail(letter, group, manager, _ASK_SUBJECT, _ASK, facts, now)


def refusing(letter: WaitingLetter, group: GroupInfo, now: datetime) -> bytes:
    """The notice to the writer."""
    reason_th, reason_en = _REASONS[State(letter.state)]
    facts = {"subject": letter.subject, "reason_th": reason_th, "reason_en": reason_en}
    return _mail(letter, group, letter.reverse_path, _TELL_SUBJECT, _TELL, facts, now)


def managers_of(group_id: int) -> list[str]:
    """The addresses the managers are told at, sorted."""
    managers = directory.managers(group_id)
    inside = {directory.account(account).email for account in managers.account_ids}
    return sorted((inside | managers.outside) - {""})


def _mail(
    letter: WaitingLetter,
    group: GroupInfo,
    to: str,
    subject: str,
    text: str,
    facts: dict[str, str],
    now: datetime,
) -> bytes:
    facts = facts | {"name": group.facts.name_th, "address": group.address}
    domain = group.address.rpartition("@")[2]
    name = encode_id(IdKind.GROUP, letter.pk)
    return compose(
        Draft(
            from_=(Address("พิราบ · Pirab", f"postmaster@{domain}"),),
            to=(Address(None, to),),
            subject=subject.format(**facts),
            message_id=f"group.{letter.state}.{name}.{int(now.timestamp())}@{domain}",
            date=now,
            text=text.format(**facts),
            extra_headers=(("Auto-Submitted", "auto-generated"),),
        )
    )
