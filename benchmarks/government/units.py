"""The tree of units: ministries, departments, divisions, sections; provinces with their offices."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Final

MINISTRIES: Final = (
    ("กระทรวงมหาดไทย", "Ministry of Interior", "มท", "MOI"),
    ("กระทรวงการคลัง", "Ministry of Finance", "กค", "MOF"),
    ("กระทรวงสาธารณสุข", "Ministry of Public Health", "สธ", "MOPH"),
    ("กระทรวงศึกษาธิการ", "Ministry of Education", "ศธ", "MOE"),
    ("กระทรวงคมนาคม", "Ministry of Transport", "คค", "MOT"),
    ("กระทรวงพาณิชย์", "Ministry of Commerce", "พณ", "MOC"),
    ("กระทรวงแรงงาน", "Ministry of Labour", "รง", "MOL"),
    ("กระทรวงยุติธรรม", "Ministry of Justice", "ยธ", "MOJ"),
    ("กระทรวงวัฒนธรรม", "Ministry of Culture", "วธ", "MCULT"),
    ("กระทรวงพลังงาน", "Ministry of Energy", "พน", "MOEN"),
    ("กระทรวงอุตสาหกรรม", "Ministry of Industry", "อก", "MIND"),
    ("กระทรวงเกษตรและสหกรณ์", "Ministry of Agriculture and Cooperatives", "กษ", "MOAC"),
    ("กระทรวงการต่างประเทศ", "Ministry of Foreign Affairs", "กต", "MFA"),
    ("กระทรวงกลาโหม", "Ministry of Defence", "กห", "MOD"),
    ("กระทรวงการท่องเที่ยวและกีฬา", "Ministry of Tourism and Sports", "กก", "MOTS"),
    ("กระทรวงทรัพยากรธรรมชาติและสิ่งแวดล้อม", "Ministry of Natural Resources and Environment", "ทส", "MNRE"),
)
_DEPARTMENTS: Final = (
    ("สำนักงานปลัดกระทรวง", "Office of the Permanent Secretary"),
    ("กรมส่งเสริม", "Department of Promotion"),
    ("กรมพัฒนา", "Department of Development"),
    ("กรมตรวจสอบ", "Department of Inspection"),
    ("กรมควบคุม", "Department of Control"),
    ("กรมวิชาการ", "Department of Academic Affairs"),
    ("กรมบริการ", "Department of Services"),
    ("กรมทรัพย์สิน", "Department of Property"),
    ("กรมคุ้มครอง", "Department of Protection"),
    ("กรมสนับสนุน", "Department of Support"),
)
_DIVISIONS: Final = (
    ("กองคลัง", "Finance Division"),
    ("กองการเจ้าหน้าที่", "Personnel Division"),
    ("กองแผนงาน", "Planning Division"),
    ("กองกฎหมาย", "Legal Division"),
    ("กองพัสดุ", "Supplies Division"),
    ("สำนักงานเลขานุการกรม", "Office of the Secretary"),
    ("ศูนย์เทคโนโลยีสารสนเทศ", "Information Technology Centre"),
    ("กลุ่มตรวจสอบภายใน", "Internal Audit Group"),
    ("กองยุทธศาสตร์", "Strategy Division"),
    ("กองมาตรฐาน", "Standards Division"),
    ("กองส่งเสริมและเผยแพร่", "Promotion and Publicity Division"),
    ("กองความร่วมมือระหว่างประเทศ", "International Cooperation Division"),
)
_SECTIONS: Final = (
    ("ฝ่ายบริหารทั่วไป", "General Administration Section"),
    ("กลุ่มงานบัญชี", "Accounting Group"),
    ("กลุ่มงานวิเคราะห์", "Analysis Group"),
    ("กลุ่มงานประสานงาน", "Coordination Group"),
    ("กลุ่มงานติดตามและประเมินผล", "Monitoring and Evaluation Group"),
    ("งานสารบรรณ", "Records Section"),
)
_PROVINCES: Final = (
    "เชียงใหม่ เชียงราย ลำปาง ลำพูน แพร่ น่าน พะเยา แม่ฮ่องสอน นครราชสีมา ขอนแก่น อุดรธานี อุบลราชธานี บุรีรัมย์ สุรินทร์ "
    "ศรีสะเกษ ร้อยเอ็ด มหาสารคาม กาฬสินธุ์ สกลนคร นครพนม มุกดาหาร ชัยภูมิ เลย หนองคาย หนองบัวลำภู บึงกาฬ ยโสธร "
    "อำนาจเจริญ ชลบุรี ระยอง จันทบุรี ตราด ฉะเชิงเทรา ปราจีนบุรี สระแก้ว นครนายก อยุธยา สระบุรี ลพบุรี สิงห์บุรี อ่างทอง "
    "ชัยนาท นครสวรรค์ อุทัยธานี กำแพงเพชร ตาก สุโขทัย พิษณุโลก พิจิตร เพชรบูรณ์ ราชบุรี กาญจนบุรี สุพรรณบุรี นครปฐม "
    "สมุทรสาคร สมุทรสงคราม เพชรบุรี ประจวบคีรีขันธ์ ชุมพร ระนอง สุราษฎร์ธานี พังงา ภูเก็ต กระบี่ นครศรีธรรมราช ตรัง พัทลุง "
    "สงขลา สตูล ปัตตานี ยะลา นราธิวาส นนทบุรี ปทุมธานี สมุทรปราการ อุตรดิตถ์"
)
_PROVINCIAL: Final = (
    ("สำนักงานสาธารณสุขจังหวัด", "Provincial Public Health Office of"),
    ("สำนักงานคลังจังหวัด", "Provincial Finance Office of"),
    ("ที่ทำการปกครองจังหวัด", "Provincial Administration Office of"),
    ("สำนักงานเกษตรจังหวัด", "Provincial Agriculture Office of"),
    ("สำนักงานที่ดินจังหวัด", "Provincial Land Office of"),
    ("สำนักงานแรงงานจังหวัด", "Provincial Labour Office of"),
    ("โรงพยาบาลประจำจังหวัด", "Provincial Hospital of"),
    ("สำนักงานศึกษาธิการจังหวัด", "Provincial Education Office of"),
    ("สำนักงานพาณิชย์จังหวัด", "Provincial Commerce Office of"),
    ("สำนักงานขนส่งจังหวัด", "Provincial Transport Office of"),
    ("สำนักงานวัฒนธรรมจังหวัด", "Provincial Culture Office of"),
    ("สำนักงานอุตสาหกรรมจังหวัด", "Provincial Industry Office of"),
    ("สำนักงานประมงจังหวัด", "Provincial Fisheries Office of"),
    ("สำนักงานปศุสัตว์จังหวัด", "Provincial Livestock Office of"),
    ("สำนักงานพลังงานจังหวัด", "Provincial Energy Office of"),
)
_SECTIONS_OF_PROVINCE: Final = 5


@dataclass(frozen=True)
class Office:
    """A unit; keys count from 1 in the order of the tree, parents first. `domain` is where its people have mail."""

    key: int
    parent: int | None
    kind: str
    name_th: str
    name_en: str
    abbreviation: str
    abbreviation_en: str
    domain: str
    head_th: str
    head_en: str


def offices(many: int = 20_000) -> list[Office]:
    """The first `many` units of the government."""
    return list(islice(_offices(), many))


def _offices() -> Iterator[Office]:
    keys = count(1)
    for number, (name_th, name_en, short, short_en) in enumerate(MINISTRIES):
        domain = f"{short_en.lower()}.dir.test"
        ministry = Office(
            next(keys),
            None,
            "ministry",
            name_th,
            name_en,
            short,
            short_en,
            domain,
            "ปลัดกระทรวง",
            "Permanent Secretary",
        )
        yield ministry
        topic = name_th.removeprefix("กระทรวง").removeprefix("การ")
        for order, (department_th, department_en) in enumerate(_DEPARTMENTS):
            title = department_th if order == 0 else department_th + topic
            yield from _department(keys, ministry, f"{number}{order}", title, f"{department_en}, {short_en}")
    for name in _PROVINCES.split():
        yield from _province(keys, name)


def _department(keys: "count[int]", above: Office, code: str, name_th: str, name_en: str) -> Iterator[Office]:
    short = (
        f"ก{name_th[3:4]}{above.abbreviation[:1]}{code}"
        if name_th.startswith("กรม")
        else f"สป{above.abbreviation}"
    )
    department = Office(
        next(keys),
        above.key,
        "department",
        name_th,
        name_en,
        short,
        f"D{code}",
        above.domain,
        "อธิบดี",
        "Director-General",
    )
    yield department
    for division_th, division_en in _DIVISIONS:
        division = _below(keys, department, "division", division_th, division_en, "ผู้อำนวยการ", "Director")
        yield division
        for section_th, section_en in _SECTIONS:
            yield _below(keys, division, "section", section_th, section_en, "หัวหน้า", "Head")


def _province(keys: "count[int]", name: str) -> Iterator[Office]:
    province = Office(
        next(keys),
        None,
        "province",
        f"จังหวัด{name}",
        f"{name} Province",
        "",
        "",
        "province.dir.test",
        "ผู้ว่าราชการจังหวัด",
        "Governor",
    )
    yield province
    for office_th, office_en in _PROVINCIAL:
        office = _below(
            keys, province, "division", office_th + name, f"{office_en} {name}", "หัวหน้าสำนักงาน", "Chief"
        )
        yield office
        for section_th, section_en in _SECTIONS[:_SECTIONS_OF_PROVINCE]:
            yield _below(keys, office, "section", section_th, section_en, "หัวหน้า", "Head")


def _below(
    keys: "count[int]", above: Office, kind: str, name_th: str, name_en: str, head_th: str, head_en: str
) -> Office:
    return Office(next(keys), above.key, kind, name_th, name_en, "", "", above.domain, head_th, head_en)
