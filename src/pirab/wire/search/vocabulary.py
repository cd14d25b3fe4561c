"""Names of operators and of the values they know, in English and Thai, folded."""

from __future__ import annotations

import re
from typing import Final

from pirab.wire.search.types import Field

TEXT_OPERATORS: Final = {
    **dict.fromkeys(("from", "จาก", "ผู้ส่ง"), Field.FROM),
    **dict.fromkeys(("to", "ถึง", "ผู้รับ"), Field.TO),
    **dict.fromkeys(("cc", "สำเนา", "สำเนาถึง"), Field.CC),
    **dict.fromkeys(("bcc", "สำเนาลับ"), Field.BCC),
    **dict.fromkeys(("subject", "เรื่อง", "หัวเรื่อง", "หัวข้อ"), Field.SUBJECT),
    **dict.fromkeys(("body", "เนื้อหา", "ข้อความ"), Field.BODY),
    **dict.fromkeys(("filename", "file", "attachment", "ไฟล์", "ชื่อไฟล์", "ไฟล์ชื่อ", "แนบ"), Field.FILE_NAME),
}
DATE_OPERATORS: Final = {
    **dict.fromkeys(("before", "until", "ก่อน", "ก่อนวันที่"), "before"),
    **dict.fromkeys(("after", "since", "หลัง", "หลังวันที่", "ตั้งแต่"), "after"),
    **dict.fromkeys(("on", "date", "วันที่", "เมื่อ"), "on"),
    **dict.fromkeys(("older_than", "older", "เก่ากว่า"), "older_than"),
    **dict.fromkeys(("newer_than", "newer", "ใหม่กว่า", "ภายใน"), "newer_than"),
}
SIZE_OPERATORS: Final = {
    **dict.fromkeys(("larger", "larger_than", "size", "ใหญ่กว่า"), Field.MIN_SIZE),
    **dict.fromkeys(("smaller", "smaller_than", "เล็กกว่า"), Field.MAX_SIZE),
}
MAILBOX_OPERATORS: Final = {
    **dict.fromkeys(("in", "folder", "ใน", "อยู่ใน", "แฟ้ม", "โฟลเดอร์"), Field.MAILBOX),
    **dict.fromkeys(("label", "ป้าย", "ป้ายกำกับ"), Field.LABEL),
}
STATE_OPERATORS: Final = frozenset({"is", "has", "สถานะ", "มี", "เป็น"})

_UNREAD: Final = (Field.NO_KEYWORD, "$seen")
_READ: Final = (Field.KEYWORD, "$seen")
_STARRED: Final = (Field.KEYWORD, "$flagged")
_ANSWERED: Final = (Field.KEYWORD, "$answered")
_FORWARDED: Final = (Field.KEYWORD, "$forwarded")
_DRAFT: Final = (Field.KEYWORD, "$draft")
_ATTACHED: Final[tuple[Field, str | bool]] = (Field.HAS_ATTACHMENT, True)
STATES: Final[dict[str, tuple[Field, str | bool]]] = {
    **dict.fromkeys(("unread", "unseen", "ยังไม่อ่าน", "ไม่ได้อ่าน", "ยังไม่ได้อ่าน"), _UNREAD),
    **dict.fromkeys(("read", "seen", "อ่านแล้ว"), _READ),
    **dict.fromkeys(("starred", "flagged", "star", "ติดดาว", "ดาว"), _STARRED),
    **dict.fromkeys(("unstarred", "unflagged", "ไม่ติดดาว"), (Field.NO_KEYWORD, "$flagged")),
    **dict.fromkeys(("answered", "replied", "ตอบแล้ว", "ตอบกลับแล้ว"), _ANSWERED),
    **dict.fromkeys(("unanswered", "unreplied", "ยังไม่ตอบ", "ยังไม่ได้ตอบ"), (Field.NO_KEYWORD, "$answered")),
    **dict.fromkeys(("forwarded", "ส่งต่อแล้ว"), _FORWARDED),
    **dict.fromkeys(("draft", "ฉบับร่าง"), _DRAFT),
    **dict.fromkeys(
        ("attachment", "attachments", "file", "ไฟล์แนบ", "ไฟล์", "เอกสารแนบ", "สิ่งที่ส่งมาด้วย"), _ATTACHED
    ),
}
BARE_STATES: Final[dict[str, tuple[Field, str | bool]]] = {
    **dict.fromkeys(("มีไฟล์แนบ", "มีเอกสารแนบ"), _ATTACHED),
    "ไม่มีไฟล์แนบ": (Field.HAS_ATTACHMENT, False),
    **{word: STATES[word] for word in ("ยังไม่อ่าน", "ยังไม่ได้อ่าน", "อ่านแล้ว", "ติดดาว", "ตอบแล้ว", "ยังไม่ตอบ")},
}
"""Words that say it all without a colon."""

ROLES: Final = {
    **dict.fromkeys(("inbox", "กล่องจดหมาย", "กล่องจดหมายเข้า", "กล่องเข้า", "จดหมายเข้า", "ขาเข้า"), "inbox"),
    **dict.fromkeys(("sent", "ส่งแล้ว", "จดหมายส่ง", "จดหมายที่ส่ง", "จดหมายออก", "รายการที่ส่ง"), "sent"),
    **dict.fromkeys(("drafts", "draft", "ร่าง", "ฉบับร่าง", "จดหมายร่าง", "แบบร่าง"), "drafts"),
    **dict.fromkeys(("trash", "bin", "deleted", "ถังขยะ", "ขยะ", "ที่ลบ"), "trash"),
    **dict.fromkeys(("junk", "spam", "สแปม", "จดหมายขยะ", "อีเมลขยะ"), "junk"),
    **dict.fromkeys(("archive", "เก็บถาวร", "ที่เก็บ", "คลัง", "คลังจดหมาย", "เก็บเข้าคลัง"), "archive"),
    **dict.fromkeys(("anywhere", "all", "everything", "ทั้งหมด", "ทุกที่", "ทุกแฟ้ม"), "all"),
}

OR_WORDS: Final = frozenset({"OR", "|", "||", "หรือ"})
AND_WORDS: Final = frozenset({"AND", "&", "&&", "และ"})
NOT_WORDS: Final = frozenset({"NOT"})

OPERATORS: Final = frozenset(
    {*TEXT_OPERATORS, *DATE_OPERATORS, *SIZE_OPERATORS, *MAILBOX_OPERATORS, *STATE_OPERATORS} | {"มีไฟล์แนบ"}
)

_DIGITS: Final = {0x0E50 + digit: ord("0") + digit for digit in range(10)}
_SIZE: Final = re.compile(
    r"([0-9]{1,12}(?:\.[0-9]{1,3})?)\s*(k|kb|m|mb|g|gb|b|bytes?|กิโลไบต์|กิโล|เมกะไบต์|เมกะ|เมก|เม็ก|จิกะไบต์|ไบต์|)"
)
_UNITS: Final = {"k": 10**3, "ก": 10**3, "m": 10**6, "เ": 10**6, "g": 10**9, "จ": 10**9}
LARGEST_SIZE: Final = 2**53 - 1


def read_size(text: str) -> int | None:
    """ "5M", "๑.๕ เมกะไบต์" in octets; None when it is no size."""
    match = _SIZE.fullmatch(text.translate(_DIGITS).casefold().replace(",", "").strip())
    if match is None:
        return None
    return min(int(float(match[1]) * _UNITS.get(match[2][:1], 1)), LARGEST_SIZE)
