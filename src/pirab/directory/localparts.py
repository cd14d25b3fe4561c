"""The part of an address before the @: what may stand there, what is kept, and what is offered for a Thai name.

Pure: no database, no clock. Everybody who makes an address asks `require_local_part` first.

One script an address: Latin (a to z, digits, `.`, `-`, `_`) or Thai (letters and signs in an order in which Thai is
written, and the same digits and marks). A Cyrillic `а`, a second tone mark nobody sees or `เเ` for `แ` would make two
addresses that look like one. `+` is no part of it: it parts a subaddress (rfc5233#1).

Kept names are compared by how they look (`adm1n`, `postrnaster`, `ad.min`), because that is how they deceive.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

from pirab.directory.errors import LocalPartInvalid, LocalPartReserved
from pirab.directory.finding.titles import without_titles

LONGEST_OCTETS: Final = 64  # rfc5321#4.5.3.1.1
SHORTEST: Final = 2
"""Characters; one letter is too easily taken for another's slip."""


class Use(StrEnum):
    """Whom an address is for: a person, an office (a shared mailbox or a group), or the service itself."""

    PERSON = "person"
    OFFICE = "office"
    SERVICE = "service"


def require_local_part(text: str, use: Use = Use.PERSON) -> str:
    """`text` in the one spelling it is kept in: NFC, lower case, ำ as one sign.

    Raises `LocalPartInvalid`, and `LocalPartReserved` for one that is kept from such a `use`.
    """
    if len(text) > LONGEST_OCTETS:
        raise LocalPartInvalid()
    local = unicodedata.normalize("NFC", text.strip()).casefold()
    local = _AM_IN_TWO.sub("\\1\u0e33", local)
    if len(local) < SHORTEST or len(local.encode()) > LONGEST_OCTETS:
        raise LocalPartInvalid()
    if not (_LATIN.fullmatch(local) or (_THAI.fullmatch(local) and _DOUBLED_E not in local)):
        raise LocalPartInvalid()
    if use is not Use.SERVICE and is_reserved(local, use):
        raise LocalPartReserved()
    return local


def is_reserved(local: str, use: Use = Use.PERSON) -> bool:
    """Whether `local`, or what it looks like, is kept for others than `use`."""
    looks = look(local)
    if looks in _OF_THE_SERVICE or any(name in looks for name in _NOWHERE_WITHIN):
        return True
    return use is Use.PERSON and (looks in _OF_OFFICES or looks.startswith(_OFFICE_BEGINNINGS))


def look(local: str) -> str:
    """What `local` is taken for at a glance: equal for two that are easily mistaken for each other."""
    seen = _MARKS.sub("", unicodedata.normalize("NFKC", local).casefold())
    return _TONES.sub("", seen.replace("rn", "m").replace("vv", "w").translate(_ALIKE))


def romanised(name: str) -> str:
    """A Thai name in Latin letters after the Royal Institute's system (RTGS), lower case a to z; "" where it has no
    reading. Titles are left out. A name already in Latin letters is only cleaned."""
    bare = without_titles(unicodedata.normalize("NFC", name[:_LONGEST_NAME]).casefold().strip())
    if bare.isascii():
        return _NOT_LATIN.sub("", bare)
    # Importing pythainlp takes a third of a second: only who asks for a romanisation pays for it.
    from pythainlp.tokenize import subword_tokenize
    from pythainlp.transliterate import romanize

    # By syllables: the engine reads a whole word by patterns that eat vowels at the seams (สุวรรณ, ณัฐพล).
    syllables = subword_tokenize(_NOT_NAME.sub("", bare), engine="dict") if _NOT_NAME.sub("", bare) else []
    return _NOT_LATIN.sub("", "".join(romanize(_respelt(syllable), engine="royin") for syllable in syllables))


def offered(given: str, family: str, *, given_en: str = "", family_en: str = "") -> list[str]:
    """Latin local parts to offer a person, the usual first: `somchai.j`, `somchai.jai`, `somchai.jaidee`, `somchai`.

    The person's own spelling of their name goes before a romanisation. All of them pass `require_local_part`; there
    may be none.
    """
    first = _NOT_LATIN.sub("", given_en.casefold()) or romanised(given)
    last = _NOT_LATIN.sub("", family_en.casefold()) or romanised(family)
    made = [f"{first}.{last[:size]}" for size in (1, 3, LONGEST_OCTETS) if first and last]
    return _acceptable([*made, first])


def offered_in_thai(given: str, family: str) -> list[str]:
    """Local parts in Thai script to offer as a second address (rfc6531): สมชาย.ใจดี, สมชาย; none for other names."""
    first, last = (_NOT_THAI.sub("", without_titles(_normal(name))) for name in (given, family))
    made = [f"{first}.{last}"] if first and last else []
    return _acceptable([*made, first])


def numbered(local: str, number: int) -> str:
    """`local` for the second, third … person who would have it: `somchai.j2`."""
    figure = str(number)
    kept = local.encode()[: LONGEST_OCTETS - len(figure)].decode(errors="ignore").rstrip("._-")
    return f"{kept}{figure}"


def _acceptable(wanted: list[str]) -> list[str]:
    found: list[str] = []
    for local in wanted:
        try:
            found.append(require_local_part(local))
        except (LocalPartInvalid, LocalPartReserved):
            continue
    return list(dict.fromkeys(found))


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name[:_LONGEST_NAME]).strip()


def _respelt(syllable: str) -> str:
    """As it is spoken, where the engine reads letter by letter: สร is s, the a of อภิ is not written."""
    for pattern, spoken in _SPOKEN:
        syllable = pattern.sub(spoken, syllable)
    return syllable


