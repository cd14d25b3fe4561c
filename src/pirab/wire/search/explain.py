"""How a piece of a search was understood, in words for people."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from pirab.wire.search.types import Chip, Condition, Field, Group, Node, Status

_TEXTS: Final = {
    Field.ANYWHERE: ("มีคำว่า “{}”", "contains “{}”"),
    Field.FROM: ("ผู้ส่ง: {}", "from {}"),
    Field.TO: ("ผู้รับ: {}", "to {}"),
    Field.CC: ("สำเนาถึง: {}", "copied to {}"),
    Field.BCC: ("สำเนาลับถึง: {}", "blind copied to {}"),
    Field.SUBJECT: ("เรื่อง: {}", "subject has {}"),
    Field.BODY: ("เนื้อความ: {}", "body has {}"),
    Field.FILE_NAME: ("ชื่อไฟล์แนบ: {}", "attachment named {}"),
    Field.BEFORE: ("ก่อน {}", "before {}"),
    Field.AFTER: ("ตั้งแต่ {}", "since {}"),
    Field.MIN_SIZE: ("ขนาดตั้งแต่ {}", "{} or larger"),
    Field.MAX_SIZE: ("ขนาดไม่ถึง {}", "smaller than {}"),
    Field.MAILBOX: ("อยู่ใน {}", "in {}"),
    Field.LABEL: ("มีป้าย {}", "labelled {}"),
}
_STATES: Final = {
    (Field.HAS_ATTACHMENT, True): ("มีไฟล์แนบ", "has an attachment"),
    (Field.HAS_ATTACHMENT, False): ("ไม่มีไฟล์แนบ", "has no attachment"),
    (Field.NO_KEYWORD, "$seen"): ("ยังไม่อ่าน", "unread"),
    (Field.KEYWORD, "$seen"): ("อ่านแล้ว", "read"),
    (Field.KEYWORD, "$flagged"): ("ติดดาว", "starred"),
    (Field.NO_KEYWORD, "$flagged"): ("ไม่ติดดาว", "not starred"),
    (Field.KEYWORD, "$answered"): ("ตอบแล้ว", "answered"),
    (Field.NO_KEYWORD, "$answered"): ("ยังไม่ตอบ", "not answered"),
    (Field.KEYWORD, "$forwarded"): ("ส่งต่อแล้ว", "forwarded"),
    (Field.KEYWORD, "$draft"): ("ฉบับร่าง", "a draft"),
}
_MAILBOXES: Final = {
    "role:inbox": ("กล่องจดหมายเข้า", "the inbox"),
    "role:sent": ("จดหมายที่ส่ง", "sent mail"),
    "role:drafts": ("ฉบับร่าง", "drafts"),
    "role:trash": ("ถังขยะ", "the trash"),
    "role:junk": ("จดหมายขยะ", "junk mail"),
    "role:archive": ("คลังจดหมาย", "the archive"),
    "role:all": ("ทุกแฟ้ม", "all folders"),
}
_THAI_MONTHS: Final = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
]
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_PHRASE: Final = ("ตรงตามข้อความ {}", "exactly {}")
_NOT: Final = ("ไม่ใช่: {}", "not: {}")
_INCOMPLETE: Final = ("ยังไม่ได้ใส่ค่า", "waiting for a value")
_UNKNOWN: Final = ("อ่านค่านี้ไม่ออก จึงค้นเป็นคำ", "not understood; searched for as words")
_BUDDHIST: Final = 543


def chip_for(
    span: tuple[int, int],
    kind: str,
    field: Field,
    value: str,
    negated: bool,
    node: Node | None = None,
    status: Status = Status.UNDERSTOOD,
) -> Chip:
    """The chip of one piece; `node` is what it was made into where that says more than `value`."""
    if status is Status.INCOMPLETE:
        thai, english = _INCOMPLETE
    elif status is Status.UNKNOWN:
        thai, english = _UNKNOWN
    else:
        thai, english = _told(kind, field, value, node)
    chip = Chip(span[0], span[1], kind, value, False, status.value, thai, english)
    return negated_chip(chip) if negated else chip


def negated_chip(chip: Chip) -> Chip:
    """The chip of a piece that must not be there; one that was negated already must be there again."""
    if chip.negated:
        thai, english = (text.split(": ", 1)[1] for text in (chip.explanation_th, chip.explanation_en))
    else:
        thai, english = _NOT[0].format(chip.explanation_th), _NOT[1].format(chip.explanation_en)
    return msgspec.structs.replace(
        chip, negated=not chip.negated, explanation_th=thai, explanation_en=english
    )


def _told(kind: str, field: Field, value: str, node: Node | None) -> tuple[str, str]:
    if isinstance(node, Group):  # a period: from its first moment to its last
        first, last = (member.value for member in node.members if isinstance(member, Condition))
        assert isinstance(first, datetime)
        assert isinstance(last, datetime)
        (thai, english), (thai_end, english_end) = _date(first), _date(last)
        return f"ตั้งแต่ {thai} ก่อน {thai_end}", f"since {english}, before {english_end}"
    exact = node.value if isinstance(node, Condition) else value
    if isinstance(exact, datetime):
        shown = _date(exact)
    elif isinstance(exact, bool) or field in (Field.KEYWORD, Field.NO_KEYWORD):
        return _STATES[field, exact]
    elif isinstance(exact, int):
        shown = (_size(exact),) * 2
    elif kind == "phrase" and field is Field.ANYWHERE:
        return _PHRASE[0].format(f"“{value}”"), _PHRASE[1].format(f"“{value}”")
    else:
        shown = _MAILBOXES.get(exact, (value, value))
    in_thai, in_english = _TEXTS[field]
    return in_thai.format(shown[0]), in_english.format(shown[1])


def _date(moment: datetime) -> tuple[str, str]:
    clock = "" if moment.hour == moment.minute == 0 else f" {moment:%H:%M}"
    thai = f"{moment.day} {_THAI_MONTHS[moment.month - 1]} {moment.year + _BUDDHIST}{clock}"
    return thai, f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}{clock}"


def _size(octets: int) -> str:
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if octets >= unit:
            return f"{octets / unit:g} {name}"
    return f"{octets} B"
