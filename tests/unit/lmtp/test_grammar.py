"""Paths, parameters and XFORWARD attributes, the honest ones and the hostile ones."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pirab.lmtp.grammar import GrammarError, parse_mail, parse_rcpt, parse_xforward


def refusal_of(parse: Callable[[str], object], arguments: str, default: int) -> int:
    """The reply code a parser refuses with, or `default` where it accepts."""
    try:
        parse(arguments)
    except GrammarError as refused:
        return refused.reply_code
    return default


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ("FROM:<a@b.test>", "a@b.test"),
        ("from:<a@b.test>", "a@b.test"),
        ("FROM: <a@b.test>", "a@b.test"),
        ("FROM:<>", ""),
        ("FROM:<สมชาย@กระทรวง.ไทย>", "สมชาย@กระทรวง.ไทย"),
        ('FROM:<"a b"@b.test>', '"a b"@b.test'),
        (r'FROM:<"a\"> x"@b.test>', r'"a\"> x"@b.test'),
        ('FROM:<"a>b"@b.test>', '"a>b"@b.test'),
        ("FROM:<a@[192.0.2.1]>", "a@[192.0.2.1]"),
        ("FROM:<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]"),
        ("FROM:<@one.test,@two.test:a@b.test>", "a@b.test"),
        ("FROM:<a..b.@docomo.test>", "a..b.@docomo.test"),
        ("FROM:<postmaster>", "postmaster"),
    ],
)
def test_a_reverse_path_that_real_senders_use(arguments: str, path: str) -> None:
    assert parse_mail(arguments).reverse_path == path


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "FROM:",
        "FROM:a@b.test",
        "FROM:<a@b.test",
        "FROM:a@b.test>",
        "TO:<a@b.test>",
        "FROM:<a@b.test>x",
        "FROM:<a@@b.test>",
        "FROM:<a b@c.test>",
        "FROM:<a@b.test><c@d.test>",
        "FROM:<a@b.test,c@d.test>",
        "FROM:<@b.test>",
        "FROM:<a@>",
        'FROM:<"a@b.test>',
        "FROM:<" + "a" * 1100 + "@b.test>",
    ],
)
def test_a_path_that_could_mean_two_things_is_refused(arguments: str) -> None:
    with pytest.raises(GrammarError) as refused:
        parse_mail(arguments)
    assert refused.value.reply_code == 501


def test_the_parameters_of_mail() -> None:
    parameters = parse_mail("FROM:<a@b.test> SIZE=1234 body=8bitmime SMTPUTF8").parameters
    assert (parameters.size, parameters.is_8bit, parameters.is_smtputf8) == (1234, True, True)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("SIZE=", 501),
        ("SIZE=-1", 501),
        ("SIZE=๑๒", 501),
        ("SIZE=" + "9" * 21, 501),
        ("BODY=BINARYMIME", 501),
        ("SMTPUTF8=1", 501),
        ("RET=FULL", 555),
        ("=", 555),
    ],
)
def test_a_parameter_that_was_not_offered_is_refused(word: str, code: int) -> None:
    with pytest.raises(GrammarError) as refused:
        parse_mail(f"FROM:<a@b.test> {word}")
    assert refused.value.reply_code == code


def test_a_forward_path_is_never_empty_and_takes_no_parameter() -> None:
    assert parse_rcpt("TO:<สมหญิง@example.test>") == "สมหญิง@example.test"
    for arguments, code in (("TO:<>", 501), ("TO:<a@b.test> NOTIFY=NEVER", 555)):
        with pytest.raises(GrammarError) as refused:
            parse_rcpt(arguments)
        assert refused.value.reply_code == code


def test_xforward_attributes_are_decoded_and_unavailable_ones_left_out() -> None:
    attributes = parse_xforward("NAME=[UNAVAILABLE] ADDR=192.0.2.9 HELO=a+2Bb IDENT=4XyZ source=REMOTE")
    assert attributes == {"ADDR": "192.0.2.9", "HELO": "a+b", "IDENT": "4XyZ", "SOURCE": "REMOTE"}
    assert parse_xforward("HELO=+E0+B8+81")["HELO"] == "ก"


@pytest.mark.parametrize("arguments", ["", "IDENT", "EVIL=1", "HELO=a+0D+0AMAIL", "HELO=a+00"])
def test_a_forged_xforward_is_refused(arguments: str) -> None:
    with pytest.raises(GrammarError):
        parse_xforward(arguments)


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for parse in (parse_mail, parse_rcpt, parse_xforward):
        for arguments in (text, f"FROM:<{text}>", f"TO:<{text}>", f"HELO={text}"):
            assert 500 <= refusal_of(parse, arguments, default=500) < 600


def test_a_long_hostile_path_costs_no_more_than_its_length() -> None:
    """A quadratic or exponential pattern would not come back from these."""
    for path in ("a." * 500, "." * 1000, '"' + "\\\\" * 500, "@a," * 300, "a" * 1000):
        with pytest.raises(GrammarError):
            parse_mail(f"FROM:<{path} >")
