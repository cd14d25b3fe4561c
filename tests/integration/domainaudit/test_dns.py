"""What a name server may say, and what is made of it."""

from __future__ import annotations

import time

import pytest

from pirab.domainaudit import asking, judging, spf
from pirab.domainaudit.asking import Names
from pirab.domainaudit.expected import House
from pirab.domainaudit.types import AnswerStatus, Record, RecordKind, RecordState
from tests.integration.domainaudit.conftest import HOST
from tests.integration.domainaudit.name_server import (
    HUGE,
    Misbehaviour,
    NameServer,
    circle,
    cut_off,
    failing,
    garbage,
    silence,
)

HOUSE = House(HOST, "web.pirab.test", 443, 587)


@pytest.mark.parametrize("how", [silence, failing, garbage, circle, cut_off])
def test_no_answer_is_never_an_answer(
    names: NameServer, how: Misbehaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "QUESTION_SECONDS", 0.6)
    names.misbehave("bad.go.th", how)
    begun = time.monotonic()
    answer = asking.configured().ask("bad.go.th", "TXT")
    assert answer.status is AnswerStatus.FAILED
    assert answer.values == ()
    assert time.monotonic() - begun < 10


def test_a_name_that_does_not_exist_is_an_answer(names: NameServer) -> None:
    names.publish("empty.go.th", "A", "192.0.2.1")
    asked = asking.configured()
    assert asked.ask("nothing.go.th", "TXT").status is AnswerStatus.ABSENT
    assert asked.ask("empty.go.th", "TXT").status is AnswerStatus.ABSENT


def test_huge_answers_are_cut(names: NameServer) -> None:
    names.publish("huge.go.th", "TXT", *HUGE)
    answer = asking.configured().ask("huge.go.th", "TXT")
    assert answer.status is AnswerStatus.FOUND
    assert len(answer.values) == asking.MOST_VALUES


def test_strings_are_put_together_and_control_signs_are_not_shown(names: NameServer) -> None:
    names.publish("many.go.th", "TXT", '"a" "b" "c\\007\\255"')
    assert asking.configured().ask("many.go.th", "TXT").values == ("abc\ufffd\ufffd",)


@pytest.mark.parametrize("name", ["a" * 64 + ".go.th", ".".join(["abcdefgh"] * 40), "a..b", "\\999.go.th"])
def test_names_that_cannot_be_asked(names: NameServer, name: str) -> None:
    assert asking.configured().ask(name, "TXT").status is AnswerStatus.FAILED


def test_one_look_has_an_end(names: NameServer) -> None:
    asked = Names([names.address], seconds=0)
    assert asked.ask("moi.go.th", "TXT").detail == "timeout"


def test_without_a_resolver_nothing_is_known() -> None:
    assert Names([]).ask("moi.go.th", "TXT").detail == "no_resolver"


def test_nothing_but_the_configured_resolver_is_asked(names: NameServer) -> None:
    """Names in records lead to questions, never to connections."""
    names.publish("m.go.th", "TXT", '"v=spf1 include:127.0.0.1 a:localhost redirect=_spf.m.go.th"')
    record = Record("spf", RecordKind.SPF, "m.go.th", "TXT", "v=spf1 mx -all", is_required=True)
    assert judging.look(record, HOUSE, asking.configured()).state is RecordState.WRONG
    assert {"m.go.th", "127.0.0.1", "localhost", "_spf.m.go.th"} <= set(names.asked)


@pytest.mark.parametrize(
    ("text", "state", "reason"),
    [
        ('"v=spf1 mx -all"', RecordState.FOUND, ""),
        ('"V=SPF1 MX -ALL"', RecordState.FOUND, ""),
        ('"v=spf1 ip4:192.0.2.0/24 ~all"', RecordState.FOUND, ""),
        (f'"v=spf1 a:{HOST} -all"', RecordState.FOUND, ""),
        ('"v=spf1 include:_spf.ok.test -all"', RecordState.FOUND, ""),
        ('"v=spf1 redirect=_spf.ok.test"', RecordState.FOUND, ""),
        ('"v=spf1 -mx mx -all"', RecordState.WRONG, "spf_without_us"),
        ('"v=spf1 -all mx"', RecordState.WRONG, "spf_without_us"),
        ('"v=spf1 mx"', RecordState.WRONG, "spf_open"),
        ('"v=spf1 mx +all"', RecordState.WRONG, "spf_lets_everybody"),
        ('"v=spf1 include:self.test -all"', RecordState.WRONG, "spf_too_many"),
        ('"v=spf10 mx -all"', RecordState.MISSING, "absent"),
        ('"v=spf1 ip4:999.1.1.1/99 ip6:: exists:%{i}.x -all"', RecordState.WRONG, "spf_without_us"),
    ],
)
def test_spf(names: NameServer, text: str, state: RecordState, reason: str) -> None:
    names.publish("m.go.th", "TXT", text, '"something else"')
    names.publish("m.go.th", "MX", f"10 {HOST}.")
    names.publish("_spf.ok.test", "TXT", '"v=spf1 ip4:192.0.2.25 -all"')
    names.publish("self.test", "TXT", '"v=spf1 include:self.test -all"')
    asked = asking.configured()
    verdict = spf.judge("m.go.th", asked.ask("m.go.th", "TXT"), HOST, asked)
    assert (verdict.state, verdict.reason) == (state, reason)


def test_two_spf_records_are_none(names: NameServer) -> None:
    names.publish("m.go.th", "TXT", '"v=spf1 mx -all"', '"v=spf1 -all"')
    asked = asking.configured()
    assert spf.judge("m.go.th", asked.ask("m.go.th", "TXT"), HOST, asked).reason == "spf_twice"


