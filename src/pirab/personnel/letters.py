"""Letters of joining, to addresses outside a mailbox of ours: Thai first, English below."""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings

from pirab.core import clock
from pirab.personnel.types import State, Welcome
from pirab.wire.compose import Draft, compose
from pirab.wire.types import Address

_CODE: Final = (
    "รหัสยืนยันสำหรับเปิดกล่องจดหมาย: {code} / Your code",
    """รหัสยืนยันของท่านคือ  {code}

ใช้ได้ 15 นาที หากท่านไม่ได้ขอ ไม่ต้องทำอะไร และอย่าบอกรหัสนี้แก่ผู้ใด

—

Your code is  {code}

It is good for 15 minutes. If you did not ask for it, there is nothing to do. Never tell it to anybody.
""",
)
_OPEN: Final = (
    "เปิดกล่องจดหมายของท่านที่ {agency_th} / Open your mailbox",
    """เรียน {name}

{agency_th} ให้ท่านเปิดกล่องจดหมายได้แล้วที่

{link}

ลิงก์นี้ใช้ได้ครั้งเดียว ภายใน 7 วัน และเป็นของท่านเท่านั้น อย่าส่งต่อให้ผู้อื่น

—

{agency_en} lets you open your mailbox at the address above. The link is good once, for 7 days, and is yours alone:
do not pass it on.
""",
)
_REFUSED: Final = (
    "คำขอเปิดกล่องจดหมายของท่าน / Your request",
    """เรียน {name}

{agency_th} ไม่อนุมัติคำขอเปิดกล่องจดหมายของท่าน ด้วยเหตุผลว่า: {reason}

หากมีข้อสงสัย โปรดติดต่อผู้ดูแลระบบของหน่วยงาน

—

{agency_en} did not agree to your request for a mailbox: {reason}
""",
)


def link_to(secret: str) -> str:
    """Where a newcomer's browser opens the link. The secret stands behind `#`: it reaches no log and no other site."""
    return f"{settings.ENVIRONMENT.public_url}/join#{secret}"


def code_letter(address: str, code: str) -> bytes:
    """The code of a mail proof."""
    return _letter(address, "", _CODE, code=code)


def decision_letter(address: str, welcome: Welcome, secret: str) -> bytes:
    """That the link may be used, or that the request was refused."""
    texts = _REFUSED if welcome.state is State.REFUSED else _OPEN
    return _letter(
        address,
        welcome.names.full_th,
        texts,
        agency_th=welcome.agency_th,
        agency_en=welcome.agency_en or welcome.agency_th,
        link=link_to(secret),
        reason=welcome.reason,
    )


def sender() -> str:
    """Who these letters are from."""
    return f"no-reply@{settings.ENVIRONMENT.hostname}"


def _letter(address: str, name: str, texts: tuple[str, str], **words: str) -> bytes:
    subject, text = texts
    values = {"name": name} | words
    return compose(
        Draft(
            from_=(Address("พิราบ", sender()),),
            to=(Address(name, address),),
            subject=subject.format_map(values),
            message_id=f"joining.{secrets.token_hex(12)}@{settings.ENVIRONMENT.hostname}",
            date=clock.now(),
            text=text.format_map(values),
            extra_headers=(("Auto-Submitted", "auto-generated"),),
        )
    )
