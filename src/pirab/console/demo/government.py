"""How the demo government is organised: units below its agencies, posts, who holds them, and who administers what."""

from __future__ import annotations

from typing import Final

import msgspec

from pirab.directory.types import AgencyKind, DutyKind, HoldingKind


class DemoUnit(msgspec.Struct, frozen=True):
    """A unit; `path` are the short names from the agency's domain down to it."""

    path: tuple[str, ...]
    kind: AgencyKind
    name_th: str
    name_en: str
    abbreviation: str = ""
    document_code: str = ""


class DemoPost(msgspec.Struct, frozen=True):
    """A post of a unit and who holds it."""

    unit: tuple[str, ...]
    title_th: str
    title_en: str
    holder: str
    is_head: bool = False
    kind: HoldingKind = HoldingKind.SUBSTANTIVE


class DemoEntry(msgspec.Struct, frozen=True):
    """What the directory shows of a person, and the unit they belong to."""

    email: str
    unit: tuple[str, ...]
    title: str
    phone: str
    extension: str = ""
    rank: str = ""
    expertise: str = ""


class DemoDuty(msgspec.Struct, frozen=True):
    """An office of administration; `domain` None: over the whole service."""

    email: str
    domain: str | None
    kind: DutyKind


UNITS: Final = (
    DemoUnit(
        ("moi.go.test", "ops"),
        AgencyKind.DEPARTMENT,
        "สำนักงานปลัดกระทรวงมหาดไทย",
        "Office of the Permanent Secretary for Interior",
        "สป.มท.",
        "มท 02",
    ),
    DemoUnit(
        ("moi.go.test", "ops", "finance"),
        AgencyKind.DIVISION,
        "กองคลัง",
        "Finance Division",
        "กค.สป.",
        "มท 0205",
    ),
    DemoUnit(
        ("moi.go.test", "ops", "finance", "budget"),
        AgencyKind.SECTION,
        "กลุ่มงานงบประมาณ",
        "Budget Section",
    ),
    DemoUnit(
        ("moi.go.test", "ops", "general"),
        AgencyKind.DIVISION,
        "กองกลาง",
        "General Administration Division",
        "กก.สป.",
        "มท 0201",
    ),
    DemoUnit(
        ("moi.go.test", "dopa"),
        AgencyKind.DEPARTMENT,
        "กรมการปกครอง",
        "Department of Provincial Administration",
        "ปค.",
        "มท 03",
    ),
    DemoUnit(
        ("moi.go.test", "nonthaburi"),
        AgencyKind.PROVINCE,
        "จังหวัดนนทบุรี",
        "Nonthaburi Province",
        "นบ",
        "นบ 00",
    ),
    DemoUnit(
        ("moi.go.test", "nonthaburi", "city"),
        AgencyKind.LOCAL_AUTHORITY,
        "เทศบาลนครนนทบุรี",
        "Nonthaburi City Municipality",
        "ทน.นบ.",
    ),
    DemoUnit(
        ("moi.go.test", "pea"),
        AgencyKind.STATE_ENTERPRISE,
        "การไฟฟ้าส่วนภูมิภาค",
        "Provincial Electricity Authority",
        "กฟภ.",
    ),
    DemoUnit(
        ("mof.go.test", "cgd"),
        AgencyKind.DEPARTMENT,
        "กรมบัญชีกลาง",
        "The Comptroller General's Department",
        "บก.",
        "กค 04",
    ),
    DemoUnit(
        ("mof.go.test", "cgd", "finance"),
        AgencyKind.DIVISION,
        "กองบริหารการคลัง",
        "Fiscal Management Division",
    ),
)

POSTS: Final = (
    DemoPost(
        ("moi.go.test", "ops", "finance"),
        "ผู้อำนวยการกองคลัง",
        "Director, Finance Division",
        "wichai@moi.go.test",
        is_head=True,
    ),
    DemoPost(
        ("moi.go.test", "ops", "finance", "budget"),
        "หัวหน้ากลุ่มงานงบประมาณ",
        "Head of Budget Section",
        "suda@moi.go.test",
        is_head=True,
        kind=HoldingKind.ACTING,
    ),
    DemoPost(
        ("moi.go.test", "ops", "finance", "budget"),
        "นักวิเคราะห์นโยบายและแผนชำนาญการ",
        "Plan and Policy Analyst, Professional Level",
        "somchai@moi.go.test",
    ),
    DemoPost(
        ("moi.go.test", "ops", "general"),
        "เจ้าพนักงานธุรการชำนาญงาน",
        "General Service Officer",
        "saraban@moi.go.test",
    ),
    DemoPost(
        ("mof.go.test", "cgd", "finance"),
        "ผู้อำนวยการกองบริหารการคลัง",
        "Director, Fiscal Management Division",
        "prasert@mof.go.test",
        is_head=True,
    ),
    DemoPost(
        ("mof.go.test", "cgd", "finance"),
        "นักวิชาการคลังปฏิบัติการ",
        "Fiscal Analyst, Practitioner Level",
        "anong@mof.go.test",
    ),
)

ENTRIES: Final = (
    DemoEntry(
        "somchai@moi.go.test",
        ("moi.go.test", "ops", "finance", "budget"),
        "นาย",
        "0 2222 1141",
        "50412",
        "ชำนาญการ",
        "งบประมาณ แผนปฏิบัติราชการ",
    ),
    DemoEntry(
        "suda@moi.go.test",
        ("moi.go.test", "ops", "finance", "budget"),
        "นางสาว",
        "0 2222 1141",
        "50410",
        "ชำนาญการพิเศษ",
    ),
    DemoEntry(
        "wichai@moi.go.test", ("moi.go.test", "ops", "finance"), "นาย", "0 2222 1140", "50400", "อำนวยการสูง"
    ),
    DemoEntry("saraban@moi.go.test", ("moi.go.test", "ops", "general"), "", "0 2222 1130", "50100"),
    DemoEntry("anong@mof.go.test", ("mof.go.test", "cgd", "finance"), "นาง", "0 2127 7000", "4210"),
    DemoEntry("prasert@mof.go.test", ("mof.go.test", "cgd", "finance"), "นาย", "0 2127 7000", "4200"),
)

DUTIES: Final = (
    DemoDuty("admin@moi.go.test", "moi.go.test", DutyKind.ADMINISTRATOR),
    DemoDuty("vipa@moi.go.test", "moi.go.test", DutyKind.ADMINISTRATOR),
    DemoDuty("kanya@mdes.go.test", "mdes.go.test", DutyKind.ADMINISTRATOR),
    DemoDuty("operator@pirab.test", None, DutyKind.OPERATOR),
    DemoDuty("security@pirab.test", None, DutyKind.SECURITY_OFFICER),
)
