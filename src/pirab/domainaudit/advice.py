"""What to do about a verdict, in Thai and English: sentences for the people who keep a zone."""

from __future__ import annotations

from typing import Final

from pirab.domainaudit.types import Record, RecordState, Verdict

_MISSING: Final = (
    "ยังไม่มีระเบียนนี้ใน DNS เพิ่มระเบียนตามที่แสดง",
    "The record is not in the DNS yet. Add it as shown.",
)
_UNKNOWN: Final = (
    "เซิร์ฟเวอร์ DNS ของโดเมนไม่ตอบ จึงยังบอกไม่ได้ ลองตรวจอีกครั้ง",
    "The name servers of the domain did not answer, so nothing can be said. Check again later.",
)
_ELSE: Final = ("ค่าที่พบไม่ตรง แก้ให้เป็นตามที่แสดง", "What was found differs. Change it to what is shown.")
_REASONS: Final[dict[str, tuple[str, str]]] = {
    "other_token": (
        "พบรหัสยืนยันของคำขออื่น แทนที่ด้วยรหัสที่แสดง",
        "The token of another claim was found. Replace it with the one shown.",
    ),
    "taken": (
        "หน่วยงานอื่นยืนยันโดเมนนี้ไปแล้ว ติดต่อผู้ดูแลระบบกลาง",
        "Another agency has proven this domain already. Ask the operators of the service.",
    ),
    "twice": (
        "มีระเบียนนี้มากกว่าหนึ่งระเบียน ลบให้เหลือระเบียนเดียว",
        "There are several of this record, and then none counts. Keep one.",
    ),
    "other_key": (
        "กุญแจที่พบไม่ใช่กุญแจนี้ คัดลอกค่าที่แสดงไปใส่ใหม่ทั้งหมด",
        "Another key was found. Copy the whole value as shown.",
    ),
    "revoked_key": (
        "กุญแจถูกเพิกถอนใน DNS ใส่ค่าที่แสดงใหม่",
        "The key is revoked in the DNS. Put in the value shown.",
    ),
    "testing_key": (
        "ระเบียนบอกว่ากุญแจอยู่ระหว่างทดสอบ (t=y) ลบส่วน t=y ออก",
        "The record says that the key is a test (t=y). Take t=y out.",
    ),
    "dmarc_no_policy": (
        "ระเบียน DMARC ไม่มีนโยบาย (p=) ที่ใช้ได้",
        "The DMARC record has no valid policy (p=).",
    ),
    "dmarc_none": (
        "นโยบาย p=none ไม่กันจดหมายปลอม เปลี่ยนเป็น p=quarantine หรือ p=reject",
        "The policy p=none stops no forgery. Change it to p=quarantine or p=reject.",
    ),
    "old_policy": (
        "รหัสนโยบาย (id=) ไม่ใช่ของนโยบายปัจจุบัน เปลี่ยนเป็นค่าที่แสดง",
        "The id= is not that of the present policy. Change it to the value shown.",
    ),
    "no_reports": ("ไม่มีที่อยู่รับรายงาน (rua=)", "There is no address for reports (rua=)."),
    "mx_elsewhere": (
        "จดหมายของโดเมนยังส่งไปที่อื่น เปลี่ยน MX เป็นค่าที่แสดงเมื่อพร้อมย้าย",
        "Mail of the domain goes elsewhere. Change the MX to the value shown when you are ready to move.",
    ),
    "mx_elsewhere_first": (
        "มี MX อื่นที่ลำดับก่อนหรือเท่ากัน จดหมายบางส่วนจะไปที่นั่น ลบออก",
        "Another MX comes first or equal, and mail goes there. Remove it.",
    ),
    "mx_beside": (
        "มี MX สำรองที่ไม่ใช่ของระบบนี้ ผู้ส่งจดหมายขยะมักเลือกทางนั้น ลบออก",
        "A second MX is not of this service; unwanted mail chooses that way. Remove it.",
    ),
    "spf_twice": (
        "มีระเบียน SPF มากกว่าหนึ่งระเบียน รวมให้เหลือระเบียนเดียว",
        "There are several SPF records, which is an error for every receiver. Merge them into one.",
    ),
    "spf_lets_everybody": (
        "SPF ลงท้ายด้วย +all คือยอมให้ใครก็ได้ส่งในนามโดเมน เปลี่ยนเป็น -all",
        "The SPF record lets everybody send (+all). End it with -all.",
    ),
    "spf_too_many": (
        "SPF ถาม DNS เกิน 10 ครั้ง ผู้รับจะถือว่าผิด ลด include ลง",
        "The SPF record asks the DNS more than ten times, which receivers refuse. Use fewer includes.",
    ),
    "spf_without_us": (
        "SPF ไม่อนุญาตเซิร์ฟเวอร์ของระบบนี้ เพิ่ม mx ไว้หน้า all",
        "The SPF record does not let this service send. Add mx before all.",
    ),
    "spf_open": (
        "SPF ไม่มีตอนจบ เพิ่ม -all ไว้ท้ายสุด",
        "The SPF record has no end. Add -all as its last term.",
    ),
    "other_service": ("ระเบียนชี้ไปยังบริการอื่น", "The record points to another service."),
    "other_host": (
        "ชื่อนี้ชี้ไปยังเครื่องอื่น เปลี่ยนเป็นค่าที่แสดง",
        "The name leads to another machine. Change it to the value shown.",
    ),
}


def advice(record: Record, verdict: Verdict) -> tuple[str, str]:
    """What to do, in Thai and English; empty for a record that is as it should be or was not looked at."""
    if verdict.state in (RecordState.FOUND, RecordState.UNCHECKED):
        return "", ""
    if verdict.state is RecordState.MISSING:
        return _MISSING
    if verdict.state is RecordState.UNKNOWN:
        return _UNKNOWN
    return _REASONS.get(verdict.reason, _ELSE)
