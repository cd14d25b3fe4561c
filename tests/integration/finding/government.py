"""A small government whose people can be told apart by eye."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pirab.directory import actions, queries
from pirab.directory.finding import index
from pirab.directory.finding.types import Asker
from pirab.directory.models import Holding, Person, Post, Profile
from pirab.directory.types import AgencyFacts, AgencyKind, HoldingKind

Who = tuple[str, str, str, str, str, str, str, str, str]
"""Key, unit, title, given and family name in Thai, in English, post, telephones (office/extension/mobile)."""

UNITS = {
    "moi": (None, "กระทรวงมหาดไทย", "Ministry of Interior", "มท", "MOI"),
    "dopa": ("moi", "กรมการปกครอง", "Department of Provincial Administration", "ปค", "DOPA"),
    "dopa.fin": ("dopa", "กองคลัง", "Finance Division", "", ""),
    "dopa.hr": ("dopa", "กองการเจ้าหน้าที่", "Personnel Division", "", ""),
    "mof": (None, "กระทรวงการคลัง", "Ministry of Finance", "กค", "MOF"),
    "cgd": ("mof", "กรมบัญชีกลาง", "Comptroller General's Department", "บก", "CGD"),
    "cgd.fin": ("cgd", "กองคลัง", "Finance Division", "", ""),
    "cgd.law": ("cgd", "กองกฎหมาย", "Legal Division", "", ""),
    "cm": (None, "จังหวัดเชียงใหม่", "Chiang Mai Province", "ชม", "CM"),
    "cm.health": ("cm", "สำนักงานสาธารณสุขจังหวัดเชียงใหม่", "Chiang Mai Provincial Health Office", "", ""),
    "opdc": (None, "สำนักงานคณะกรรมการพัฒนาระบบราชการ", "Office of the Public Sector Development Commission",
             "ก.พ.ร.", "OPDC"),
}  # fmt: skip

PEOPLE: tuple[Who, ...] = (
    ("somchai", "dopa.fin", "นาย", "สมชาย", "ใจดี", "Somchai", "Jaidee", "ผู้อำนวยการ*", "02 221 0001/4101/081 234 5678"),
    ("somchai2", "cgd.law", "นาย", "สมชาย", "ทองคำ", "Somchai", "Thongkham", "นิติกร", "02 271 0002/5102/"),
    ("somsak", "dopa.fin", "นาย", "สมศักดิ์", "พงษ์พานิช", "Somsak", "Phongphanit", "นักวิชาการเงิน", "02 221 0001/4103/"),
    ("phongsak", "cgd.fin", "ดร.", "พงศักดิ์", "วงศ์สวัสดิ์", "Phongsak", "Wongsawat", "ผู้อำนวยการ*", "02 271 0004/5104/"),
    ("prasert", "mof", "นาย", "ประเสริฐ", "ศรีสุข", "Prasert", "Srisuk", "ปลัดกระทรวง*", "02 271 0005/5105/"),
    ("wichai", "moi", "นาย", "วิชัย", "มั่นคง", "Wichai", "Mankhong", "ปลัดกระทรวง*", "02 221 0006/4106/"),
    ("suphaphon", "dopa.hr", "นางสาว", "สุภาพร", "แก้วมณี", "Suphaphon", "Kaeomani", "ผู้อำนวยการ*", "02 221 0007/4107/"),
    ("kanchana", "dopa.hr", "นาง", "กาญจนา", "รุ่งเรือง", "", "", "นักทรัพยากรบุคคล", "02 221 0007/4108/"),
    ("nattapol", "cgd.law", "นาย", "ณัฐพล", "สุวรรณ", "Nattapol", "Suwan", "ผู้อำนวยการ*", "02 271 0009/5109/"),
    ("nattawut", "cgd.law", "นาย", "ณัฐวุฒิ", "เพชรรัตน์", "Natthawut", "Phetcharat", "นิติกร", "02 271 0009/5110/"),
    ("thida", "cm.health", "พญ.", "ธิดารัตน์", "อินทร์แก้ว", "Thidarat", "Inkaew", "นายแพทย์*", "053 211 048/101/"),
    ("governor", "cm", "นาย", "เกียรติศักดิ์", "จันทร์โอชา", "Kiattisak", "Chanocha", "ผู้ว่าราชการจังหวัด*", "053 112 708/1/"),
    ("polgen", "dopa", "พล.ต.อ.", "อภิสิทธิ์", "เวชชาชีวะ", "Abhisit", "Vejjajiva", "อธิบดี*", "02 221 0013/4113/"),
    ("siriporn", "cgd", "รศ.ดร.", "ศิริพร", "บุญมี", "Siriporn", "Boonmee", "อธิบดี*", "02 271 0014/5114/"),
    ("ayutthaya", "opdc", "ม.ล.", "ธนินท์", "ณ อยุธยา", "Thanin", "Na Ayutthaya", "เลขาธิการ*", "02 356 9999/8801/"),
    ("wanna", "opdc", "นางสาว", "วรรณา", "ไพบูลย์", "Wanna", "Phaibun", "นักพัฒนาระบบ", "02 356 9999/8802/"),
    ("nayika", "opdc", "นางสาว", "นายิกา", "เสาวลักษณ์", "Nayika", "Saowalak", "นักพัฒนาระบบ", "02 356 9999/8803/"),
    ("chalerm", "cgd.fin", "นาย", "เฉลิมชัย", "ทรงศักดิ์", "Chalermchai", "Songsak", "นักวิชาการเงิน", "02 271 0018/5118/"),
    ("acting", "cgd.law", "นาง", "ปรีดา", "อนันต์", "Preeda", "Anan", "นิติกร", "02 271 0019/5119/"),
    ("john", "opdc", "Mr.", "จอห์น", "โด", "John", "O'Doe-Smith", "ที่ปรึกษา", "02 356 9999/8805/"),
)  # fmt: skip

ENGLISH = {"ผู้อำนวยการ": "Director", "อธิบดี": "Director-General", "ปลัดกระทรวง": "Permanent Secretary"}

DOMAINS = {"moi": "moi.go.test", "dopa": "moi.go.test", "mof": "mof.go.test", "cgd": "mof.go.test", "cm": "cm.go.test",
           "opdc": "opdc.go.test"}  # fmt: skip


@dataclass(frozen=True)
class Government:
    """Keys of its units, people and posts by their short names."""

    units: dict[str, int]
    people: dict[str, int]
    posts: dict[tuple[str, str], int]

    def asker(self, name: str) -> Asker:
        """The person, asking from their unit."""
        unit = queries.agency(queries.person(self.people[name]).agency_id or 0)
        return Asker(self.people[name], unit.ancestry)

    def names(self, keys: list[int]) -> list[str]:
        """Short names of these people."""
        back = {key: name for name, key in self.people.items()}
        return [back[key] for key in keys if key in back]


@pytest.fixture
def government(db: None) -> Government:
    """Made of rows rather than by actions, which would tell the listeners sixty times."""
    made = Government({}, {}, {})
    for name, (above, name_th, name_en, short, short_en) in UNITS.items():
        facts = AgencyFacts(name_th, name_en, AgencyKind.OTHER, short, short_en)
        made.units[name] = actions.create_agency(made.units[above] if above else None, facts)
    posts = {(who[1], who[7].rstrip("*")): who[7].endswith("*") for who in PEOPLE} | {
        ("cgd", "รองอธิบดี"): False
    }
    rows = Post.objects.bulk_create(
        Post(
            agency_id=made.units[unit],
            title_th=title,
            title_en=ENGLISH.get(title, ""),
            is_head=head,
            position=not head,
        )
        for (unit, title), head in posts.items()
    )
    made.posts.update({key: row.pk for key, row in zip(posts, rows, strict=True)})
    people = Person.objects.bulk_create(_person(made, who) for who in PEOPLE)
    made.people.update({who[0]: row.pk for who, row in zip(PEOPLE, people, strict=True)})
    Profile.objects.bulk_create(_profile(made, who) for who in PEOPLE)
    Holding.objects.bulk_create(
        [
            Holding(person_id=made.people[who[0]], post_id=made.posts[who[1], who[7].rstrip("*")])
            for who in PEOPLE
        ]
    )
    acting = {"person_id": made.people["acting"], "post_id": made.posts["cgd", "รองอธิบดี"]}
    Holding.objects.create(kind=HoldingKind.ACTING, **acting)
    index.renew(list(made.people.values()))
    return made


def _person(made: Government, who: Who) -> Person:
    key, unit, _, given_th, family_th, given_en, family_en = who[:7]
    local = key if not given_en else f"{given_en}.{family_en[0]}".lower()
    login = f"{local}@{DOMAINS[unit.partition('.')[0]]}"
    return Person(login=login, name_th=f"{given_th} {family_th}", agency_id=made.units[unit], password="!")


def _profile(made: Government, who: Who) -> Profile:
    key, _, title, given_th, family_th, given_en, family_en, _, phones = who
    office, extension, mobile = phones.split("/")
    return Profile(
        person_id=made.people[key],
        title=title,
        given_th=given_th,
        family_th=family_th,
        given_en=given_en,
        family_en=family_en,
        office_phone=office,
        extension=extension,
        mobile=mobile,
    )
