"""Titles, ranks and degrees before a name: never part of it when somebody is looked for.

`นายสมชาย`, `พล.ต.อ. สมชาย`, `ผศ.ดร.สมชาย` and `Pol.Gen. Somchai` all mean สมชาย. What only looks like a title
(`นายก`, `นางรอง`) is why a caller keeps the word as typed beside the one without its title.
"""

from __future__ import annotations

import re
from typing import Final

_THAI: Final = (
    "นาย นาง นางสาว น.ส. นส. ด.ช. ด.ญ. เด็กชาย เด็กหญิง คุณ คุณหญิง ท่านผู้หญิง ม.จ. ม.ร.ว. ม.ล. "
    "หม่อมเจ้า หม่อมราชวงศ์ หม่อมหลวง หม่อม ท่าน "
    "ดร. ดร ศ. รศ. ผศ. อ. ศาสตราจารย์ รองศาสตราจารย์ ผู้ช่วยศาสตราจารย์ อาจารย์ นพ. พญ. ทพ. ทพญ. ภก. ภญ. "
    "สพ.ญ. นสพ. น.สพ. สพ.บ. พท. นายแพทย์ แพทย์หญิง ทันตแพทย์ ทันตแพทย์หญิง เภสัชกร เภสัชกรหญิง "
    "พลตำรวจเอก พลตำรวจโท พลตำรวจตรี พันตำรวจเอก พันตำรวจโท พันตำรวจตรี ร้อยตำรวจเอก ร้อยตำรวจโท ร้อยตำรวจตรี "
    "ดาบตำรวจ จ่าสิบตำรวจ สิบตำรวจเอก สิบตำรวจโท สิบตำรวจตรี พลเอก พลโท พลตรี พันเอก พันโท พันตรี ร้อยเอก ร้อยโท "
    "ร้อยตรี จ่าสิบเอก จ่าสิบโท จ่าสิบตรี สิบเอก สิบโท สิบตรี พลเรือเอก พลเรือโท พลเรือตรี นาวาเอก นาวาโท นาวาตรี "
    "เรือเอก เรือโท เรือตรี พลอากาศเอก พลอากาศโท พลอากาศตรี นาวาอากาศเอก นาวาอากาศโท นาวาอากาศตรี เรืออากาศเอก "
    "เรืออากาศโท เรืออากาศตรี ว่าที่ร้อยตรี ว่าที่"
)
_LATIN: Final = (
    "mr mrs ms miss dr prof professor assoc asst khun pol gen lt col capt maj maj.gen lt.gen lt.col pol.gen "
    "pol.col pol.capt pol.lt m.l m.r adm acm avm wg.cdr gp.capt sgt acting"
)
_DOTTED_RANK: Final = "(?:ว่าที่ *)?(?:พล|พ|ร|จ\\.ส|ส|ด|จ|น)\\.(?:(?:ต|ร|อ|จ)\\. *)?(?:[อทตจ]\\.)?(?: *หญิง)?"


def _any_of(titles: str) -> str:
    return "|".join(re.escape(title) for title in sorted(titles.split(), key=len, reverse=True))


_THAI_TITLE: Final = re.compile(f"(?:{_DOTTED_RANK}|{_any_of(_THAI)})(?: *หญิง(?= ))? *")
_LATIN_TITLE: Final = re.compile(f"(?:{_any_of(_LATIN)})(?:\\.+ *| +)")
_HANGING: Final = re.compile("[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]")
_SHORTEST_NAME: Final = 2


def without_titles(text: str) -> str:
    """A folded text without the titles at its beginning; the text itself where nothing but titles would be lost."""
    rest = text
    while match := _THAI_TITLE.match(rest) or _LATIN_TITLE.match(rest):
        if len(rest) - match.end() < _SHORTEST_NAME or _HANGING.match(rest, match.end()):
            break
        rest = rest[match.end() :]
    return rest