def record(kind: RecordKind, type_: str, value: str) -> Record:
    return Record("x", kind, "x.go.th", type_, value, is_required=True)


@pytest.mark.parametrize(
    ("wanted", "published", "state", "reason"),
    [
        (record(RecordKind.MX, "MX", f"10 {HOST}."), [f"5 {HOST.upper()}."], RecordState.FOUND, ""),
        (record(RecordKind.MX, "MX", f"10 {HOST}."), ["10 a.test."], RecordState.WRONG, "mx_elsewhere"),
        (record(RecordKind.MX, "MX", f"10 {HOST}."), ["0 ."], RecordState.WRONG, "mx_elsewhere"),
        (
            record(RecordKind.MX, "MX", f"10 {HOST}."),
            [f"10 {HOST}.", "5 a.test."],
            RecordState.WRONG,
            "mx_elsewhere_first",
        ),
        (
            record(RecordKind.MX, "MX", f"10 {HOST}."),
            [f"10 {HOST}.", "20 a.test."],
            RecordState.WRONG,
            "mx_beside",
        ),
        (
            record(RecordKind.DKIM, "TXT", "v=DKIM1; k=rsa; p=AbC="),
            ['"V=DKIM1;k=rsa;" " p=Ab C="'],
            RecordState.FOUND,
            "",
        ),
        (
            record(RecordKind.DKIM, "TXT", "v=DKIM1; k=rsa; p=AbC="),
            ['"v=DKIM1 ; p = Ab" "C="'],
            RecordState.FOUND,
            "",
        ),
        (
            record(RecordKind.DKIM, "TXT", "v=DKIM1; k=rsa; p=AbC="),
            ['"\\"v=DKIM1; k=rsa; p=AbC=\\""'],
            RecordState.FOUND,
            "",
        ),
        (
            record(RecordKind.DKIM, "TXT", "v=DKIM1; k=rsa; p=AbC="),
            ['"v=DKIM1; p=abc="'],
            RecordState.WRONG,
            "other_key",
        ),
        (
            record(RecordKind.DKIM, "TXT", "v=DKIM1; k=rsa; p=AbC="),
            ['"v=DKIM1; p="'],
            RecordState.WRONG,
            "revoked_key",
        ),
        (record(RecordKind.DKIM, "TXT", "v=DKIM1; k=rsa; p="), ['"v=DKIM1; p="'], RecordState.FOUND, ""),
        (
            record(RecordKind.DKIM, "TXT", "v=DKIM1; k=rsa; p=AbC="),
            ['"v=DKIM1; t=y:s; p=AbC="'],
            RecordState.WRONG,
            "testing_key",
        ),
        (
            record(RecordKind.DMARC, "TXT", "v=DMARC1; p=quarantine"),
            ['"v=DMARC1;p=REJECT"'],
            RecordState.FOUND,
            "",
        ),
        (
            record(RecordKind.DMARC, "TXT", "v=DMARC1; p=quarantine"),
            ['"v=DMARC1; p=none"'],
            RecordState.WRONG,
            "dmarc_none",
        ),
        (
            record(RecordKind.DMARC, "TXT", "v=DMARC1; p=quarantine"),
            ['"v=DMARC1"'],
            RecordState.WRONG,
            "dmarc_no_policy",
        ),
        (
            record(RecordKind.DMARC, "TXT", "v=DMARC1; p=quarantine"),
            ['"v=DMARC1; p=reject"', '"v=DMARC1; p=none"'],
            RecordState.WRONG,
            "twice",
        ),
        (
            record(RecordKind.MTA_STS, "TXT", "v=STSv1; id=2;"),
            ['"v=STSv1; id=1;"'],
            RecordState.WRONG,
            "old_policy",
        ),
        (
            record(RecordKind.TLS_RPT, "TXT", "v=TLSRPTv1; rua=mailto:a@b"),
            ['"v=TLSRPTv1"'],
            RecordState.WRONG,
            "no_reports",
        ),
        (record(RecordKind.SERVICE, "SRV", "0 1 587 a.test."), ["10 5 587 A.test."], RecordState.FOUND, ""),
        (
            record(RecordKind.SERVICE, "SRV", "0 1 587 a.test."),
            ["0 1 25 a.test."],
            RecordState.WRONG,
            "other_service",
        ),
        (
            record(RecordKind.AUTOCONFIG, "CNAME", "web.pirab.test."),
            ["WEB.pirab.test."],
            RecordState.FOUND,
            "",
        ),
        (
            record(RecordKind.AUTOCONFIG, "CNAME", "web.pirab.test."),
            ["other.test."],
            RecordState.WRONG,
            "other_host",
        ),
        (record(RecordKind.AUTOCONFIG, "CNAME", "web.pirab.test."), [], RecordState.MISSING, "absent"),
    ],
)
def test_verdicts(
    names: NameServer, wanted: Record, published: list[str], state: RecordState, reason: str
) -> None:
    names.publish("x.go.th", wanted.type, *published)
    verdict = judging.look(wanted, HOUSE, asking.configured())
    assert (verdict.state, verdict.reason) == (state, reason)


def test_a_host_may_lead_here_by_its_address(names: NameServer) -> None:
    names.publish("x.go.th", "A", "192.0.2.80")
    wanted = record(RecordKind.MTA_STS_HOST, "CNAME", "web.pirab.test.")
    assert judging.look(wanted, HOUSE, asking.configured()).state is RecordState.FOUND
