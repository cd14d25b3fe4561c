"""What the demo letters say."""

from __future__ import annotations

import base64
from typing import Final

import msgspec

from pirab.store.types import MailboxRole
from pirab.wire.compose import Attachment


class DemoLetter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter, `hours_ago` before the demo was loaded."""

    message_id: str
    sender: str
    hours_ago: int
    subject: str
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    text: str | None = None
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    keywords: tuple[str, ...] = ()
    role: MailboxRole = MailboxRole.INBOX


SOMCHAI: Final = "somchai@moi.go.test"
SUDA: Final = "suda@moi.go.test"
WICHAI: Final = "wichai@moi.go.test"
SARABAN: Final = "saraban@moi.go.test"
ANONG: Final = "anong@mof.go.test"
PRASERT: Final = "prasert@mof.go.test"
MALEE: Final = "malee@opm.go.test"
KANYA: Final = "kanya@mdes.go.test"
NATTAPONG: Final = "nattapong@moph.go.test"
CENTRE: Final = "operator@pirab.test"

_SEAL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAJ0lEQVR42mNkYPhfz0BFwMhAZTBq4KiBowaOGjhq4KiBowYOHgMBAG1TAhE/"
    "pZbqAAAAAElFTkSuQmCC"
)


def _file(name: str, media_type: str, content: bytes) -> Attachment:
    return Attachment(media_type, name, content, charset="utf-8" if media_type.startswith("text/") else None)


_BUDGET_CSV: Final = "\ufeffลำดับ,รายการ,จำนวนเงิน (บาท)\r\n1,ค่าครุภัณฑ์คอมพิวเตอร์,450000\r\n2,ค่าใช้สอย,120000\r\n3,ค่าฝึกอบรม,80000\r\n"

_AGENDA: Final = """ระเบียบวาระการประชุม ครั้งที่ ๑๑/๒๕๖๙

วาระที่ ๑  เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ
วาระที่ ๒  รับรองรายงานการประชุม ครั้งที่ ๑๐/๒๕๖๙
วาระที่ ๓  ความก้าวหน้าโครงการจดหมายอิเล็กทรอนิกส์กลาง
วาระที่ ๔  แผนการสำรองระบบของหน่วยงาน
วาระที่ ๕  เรื่องอื่น ๆ (ถ้ามี)
"""

NOTICES: Final = (
    DemoLetter(
        message_id="welcome@demo.pirab.test",
        sender=CENTRE,
        hours_ago=700,
        subject="ยินดีต้อนรับสู่ พิราบ จดหมายอิเล็กทรอนิกส์กลางภาครัฐ",
        html="""<div style="max-width:640px">
<h2 style="color:#1f4e79">ยินดีต้อนรับสู่พิราบ</h2>
<p>บัญชีของท่านพร้อมใช้งานแล้ว มีพื้นที่เก็บจดหมาย <b>3 GB</b> ทุกฉบับผ่านการตรวจไวรัสและสแปมก่อนถึงกล่องขาเข้า
และข้อมูลทั้งหมดอยู่ในประเทศไทย</p>
<table style="border-collapse:collapse;width:100%">
<tr><td style="border:1px solid #c8d3df;padding:8px"><b>c</b></td><td style="border:1px solid #c8d3df;padding:8px">เขียนจดหมายใหม่</td></tr>
<tr><td style="border:1px solid #c8d3df;padding:8px"><b>j</b> / <b>k</b></td><td style="border:1px solid #c8d3df;padding:8px">ฉบับถัดไป / ฉบับก่อนหน้า</td></tr>
<tr><td style="border:1px solid #c8d3df;padding:8px"><b>/</b></td><td style="border:1px solid #c8d3df;padding:8px">ค้นหา</td></tr>
<tr><td style="border:1px solid #c8d3df;padding:8px"><b>?</b></td><td style="border:1px solid #c8d3df;padding:8px">แสดงแป้นลัดทั้งหมด</td></tr>
</table>
<p>ขอแสดงความนับถือ<br>ศูนย์จดหมายอิเล็กทรอนิกส์กลาง</p></div>""",
    ),
    DemoLetter(
        message_id="maintenance@demo.pirab.test",
        sender=CENTRE,
        hours_ago=30,
        subject="แจ้งกำหนดทดสอบระบบสำรอง วันเสาร์ที่ ๒๘ พฤศจิกายน ๒๕๖๙",
        text="""เรียน ผู้ใช้งานทุกท่าน

