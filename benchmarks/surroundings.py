"""What every benchmark needs: the account it fills, the letters, the CPU of each service, a table."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings

from engines.control_groups import Groups
from pirab.conf.environment import Environment
from pirab.directory import actions as directory
from pirab.directory import queries as people
from pirab.personnel.provisioning import open_personal_account
from pirab.signin import tokens
from pirab.store import queries as store
from pirab.wire.compose import Attachment, Draft, compose
from pirab.wire.types import Address

ADDRESS = "bench@pirab.test"
SERVICES = ("postfix", "rspamd", "clamd", "redis", "lookups", "lmtp", "app", "nginx", "postgres")
_WORDS = [
    "งบประมาณ",
    "ประชุม",
    "คณะกรรมการ",
    "หนังสือ",
    "ราชการ",
    "โครงการ",
    "รายงาน",
    "จังหวัด",
    "กระทรวง",
    "สำนักงาน",
    "พิจารณา",
    "อนุมัติ",
    "เอกสาร",
    "แนบ",
    "ดำเนินการ",
    "ตรวจสอบ",
    "ติดตาม",
    "ผลการดำเนินงาน",
    "ประชาชน",
    "บริการ",
    "ระบบ",
    "จดหมาย",
    "อิเล็กทรอนิกส์",
    "ข้อมูล",
    "ความปลอดภัย",
]


def environment() -> Environment:
    """The settings of the system being measured."""
    found: Environment = settings.ENVIRONMENT
    return found


@dataclass(frozen=True)
class BenchAccount:
    """The account the letters go to, and a token to read it."""

    account_id: int
    token: str
    person_id: int
    address: str


def account(address: str = ADDRESS) -> BenchAccount:
    """The account of `address`, made when it is missing; the benchmarks' own one when none is named."""
    recipient = people.resolve_recipient(address)
    if recipient is None:
        directory.ensure_domain(address.partition("@")[2], directory.ensure_agency("Benchmarks", "การวัดผล"))
        open_personal_account(address, "วัดผล ความเร็ว", quota_bytes=50 * 10**9)
        recipient = people.resolve_recipient(address)
    assert recipient is not None
    person_id = _person_id(address)
    return BenchAccount(recipient.account_id, tokens.issue_token(person_id, "bench"), person_id, address)


def _person_id(address: str) -> int:
    from pirab.directory.models import Person

    return Person.objects.get(login=address).pk


def letters(many: int, seed: int) -> Iterator[bytes]:
    """Ordinary letters of about 20 kB, each different: Thai text, its HTML twin, one attachment of 9 kB."""
    chance = random.Random(seed)
    run = datetime.now(UTC)
    for number in range(many):
        text = "".join(chance.choices(_WORDS, k=90)) + "\r\n" + " ".join(chance.choices(_WORDS, k=40))
        yield compose(
            Draft(
                from_=(Address("ผู้ส่งจากภายนอก", f"sender{number % 50}@outside.test"),),
                to=(Address("วัดผล", ADDRESS),),
                subject=f"{chance.choice(_WORDS)} ครั้งที่ {number}/2569",
                message_id=f"{seed}.{number}.{run.timestamp()}@outside.test",
                date=run - timedelta(minutes=number),
                text=text,
                html=f"<p>{text}</p>",
                attachments=(Attachment("application/pdf", f"เอกสาร {number}.pdf", chance.randbytes(6_600)),),
            )
        )


def emails_in(account_id: int) -> int:
    """How many emails the account holds."""
    return store.usage(account_id).email_count


def worker_seconds() -> float:
    """CPU the background worker has used so far: what it asks of PostgreSQL meanwhile is counted as ours."""
    groups = Groups.find(environment().home)
    return (groups.cpu_seconds("worker") or 0.0) if groups else 0.0


@dataclass
class Cpu:
    """CPU seconds each service spent in a block, dead children included."""

    seconds: dict[str, float] = field(default_factory=dict)

    def milliseconds_each(self, many: int) -> str:
        """The services that did something, per operation, the sum first."""
        spent = {
            name: 1000 * value / many for name, value in self.seconds.items() if 1000 * value / many >= 0.05
        }
        parts = ", ".join(
            f"{name} {value:.1f}" for name, value in sorted(spent.items(), key=lambda each: -each[1])
        )
        return f"{sum(spent.values()):.1f} ({parts})"

    def total_milliseconds(self) -> float:
        return 1000 * sum(self.seconds.values())


@contextmanager
def cpu_of_services() -> Iterator[Cpu]:
    """Read every service's control group before and after the block."""
    groups = Groups.find(environment().home)
    before = {name: (groups.cpu_seconds(name) or 0.0) if groups else 0.0 for name in SERVICES}
    cpu = Cpu()
    yield cpu
    for name in SERVICES:
        now = (groups.cpu_seconds(name) or 0.0) if groups else 0.0
        cpu.seconds[name] = now - before[name]


def line(what: str, figure: str, bar: str, ratio: float | None = None) -> None:
    """One row of the table: what, how much, the bar, and figure : bar where both are numbers."""
    print(f"{what:<58} {figure:<44} {bar:<24} {'' if ratio is None else f'{ratio:.2f}'}", flush=True)


def heading(title: str) -> None:
    """The head of one benchmark's table."""
    print(f"\n{title}")
    line("what", "seen", "bar", None)
