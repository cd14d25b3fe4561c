"""Envelopes derived from a header, and envelopes that clients write (rfc8621#7.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pirab.submission import errors
from pirab.submission.envelope import (
    Headers,
    address_key,
    checked_envelope,
    derive_envelope,
    release_time,
    wants_no_reports,
)
from pirab.submission.types import (
    LONGEST_HOLD_SECONDS,
    MOST_RECIPIENTS,
    Envelope,
    EnvelopeAddress,
    MailAddress,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ME = "somchai@moi.go.test"


def headers(**fields: list[str] | None) -> Headers:
    given = {"from_": [ME], "to": ["a@example.test"]} | fields
    return Headers(
        *(
            None if given.get(name) is None else tuple(MailAddress(None, each) for each in given[name] or ())
            for name in ("from_", "sender", "to", "cc", "bcc")
        )
    )


def emails(envelope: Envelope) -> list[str]:
    return [address.email for address in envelope.rcpt_to]


def envelope(*recipients: EnvelopeAddress, **parameters: str | None) -> Envelope:
    return Envelope(EnvelopeAddress(ME, dict(parameters)), recipients or (EnvelopeAddress("a@example.test"),))


def test_recipients_are_to_cc_and_bcc_in_order() -> None:
    derived = derive_envelope(headers(to=["a@x.test"], cc=["b@x.test"], bcc=["c@x.test"]), ME)
    assert emails(derived) == ["a@x.test", "b@x.test", "c@x.test"]
    assert derived.mail_from == EnvelopeAddress(ME)


def test_an_address_named_twice_is_served_once_in_its_first_spelling() -> None:
    derived = derive_envelope(headers(to=["Anna@X.test", "anna@x.test"], cc=["ANNA@x.TEST"]), ME)
    assert emails(derived) == ["Anna@X.test"]


def test_two_spellings_of_a_thai_domain_are_one_address() -> None:
    derived = derive_envelope(headers(to=["info@ทดสอบ.test", "info@xn--l3cfk7dp.test"]), ME)
    assert len(derived.rcpt_to) == 1


def test_sender_goes_before_from_when_the_identity_is_the_sender() -> None:
    derived = derive_envelope(headers(from_=["boss@moi.go.test"], sender=[ME]), ME)
    assert derived.mail_from.email == ME


def test_the_identity_replaces_a_sender_it_does_not_allow() -> None:
    derived = derive_envelope(headers(from_=["other@moi.go.test"]), ME)
    assert derived.mail_from.email == ME


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"from_": None}, ("from",)),
        ({"from_": []}, ("from",)),
        ({"from_": [ME, "b@moi.go.test"]}, ("from", "sender")),
        ({"sender": [ME, "b@moi.go.test"]}, ("sender",)),
    ],
)
def test_a_header_without_one_clear_sender_is_invalid(
    fields: dict[str, list[str] | None], named: tuple[str, ...]
) -> None:
    with pytest.raises(errors.InvalidEmail) as caught:
        derive_envelope(headers(**fields), ME)
    assert caught.value.properties == named


def test_nobody_to_send_to() -> None:
    with pytest.raises(errors.NoRecipients):
        derive_envelope(headers(to=None), ME)


def test_ten_thousand_recipients_are_too_many() -> None:
    crowd = [f"p{n}@example.test" for n in range(10_000)]
    with pytest.raises(errors.TooManyRecipients) as caught:
        derive_envelope(headers(to=crowd), ME)
    assert caught.value.extra == {"maxRecipients": MOST_RECIPIENTS}


def test_the_largest_number_of_recipients_is_allowed() -> None:
    crowd = [f"p{n}@example.test" for n in range(MOST_RECIPIENTS)]
    assert len(derive_envelope(headers(to=crowd), ME).rcpt_to) == MOST_RECIPIENTS


@pytest.mark.parametrize(
    "address",
    [
        "a@x.test\r\nRCPT TO:<evil@x.test>",
        "a@x.test\n",
        "a\x00@x.test",
        "a@x.test> NOTIFY=NEVER",
        " a@x.test",
        "a@x.test ",
        "a",
        "@x.test",
        "a@",
        "",
        "a@-x.test",
        "a@[127.0.0.1]",
        "a@[IPv6:::1]",
        "a" * 65 + "@x.test",
        "a@" + "x" * 64 + ".test",
        "a@" + "x." * 130 + "test",
        "\ud800@x.test",
    ],
)
def test_an_address_that_smtp_must_not_see_is_refused_by_name(address: str) -> None:
    assert address_key(address) is None
    with pytest.raises(errors.InvalidRecipients) as caught:
        checked_envelope(envelope(EnvelopeAddress("good@x.test"), EnvelopeAddress(address)))
    assert caught.value.extra["invalidRecipients"] == [address[:254]]


@pytest.mark.parametrize(
    "address", ["สมชาย@ทดสอบ.test", '"john smith"@x.test', "a+tag@x.test", "o'neil@x.test", "สมชาย@x.test"]
)
def test_unusual_but_true_addresses_are_kept(address: str) -> None:
    checked = checked_envelope(envelope(EnvelopeAddress(address)))
    assert emails(checked) == [address]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MT-PRIORITY", "3"),
        ("BODY", "BINARYMIME"),
        ("RET", "SOME"),
        ("ENVID", "line\r\nbreak"),
        ("ENVID", "x" * 101),
        ("SIZE", "-1"),
        ("SMTPUTF8", "yes"),
        ("AUTH", "<>"),
        ("", None),
        ("RET\r\n", "FULL"),
    ],
)
def test_a_parameter_that_is_not_kept_is_refused(name: str, value: str | None) -> None:
    with pytest.raises(errors.InvalidProperties) as caught:
        checked_envelope(Envelope(EnvelopeAddress(ME, {name: value}), (EnvelopeAddress("a@x.test"),)))
    assert caught.value.properties == ("envelope",)


@pytest.mark.parametrize(
    "parameters", [{"NOTIFY": "NEVER,DELAY"}, {"NOTIFY": None}, {"ORCPT": "a@x"}, {"X": "1"}]
)
def test_recipient_parameters_are_checked_too(parameters: dict[str, str | None]) -> None:
    with pytest.raises(errors.InvalidProperties):
        checked_envelope(envelope(EnvelopeAddress("a@x.test", parameters)))


def test_parameters_are_read_without_regard_to_case() -> None:
    assert wants_no_reports({"notify": "never"})
    assert not wants_no_reports({"NOTIFY": "FAILURE"})
    assert not wants_no_reports(None)
    assert release_time({"holdfor": "10"}, NOW) == NOW + timedelta(seconds=10)


def test_a_parameter_given_twice_in_two_spellings_is_refused() -> None:
    with pytest.raises(errors.InvalidProperties):
        checked_envelope(envelope(HOLDFOR="1", holdfor="2"))


def test_without_a_hold_the_mail_leaves_now() -> None:
    assert release_time(None, NOW) == NOW
    assert release_time({"HOLDFOR": "0"}, NOW) == NOW


def test_holduntil_takes_any_offset_and_the_past_is_now() -> None:
    assert release_time({"HOLDUNTIL": "2026-11-25T09:00:00+07:00"}, NOW) == datetime(
        2026, 11, 25, 2, tzinfo=UTC
    )
    assert release_time({"HOLDUNTIL": "2020-01-01T00:00:00Z"}, NOW) == NOW


@pytest.mark.parametrize(
    "parameters",
    [
        {"HOLDFOR": None},
        {"HOLDFOR": "-1"},
        {"HOLDFOR": "1e3"},
        {"HOLDFOR": "๑๐"},
        {"HOLDFOR": "1234567890"},
        {"HOLDFOR": str(LONGEST_HOLD_SECONDS + 1)},
        {"HOLDUNTIL": None},
        {"HOLDUNTIL": "tomorrow"},
        {"HOLDUNTIL": "2026-11-25T09:00:00"},
        {"HOLDUNTIL": "9999-12-31T23:59:59-23:59"},
        {"HOLDUNTIL": "2099-01-01T00:00:00Z"},
        {"HOLDFOR": "1", "HOLDUNTIL": "2026-11-25T09:00:00Z"},
    ],
)
def test_a_hold_that_makes_no_sense_is_refused(parameters: dict[str, str | None]) -> None:
    with pytest.raises(errors.InvalidProperties):
        release_time(parameters, NOW)
