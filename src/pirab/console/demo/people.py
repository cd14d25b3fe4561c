"""Who lives in the demo government."""

from __future__ import annotations

from typing import Final

import msgspec


class DemoAgency(msgspec.Struct, frozen=True):
    """An agency with its mail domain and the letters its document numbers begin with."""

    domain: str
    name_th: str
    name_en: str
    document_code: str


class DemoPerson(msgspec.Struct, frozen=True):
    """A person; `role` says what to try with this sign-in."""

    email: str
    name_th: str
    name_en: str
    role: str


class DemoOffice(msgspec.Struct, frozen=True):
    """An account that several people share, by role; it has the conversations of its `clerk` too."""

    email: str
    name_th: str
    clerk: str
    owner: str
    members: tuple[str, ...]
    readers: tuple[str, ...]


AGENCIES: Final = (
    DemoAgency("pirab.test", "ศูนย์จดหมายอิเล็กทรอนิกส์กลาง", "Central Mail Centre", "จอ"),
    DemoAgency("opm.go.test", "สำนักนายกรัฐมนตรี", "Office of the Prime Minister", "นร"),
    DemoAgency("moi.go.test", "กระทรวงมหาดไทย", "Ministry of Interior", "มท"),
    DemoAgency("mof.go.test", "กระทรวงการคลัง", "Ministry of Finance", "กค"),
    DemoAgency(
        "mdes.go.test", "กระทรวงดิจิทัลเพื่อเศรษฐกิจและสังคม", "Ministry of Digital Economy and Society", "ดศ"
    ),
    DemoAgency("moph.go.test", "กระทรวงสาธารณสุข", "Ministry of Public Health", "สธ"),
)

PEOPLE: Final = (
    DemoPerson("somchai@moi.go.test", "สมชาย ใจดี", "Somchai Jaidee", "official"),
    DemoPerson("suda@moi.go.test", "สุดา รักษ์ไทย", "Suda Rakthai", "official"),
    DemoPerson("wichai@moi.go.test", "วิชัย มั่นคง", "Wichai Mankong", "director"),
    DemoPerson(
        "saraban@moi.go.test", "งานสารบรรณ กระทรวงมหาดไทย", "Saraban, Ministry of Interior", "saraban clerk"
    ),
    DemoPerson(
        "admin@moi.go.test",
        "ธนา รอบคอบ",
        "Thana Ropkhop",
        "agency administrator",
    ),
    DemoPerson("vipa@moi.go.test", "วิภา ดูแลดี", "Vipa Duladee", "agency administrator"),
    DemoPerson("anong@mof.go.test", "อนงค์ ศรีสุข", "Anong Srisuk", "official"),
    DemoPerson("prasert@mof.go.test", "ประเสริฐ ทองคำ", "Prasert Thongkham", "director"),
    DemoPerson("malee@opm.go.test", "มาลี วงศ์สวัสดิ์", "Malee Wongsawat", "official"),
    DemoPerson("kanya@mdes.go.test", "กัญญา แสงทอง", "Kanya Saengthong", "agency administrator"),
    DemoPerson("nattapong@moph.go.test", "ณัฐพงศ์ สุขสมบูรณ์", "Nattapong Suksomboon", "official"),
    DemoPerson("operator@pirab.test", "ผู้ดูแลระบบ", "Operator", "operator"),
    DemoPerson("security@pirab.test", "เจ้าหน้าที่ความมั่นคงปลอดภัย", "Security Officer", "security officer"),
    DemoPerson("selfcheck@pirab.test", "ตรวจสอบระบบอัตโนมัติ", "Self-check", "self-check"),
)

OFFICES: Final = (
    DemoOffice(
        "saraban.klang@moi.go.test",
        "สารบรรณกลาง กระทรวงมหาดไทย",
        clerk="saraban@moi.go.test",
        owner="wichai@moi.go.test",
        members=("suda@moi.go.test", "saraban@moi.go.test"),
        readers=("somchai@moi.go.test",),
    ),
)

PASSWORD: Final = "pirab-demo-2569"  # noqa: S105
"""The same for everybody: a newcomer reads it on the screen, and the command refuses to run in production."""
