"""Thai names with the ways people spell them in Latin letters: the Royal one first, then customary ones."""

import random
from typing import Final

Spelled = tuple[str, tuple[str, ...]]
"""A Thai syllable group and its Latin spellings."""

_FIRST: Final[tuple[Spelled, ...]] = (
    ("สม", ("Som",)), ("ประ", ("Pra",)), ("วิ", ("Wi", "Vi")), ("สุ", ("Su",)), ("ธน", ("Thana", "Tana")),
    ("ณัฐ", ("Nattha", "Natta")), ("กิตติ", ("Kitti",)), ("ศิริ", ("Siri",)), ("จิรา", ("Chira", "Jira")),
    ("อภิ", ("Aphi", "Abhi")), ("ธีร", ("Thira", "Teera")), ("วีร", ("Wira", "Veera")), ("ชัย", ("Chai",)),
    ("อนุ", ("Anu",)), ("พง", ("Phong", "Pong")), ("นิ", ("Ni",)), ("รัตน", ("Rattana", "Ratana")),
    ("วร", ("Wora", "Vora")), ("ปิย", ("Piya",)), ("สิทธิ", ("Sitthi", "Sitti")), ("พิ", ("Phi", "Pi")),
    ("ธัญ", ("Thanya", "Tanya")), ("ภู", ("Phu", "Pu")), ("มณี", ("Mani", "Manee")), ("เกียรติ", ("Kiatti", "Kiati")),
    ("บุญ", ("Bun", "Boon")), ("ทอง", ("Thong", "Tong")), ("สุริ", ("Suri",)), ("อรุ", ("Aru",)),
    ("จันทร์", ("Chan", "Jan")), ("กัญ", ("Kanya", "Kunya")), ("ศร", ("Sora", "Sorn")), ("ดวง", ("Duang", "Doung")),
    ("เพ็ญ", ("Phen", "Pen")), ("ขวัญ", ("Khwan", "Kwan")), ("สาย", ("Sai",)), ("วันทนีย์", ("Wanthani", "Vantanee")),
    ("พัชร", ("Phatchara", "Patchara")), ("นฤ", ("Naru", "Narue")), ("ยุทธ", ("Yuttha", "Yuta")),
)  # fmt: skip
_SECOND: Final[tuple[Spelled, ...]] = (
    ("ชาย", ("chai",)), ("ศักดิ์", ("sak", "sakdi")), ("พงศ์", ("phong", "pong")), ("ชาติ", ("chat",)),
    ("พร", ("phon", "porn")), ("วรรณ", ("wan", "van")), ("รัตน์", ("rat", "rut")), ("วัฒน์", ("wat", "vat")),
    ("พล", ("phon", "pol")), ("เดช", ("det", "dej")), ("นันท์", ("nan", "nun")), ("ภรณ์", ("phon", "porn")),
    ("ลักษณ์", ("lak", "luck")), ("มาศ", ("mat", "mas")), ("ศรี", ("si", "sri")), ("ดา", ("da",)),
    ("นี", ("ni", "nee")), ("กร", ("kon", "korn")), ("วุฒิ", ("wut", "vut")), ("ธร", ("thon", "torn")),
    ("มาลี", ("mali", "malee")), ("จิต", ("chit", "jit")), ("ใจ", ("chai", "jai")), ("เทพ", ("thep", "tep")),
    ("ทิพย์", ("thip", "tip")), ("ยา", ("ya",)), ("สิน", ("sin",)), ("บูรณ์", ("bun", "boon")),
    ("โรจน์", ("rot", "roj")), ("เลิศ", ("loet", "lert")), ("ชนก", ("chanok",)), ("ภา", ("pha", "pa")),
    ("มล", ("mon", "mol")), ("ปราณี", ("prani", "pranee")), ("เกษม", ("kasem",)), ("อนงค์", ("anong",)),
    ("หญิง", ("ying",)), ("สุดา", ("suda",)), ("เพชร", ("phet", "petch")), ("ปรีชา", ("pricha", "preecha")),
)  # fmt: skip
_FAMILY: Final[tuple[Spelled, ...]] = (
    ("ศรี", ("Si", "Sri")), ("ทอง", ("Thong", "Tong")), ("สุข", ("Suk", "Sook")), ("บุญ", ("Bun", "Boon")),
    ("แก้ว", ("Kaeo", "Kaew")), ("วงศ์", ("Wong", "Vong")), ("จันทร์", ("Chan", "Jan")), ("เพชร", ("Phet", "Petch")),
    ("พงษ์", ("Phong", "Pong")), ("รัตน", ("Rattana", "Ratana")), ("สุวรรณ", ("Suwan", "Suvan")),
    ("อินทร์", ("In",)), ("ชัย", ("Chai",)), ("มณี", ("Mani", "Manee")), ("ใจ", ("Chai", "Jai")),
    ("มั่น", ("Man", "Mun")), ("รุ่ง", ("Rung", "Roong")), ("แสง", ("Saeng", "Sang")), ("ไทย", ("Thai",)),
    ("นคร", ("Nakhon", "Nakorn")), ("พันธุ์", ("Phan", "Pan")), ("กิจ", ("Kit", "Kij")), ("เจริญ", ("Charoen", "Jaroen")),
    ("ประเสริฐ", ("Prasoet", "Prasert")), ("สมบูรณ์", ("Sombun", "Somboon")), ("พิพัฒน์", ("Phiphat", "Pipat")),
    ("ดี", ("Di", "Dee")), ("คง", ("Khong", "Kong")), ("เรือง", ("Rueang", "Ruang")), ("งาม", ("Ngam",)),
    ("สวัสดิ์", ("Sawat", "Sawasdi")), ("ธรรม", ("Tham", "Dham")), ("กุล", ("Kun", "Kul")), ("เดช", ("Det", "Dej")),
    ("ทรัพย์", ("Sap", "Sub")), ("สกุล", ("Sakun", "Sakul")), ("โชติ", ("Chot", "Chote")), ("อุดม", ("Udom",)),
    ("วิไล", ("Wilai", "Vilai")), ("พานิช", ("Phanit", "Panich")), ("เกตุ", ("Ket",)), ("ปัญญา", ("Panya", "Punya")),
    ("ภักดี", ("Phakdi", "Pakdee")), ("อ่อน", ("On", "Orn")), ("ขาว", ("Khao", "Kao")),
)  # fmt: skip


class Name:
    """One person's names: Thai, the Royal spelling, and one of the customary ones."""

    def __init__(self, chance: random.Random) -> None:
        given = [_popular(chance, _FIRST), _popular(chance, _SECOND)]
        family = [chance.choice(_FAMILY) for _ in range(chance.choice((2, 2, 3)))]
        self.given_th, self.family_th = ("".join(part[0] for part in parts) for parts in (given, family))
        self.given_royal, self.family_royal = _latin(given, 0), _latin(family, 0)
        self.given_custom, self.family_custom = _latin(given, -1), _latin(family, -1)


def _popular(chance: random.Random, parts: tuple[Spelled, ...]) -> Spelled:
    """The first ones far more often than the last: names go with the fashion."""
    return parts[min(int(chance.expovariate(4.0) * len(parts)), len(parts) - 1)]


def _latin(parts: list[Spelled], way: int) -> str:
    """The spelling numbered `way` of each part; 0 is the Royal one, -1 the one farthest from it."""
    return "".join(spellings[way] for _, spellings in parts).capitalize()