ศูนย์จดหมายอิเล็กทรอนิกส์กลางจะทดสอบการสลับไปใช้ระบบสำรอง ในวันเสาร์ที่ ๒๘ พฤศจิกายน ๒๕๖๙ เวลา ๐๒.๐๐–๐๔.๐๐ น.
ระหว่างการทดสอบท่านยังรับและส่งจดหมายได้ตามปกติ ไม่ต้องดำเนินการใด ๆ

หากพบปัญหา โปรดแจ้ง operator@pirab.test
""",
    ),
)

CONVERSATIONS: Final = (
    (
        DemoLetter(
            message_id="budget-1@demo.pirab.test",
            sender=ANONG,
            to=(SOMCHAI,),
            cc=(WICHAI,),
            hours_ago=52,
            subject="ขอให้ยืนยันรายการงบประมาณ ปี ๒๕๗๐",
            text="""เรียน คุณสมชาย

ตามที่กระทรวงมหาดไทยได้เสนอคำของบประมาณรายจ่ายประจำปี ๒๕๗๐ กรมฯ ขอให้ท่านตรวจสอบและยืนยันรายการตามไฟล์แนบ
ภายในวันศุกร์นี้ เพื่อเสนอสำนักงบประมาณต่อไป

ขอบคุณค่ะ
อนงค์ ศรีสุข
""",
            attachments=(_file("รายการงบประมาณ ๒๕๗๐.csv", "text/csv", _BUDGET_CSV.encode()),),
            keywords=("$flagged",),
        ),
        DemoLetter(
            message_id="budget-2@demo.pirab.test",
            sender=SOMCHAI,
            to=(ANONG,),
            cc=(WICHAI,),
            hours_ago=28,
            subject="ตอบ: ขอให้ยืนยันรายการงบประมาณ ปี ๒๕๗๐",
            text="""เรียน คุณอนงค์

ตรวจสอบแล้ว รายการที่ ๑ และ ๒ ถูกต้องครับ รายการที่ ๓ ขอปรับเป็น ๙๕,๐๐๐ บาท เนื่องจากเพิ่มรุ่นการอบรมอีกหนึ่งรุ่น
จะส่งหนังสือยืนยันอย่างเป็นทางการตามมาครับ

สมชาย
""",
        ),
        DemoLetter(
            message_id="budget-3@demo.pirab.test",
            sender=ANONG,
            to=(SOMCHAI,),
            cc=(WICHAI,),
            hours_ago=3,
            subject="ตอบ: ขอให้ยืนยันรายการงบประมาณ ปี ๒๕๗๐",
            text="""รับทราบค่ะ ปรับรายการที่ ๓ ให้แล้ว รบกวนส่งหนังสือยืนยันภายในพรุ่งนี้ก่อนเที่ยงนะคะ จะได้ทันรอบการพิจารณา

อนงค์
""",
        ),
    ),
    (
        DemoLetter(
            message_id="meeting-1@demo.pirab.test",
            sender=WICHAI,
            to=(SOMCHAI, SUDA, SARABAN),
            hours_ago=8,
            subject="เชิญประชุมคณะทำงาน ครั้งที่ ๑๑/๒๕๖๙",
            html="""<p>เรียน คณะทำงานทุกท่าน</p>
<p>ขอเชิญประชุมคณะทำงานพัฒนาระบบจดหมายอิเล็กทรอนิกส์กลาง ครั้งที่ ๑๑/๒๕๖๙</p>
<ul><li><b>วันพุธที่ ๒ ธันวาคม ๒๕๖๙ เวลา ๐๙.๓๐ น.</b></li><li>ห้องประชุม ๒ ชั้น ๕ อาคารดำรงราชานุสรณ์</li></ul>
<p>รายละเอียดตามระเบียบวาระที่แนบมาพร้อมนี้ โปรดตอบรับภายในวันจันทร์</p><p>วิชัย มั่นคง<br>ผู้อำนวยการกอง</p>""",
            attachments=(
                _file("ระเบียบวาระ ๑๑-๒๕๖๙.txt", "text/plain", _AGENDA.encode()),
                _file("ผังห้องประชุม.png", "image/png", _SEAL),
            ),
        ),
        DemoLetter(
            message_id="meeting-2@demo.pirab.test",
            sender=SUDA,
            to=(WICHAI,),
            cc=(SOMCHAI, SARABAN),
            hours_ago=6,
            subject="ตอบ: เชิญประชุมคณะทำงาน ครั้งที่ ๑๑/๒๕๖๙",
            text="รับทราบและจะเข้าร่วมประชุมค่ะ\n\nสุดา รักษ์ไทย\n",
        ),
    ),
    (
        DemoLetter(
            message_id="circular@demo.pirab.test",
            sender=MALEE,
            to=(SARABAN,),
            cc=(SOMCHAI,),
            hours_ago=74,
            subject="หนังสือเวียน ที่ นร ๐๕๐๖/ว ๕ การใช้จดหมายอิเล็กทรอนิกส์ของรัฐในการปฏิบัติราชการ",
            text="""เรียน ปลัดกระทรวง อธิบดี หัวหน้าส่วนราชการ

