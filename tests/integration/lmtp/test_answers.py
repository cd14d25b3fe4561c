"""What Postfix is told about domains, recipients, transports, quota and senders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pirab.core import db
from pirab.lmtp.answers import Answers, Outside
from pirab.lmtp.socketmap import Request, Status
from tests.conftest import Member

HOSTILE_KEYS = (
    "",
    "@",
    "a@",
    "*",
    ".",
    "x" * 4000,
    "a@b@moi.go.test",
    "'; drop table directory_domain; --",
    "a\nb@moi.go.test",
    "a\x00b@moi.go.test",
    "%s@moi.go.test",
    "\u202emoi.go.test",
    "a@xn--0.test",
    "a@" + "x." * 1000 + "test",
)


@pytest.fixture
def answers(db: None) -> Answers:
    return Answers(Path("/run/lmtp.sock"), Outside.TEST)


def told(answers: Answers, map_name: str, key: str) -> str:
    answer = answers.answer(Request(map_name, key))
    return answer.text if answer.status is Status.OK else answer.status.value


def test_domains_of_ours_in_any_spelling(answers: Answers, make_member: Callable[..., Member]) -> None:
    make_member("สมชาย", domain="กระทรวง.ไทย")
    make_member()
    for key in ("moi.go.test", "MOI.go.test", "กระทรวง.ไทย", "xn--12cah0eb6cg6ewj.xn--o3cw4h"):
        assert told(answers, "domain", key) in ("local", "NOTFOUND")
    assert told(answers, "domain", "MOI.go.test") == "local"
    assert told(answers, "domain", "กระทรวง.ไทย") == "local"
    for key in ("sub.moi.go.test", ".moi.go.test", "go.test", "example.test"):
        assert told(answers, "domain", key) == "NOTFOUND"


def test_only_full_addresses_take_mail(answers: Answers, make_member: Callable[..., Member]) -> None:
    member = make_member("somchai")
    thai = make_member("สมชาย", domain="กระทรวง.ไทย")
    assert told(answers, "recipient", member.email) == str(member.account_id)
    assert told(answers, "recipient", "SomChai+list@moi.go.test") == str(member.account_id)
    assert told(answers, "recipient", "สมชาย@กระทรวง.ไทย") == str(thai.account_id)
    for key in ("nobody@moi.go.test", "@moi.go.test", "somchai", "somchai@", "moi.go.test"):
        assert told(answers, "recipient", key) == "NOTFOUND"
    db.execute("update directory_account set is_active = false where id = %s", (member.account_id,))
    assert told(answers, "recipient", member.email) == "NOTFOUND"


@pytest.mark.parametrize(
    ("outside", "test_domain", "real_domain"),
    [
        (Outside.TEST, "smtp:", "error:5.7.1"),
        (Outside.ON, "smtp:", "smtp:"),
        (Outside.OFF, "error:5.7.1", "error:5.7.1"),
    ],
)
def test_transports(member: Member, outside: Outside, test_domain: str, real_domain: str) -> None:
    answers = Answers(Path("/run/lmtp.sock"), outside)
    assert told(answers, "transport", member.email) == "lmtp:unix:/run/lmtp.sock"
    assert told(answers, "transport", "moi.go.test") == "lmtp:unix:/run/lmtp.sock"
    assert told(answers, "transport", "nobody@moi.go.test") == "lmtp:unix:/run/lmtp.sock"
    assert told(answers, "transport", "a@sink.test").startswith(test_domain)
    assert told(answers, "transport", "a@sink.TEST.").startswith(test_domain)
    assert told(answers, "transport", "a@example.com").startswith(real_domain)
    assert told(answers, "transport", "a@test.example.com").startswith(real_domain)
    for key in ("*", ".go.test", ""):
        assert told(answers, "transport", key) == "NOTFOUND"


def test_a_full_mailbox_is_said_at_rcpt(answers: Answers, make_member: Callable[..., Member]) -> None:
    full, fine = make_member(quota_bytes=1000), make_member()
    db.execute("update store_account set used_bytes = 1000 where account_id = %s", (full.account_id,))
    assert told(answers, "quota", full.email).startswith("452 4.2.2 ")
    for key in (fine.email, "nobody@moi.go.test", "moi.go.test", "somchai@", "@moi.go.test"):
        assert told(answers, "quota", key) == "NOTFOUND"


def test_an_address_without_a_store_is_not_full(answers: Answers, member: Member) -> None:
    db.execute("delete from store_account where account_id = %s", (member.account_id,))
    assert told(answers, "quota", member.email) == "NOTFOUND"


def test_who_may_send_as(answers: Answers, make_member: Callable[..., Member]) -> None:
    member, other = make_member(), make_member()
    assert told(answers, "senderlogin", member.email) == member.email
    assert told(answers, "senderlogin", member.email) != other.email
    for key in ("nobody@moi.go.test", "@moi.go.test", "boss@example.com", ""):
        assert told(answers, "senderlogin", key) == "NOTFOUND"


@pytest.mark.parametrize("key", HOSTILE_KEYS)
@pytest.mark.parametrize("map_name", ["domain", "recipient", "transport", "quota", "senderlogin"])
def test_a_hostile_key_finds_nothing_of_ours(
    answers: Answers, member: Member, map_name: str, key: str
) -> None:
    assert told(answers, map_name, key) in ("NOTFOUND", "lmtp:unix:/run/lmtp.sock", "smtp:") or told(
        answers, map_name, key
    ).startswith("error:5.7.1")
    assert key not in told(answers, map_name, key) or not key


def test_an_unknown_map_is_a_mistake(answers: Answers) -> None:
    assert answers.answer(Request("passwords", "x")).status is Status.PERM
