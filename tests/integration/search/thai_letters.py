"""Letters as offices write them, each with what makes it hard to find. The table of searches names them."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.policy import SMTP

FILLER = "ทั้งนี้ขอให้ดำเนินการตามระเบียบที่เกี่ยวข้องโดยเคร่งครัดและรายงานผลให้ทราบต่อไป"
RUN = FILLER * 4


def letter(
    subject: str, body: str, *, sender: str = "สารบรรณ <saraban@oag.go.test>", to: str = "mail@moi.go.test",
    cc: str = "", files: tuple[str, ...] = (),
) -> bytes:  # fmt: skip
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    if cc:
        message["Cc"] = cc
    message.set_content(body)
    for name in files:
        message.add_attachment(name.encode(), "application", "octet-stream", filename=name)
    return message.as_bytes()


def legacy(subject: str, body: str, charset: str, declared: str) -> bytes:
    """A letter in an old Thai charset, which may be declared to be another one."""
    encoded = base64.b64encode(subject.encode(charset)).decode()
    head = (
        "From: old@office.test\r\nTo: mail@moi.go.test\r\n"
        f"Subject: =?{declared or 'us-ascii'}?B?{encoded}?=\r\nMIME-Version: 1.0\r\n"
        + (
            f"Content-Type: text/plain; charset={declared}\r\n"
            if declared
            else "Content-Type: text/plain\r\n"
        )
        + "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode("ascii") + body.encode(charset)


LETTERS: dict[str, bytes] = {
    "interior": letter("คำสั่งกระทรวงมหาดไทย", f"{RUN}แต่งตั้งคณะกรรมการตรวจรับพัสดุ{RUN}"),
    "spaced": letter("เรียน ปลัดกระทรวง มหาดไทย", "ขอเชิญประชุมคณะกรรมการโรง พยาบาลส่งเสริมสุขภาพ"),
    "circular5": letter("ที่ นร ๐๕๐๖/ว ๕ เรื่อง มติคณะรัฐมนตรี", "ลงวันที่ ๑ มกราคม ๒๕๖๙ " + FILLER),
    "circular51": letter("ที่ นร 0506/ว51", "เรื่องการรักษาความปลอดภัยแห่งชาติ"),
    "number": letter("หนังสือเลขที่ มท 0211.3/ 1234", "อ้างถึงหนังสือที่ กค ๐๔๐๕.๒/ว ๑๑๙ ลงวันที่ ๗ มีนาคม ๒๕๖๑"),
    "money": letter("ขออนุมัติเบิกจ่าย", "เป็นเงิน ๑,๒๓๔,๕๖๗.๕๐ บาท ตามแผนงบประมาณรายจ่ายประจำปี"),
    "somchai": letter(
        "ลาพักผ่อน", "ด้วยข้าพเจ้านายสมชาย ใจดี ตำแหน่งนิติกรชำนาญการ", sender="สมชาย ใจดี <somchai.j@dol.go.test>"
    ),
    "somsri": letter(
        "ขอย้าย", "นางสาวสมศรี รักไทย และว่าที่ร้อยตรีสมชายชาญ กล้าหาญ", sender="สมศรี <somsri@rid.go.test>"
    ),
    "doctor": letter("นัดหมาย", "พบ ดร.วิชัย พงษ์พานิช ที่ศูนย์ราชการ", to="ดร.วิชัย พงษ์พานิช <wichai@nstda.go.test>"),
    "copied": letter(
        "เชิญประชุม", "วาระที่ ๓", to="ปลัด <ps@mof.go.test>", cc="อธิบดี ประเสริฐ <prasert@cgd.go.test>"
    ),
    "copier": letter(
        "ประชุมย่อย", "วาระที่ ๔", to="อธิบดี ประเสริฐ <prasert@cgd.go.test>", cc="ปลัด <ps@mof.go.test>"
    ),
    "english": letter("Re: MOU กับ UNDP", "ร่างบันทึกความเข้าใจ Memorandum of Understanding ฉบับที่2ส่งภายในวันศุกร์"),
    "system": letter(
        "ระบบe-Saraban", "เข้าใช้งานระบบสารบรรณอิเล็กทรอนิกส์ผ่านVPNเท่านั้น https://saraban.go.test/login"
    ),
    "water": letter("สถานการณ์น\u0e4d\u0e49\u0e32", "เเม่นำ้เจ้าพระยามีระดับนํ้าสูงที่่จังหวัดชัยนาท"),
    "hidden": letter("ประ\u200bชุม\u200bทาง\u200bไกล", "การ\u00adประชุม\ufeffผ่านสื่ออิเล็กทรอนิกส์"),
    "plan": letter("ส่งแผน", "ตามเอกสารแนบ", files=("แผนปฏิบัติราชการ๒๕๗๐.xlsx", "budget_2570-final.pdf")),
    "report": letter("ส่งรายงาน", "แผนปฏิบัติราชการ", files=("รายงานการประชุม ครั้งที่ 3.docx",)),
    "tis620": legacy("สหกรณ์ออมทรัพย์", "ปันผลเฉลี่ยคืนประจำปี", "tis-620", "TIS-620"),
    "cp874": legacy("ค่าเช่าบ้านข้าราชการ", "หลักเกณฑ์“ใหม่”", "cp874", "windows-874"),
    "iso11": legacy("เครื่องราชอิสริยาภรณ์", "ประถมาภรณ์ช้างเผือก", "iso8859-11", "ISO-8859-11"),
    "as_latin": legacy("พัสดุครุภัณฑ์ชำรุด", "จำหน่ายครุภัณฑ์คอมพิวเตอร์ชำรุดออกจากทะเบียน", "tis-620", "iso-8859-1"),
    "as_utf8": legacy("ค่าธรรมเนียมศาล", "ยกเว้นค่าฤชาธรรมเนียมศาลปกครองสูงสุด", "cp874", "utf-8"),
    "undeclared": legacy("สมุดบัญชีธนาคาร", "รับรองเงินเดือนเจ้าหน้าที่ธนาคารออมสิน", "tis-620", ""),
    "ability": letter("ประเมินความสามารถ", "ผู้เล่นเกมมีสามัญสำนึก"),
    "foreign": letter("ต้อนรับคณะดูงาน", "นายกรัฐมนตรีพบเอกอัครราชทูตซวอนซวิลลาประจำประเทศไทย"),
    "word_order": letter("ไทยมหาดเล็ก", "มหาดไทยไม่ใช่กระทรวงเดียวที่รับผิดชอบ"),
    "school": letter("ทัศนศึกษา", "เรียน ผู้อำนวยการ โรงงานยาสูบอนุญาตให้เข้าชม"),
    "pdf": letter("เอกสารประกอบ ๑", "ดังแนบ", files=("scan001.pdf",)),
    "slides": letter("เอกสารประกอบ ๒", "ดังแนบ", files=("present.pptx",)),
    "sheet": letter("เอกสารประกอบ ๓", "ดังแนบ", files=("data.xlsx",)),
}

ATTACHED: dict[str, str] = {
    "pdf": "ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. ๒๕๒๖ ข้อ ๑๑ หนังสือภายนอก",
    "slides": "ยุทธศาสตร์ชาติ 20 ปี Digital Transformation ธรรมาภิบาลข้อมูลภาครัฐ",
    "sheet": "ทะเบียน นร 0506/ว 77 ครุภัณฑ์สำนักงาน เก้าอี้ 1,500 ตัว",
}
"""What the attachments of these letters say, as their reader tells the store."""