ด้วยคณะรัฐมนตรีได้มีมติให้ข้าราชการและเจ้าหน้าที่ของรัฐใช้จดหมายอิเล็กทรอนิกส์ของหน่วยงานหรือระบบกลางของรัฐ
ในการปฏิบัติราชการ แทนการใช้บริการฟรีของต่างประเทศ

จึงเรียนมาเพื่อโปรดทราบและถือปฏิบัติ
""",
        ),
    ),
    (
        DemoLetter(
            message_id="training@demo.pirab.test",
            sender=KANYA,
            to=(SOMCHAI, ANONG, NATTAPONG),
            hours_ago=120,
            subject="Workshop: Secure e-mail for government officials (ภาษาไทย/English)",
            html="""<p>Dear colleagues,</p><p>The Ministry of Digital Economy and Society invites you to a half-day workshop on
<b>phishing, passkeys and safe attachments</b>. Seats are limited to 40 people.</p>
<p>ลงทะเบียนได้ที่ <a href="https://training.mdes.go.test/secure-mail">training.mdes.go.test</a> ภายในวันที่ ๓๐ พฤศจิกายน</p>
<p><img src="https://images.mdes.go.test/banner.png" alt="โปสเตอร์งานอบรม" width="480"></p>""",
        ),
    ),
    (
        DemoLetter(
            message_id="health@demo.pirab.test",
            sender=NATTAPONG,
            to=(SOMCHAI, MALEE),
            hours_ago=200,
            subject="รายงานสถานการณ์ไข้เลือดออก สัปดาห์ที่ ๔๖",
            text="""สรุปสถานการณ์ สัปดาห์ที่ ๔๖

- ผู้ป่วยสะสม ลดลงร้อยละ ๑๒ เมื่อเทียบกับสัปดาห์ก่อน
- จังหวัดที่ต้องเฝ้าระวัง: เชียงใหม่ ขอนแก่น สงขลา
- ขอความร่วมมือองค์กรปกครองส่วนท้องถิ่นกำจัดแหล่งเพาะพันธุ์ยุงลายทุกสัปดาห์

ณัฐพงศ์ สุขสมบูรณ์
""",
        ),
    ),
    (
        DemoLetter(
            message_id="travel-1@demo.pirab.test",
            sender=SOMCHAI,
            to=(SUDA,),
            hours_ago=150,
            subject="ขอเอกสารเบิกค่าเดินทางไปราชการ จังหวัดน่าน",
            text="คุณสุดาครับ รบกวนส่งแบบฟอร์มเบิกค่าเดินทางฉบับล่าสุดให้ด้วยครับ\n\nสมชาย\n",
        ),
        DemoLetter(
            message_id="travel-2@demo.pirab.test",
            sender=SUDA,
            to=(SOMCHAI,),
            hours_ago=146,
            subject="ตอบ: ขอเอกสารเบิกค่าเดินทางไปราชการ จังหวัดน่าน",
            text="แนบแบบฟอร์มมาแล้วค่ะ อย่าลืมแนบใบเสร็จค่าที่พักด้วยนะคะ\n\nสุดา\n",
            attachments=(_file("แบบ ๘๗๐๘ (ล่าสุด).txt", "text/plain", "แบบ ๘๗๐๘\r\n".encode()),),
        ),
    ),
    (
        DemoLetter(
            message_id="lottery@demo.pirab.test",
            sender="winner@lottery-prize.test",
            to=(SOMCHAI,),
            hours_ago=20,
            subject="คุณคือผู้โชคดี!!! รับรางวัลทันที",
            text="กดลิงก์เพื่อรับรางวัล ๑,๐๐๐,๐๐๐ บาท เพียงกรอกรหัสผ่านอีเมลของท่าน\n",
            role=MailboxRole.JUNK,
        ),
    ),
)