_LONGEST_NAME: Final = 100

_LATIN: Final = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")

_CONSONANT: Final = "[กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ]"
"""Without ฃ and ฅ, which nobody writes any more and which look like ข and ค."""
_SIGNS: Final = (
    "(?:[\u0e31\u0e34-\u0e39]?[\u0e48-\u0e4b]?[\u0e30\u0e32\u0e33\u0e45]?"
    "|\u0e3a|\u0e47|[\u0e34\u0e38]?\u0e4c)"
)
"""After a consonant: a vowel above or below, then a tone, then a vowel behind; or one of ◌ฺ ◌็ ◌์."""
_SYLLABLES: Final = f"(?:[ฤฦ]\u0e45?|[เแโใไ]?{_CONSONANT}{_SIGNS})+"
_THAI: Final = re.compile(f"{_SYLLABLES}[0-9]*(?:[._-](?:{_SYLLABLES}[0-9]*|[0-9]+))*")
_DOUBLED_E: Final = "เเ"
_AM_IN_TWO: Final = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")

_MARKS: Final = re.compile("[._-]")
_TONES: Final = re.compile("[\u0e47-\u0e4e]")
_ALIKE: Final = str.maketrans("0134578$|il", "oleastbslll")
_NOT_LATIN: Final = re.compile("[^a-z]")
_NOT_THAI: Final = re.compile("[^ก-ฮ\u0e30-\u0e39\u0e40-\u0e4e]")
_NOT_NAME: Final = re.compile("[^a-zก-ฮ\u0e30-\u0e39\u0e40-\u0e4e]")

_SPOKEN: Final = (
    (re.compile("^([เแโใไ]?)([ศส])ร(?=[\u0e30-\u0e39\u0e47-\u0e4b]|[ก-ฮ])"), r"\1\2"),
    (re.compile("^ทร(?=[\u0e31\u0e32\u0e35])"), "ซ"),
    (re.compile("^อ(?=[ก-ฮ][\u0e30-\u0e39])"), "อะ"),
    (re.compile("^เ(?![กขคตปพผ][รลว])([ก-ฮ])([รลนมงญยว])\u0e34(?=[ก-ฮ])"), "\\1ะเ\\2\u0e34"),
    (re.compile("(?<=[กทปศสพ])ฤ|^ฤ(?=ทธ)"), "ร\u0e34"),
    (re.compile("^นฤ"), "นะร\u0e36"),
    (re.compile("ฤ"), "ร\u0e36"),
)


def _looks(names: str) -> frozenset[str]:
    return frozenset(look(name) for name in names.split())


_OF_THE_SERVICE: Final = _looks(
    # rfc2142#4, rfc2142#5, and the names a certificate is given for or a machine writes under
    "postmaster abuse hostmaster webmaster noc security usenet uucp ftp www "
    "admin administrator administration sysadmin sys-admin superuser root toor operator moderator system daemon nobody "
    "mailer-daemon maildaemon mailerdaemon mail smtp imap pop pop3 webmail jmap ldap dns ns mx "
    "no-reply noreply do-not-reply donotreply bounce bounces return returns null devnull "
    "ssl ssladmin ssl-admin sslwebmaster tls is-security cert certs csirt cirt soc "
    "dmarc tlsrpt tls-rpt smtp-tls-reporting dkim spf mta-sts autoconfig autodiscover localhost broadcasthost "
    "pirab spam ham quarantine phishing virus antivirus quota "
    "ผู้ดูแล ผู้ดูแลระบบ ผู้ดูแลเว็บ ผู้ดูแลเมล แอดมิน แอดมินระบบ ระบบ เว็บมาสเตอร์ โพสต์มาสเตอร์ ผู้บริหารระบบ ห้ามตอบ ไม่ต้องตอบ "
    "ไม่ตอบกลับ พิราบ ระบบพิราบ ระบบเมล ระบบอีเมล ศูนย์ไซเบอร์ ความปลอดภัย ความมั่นคงปลอดภัย แจ้งเหตุ แจ้งสแปม"
)
_NOWHERE_WITHIN: Final = _looks(
    "postmaster hostmaster webmaster mailerdaemon administrator ผู้ดูแลระบบ โพสต์มาสเตอร์ แอดมิน"
)

_OF_OFFICES: Final = _looks(
    "info support help helpdesk contact contactus service services office marketing sales news press pr media "
    "hr jobs recruit recruitment finance billing accounts accounting procurement legal privacy dpo complaint "
    "complaints all everyone everybody staff team list lists group groups announce director governor minister "
    "secretary permanent-secretary mayor secretariat registry callcenter call-center it ict "
    "ติดต่อ ติดต่อเรา ช่วยเหลือ บริการ ประชาสัมพันธ์ ข่าว ร้องเรียน รับเรื่องร้องเรียน ร้องทุกข์ ทุกคน ทั้งหมด บุคลากร การเงิน พัสดุ กฎหมาย "
    "เลขานุการ สำนักงาน อธิบดี รัฐมนตรี ปลัด ปลัดกระทรวง ผู้ว่า ผู้ว่าราชการ ผู้ว่าราชการจังหวัด ผู้อำนวยการ นายก นายกรัฐมนตรี "
    "นายกเทศมนตรี ประกาศ"
)
_OFFICE_BEGINNINGS: Final = tuple(_looks("saraban สารบรรณ"))
"""The central address of every agency begins so: nobody may write in its name by an address that looks like it."""
