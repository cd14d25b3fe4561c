"""The settings: every wrong value is one clear line, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pirab.conf.environment import ConfigurationError, Environment, Mode, Outbound, unknown_names


def load(**values: str) -> Environment:
    return Environment.load({f"PIRAB_{name}": value for name, value in values.items()})


def test_an_empty_environment_is_development_on_loopback() -> None:
    environment = load()
    assert environment.mode is Mode.DEVELOPMENT
    assert environment.outbound is Outbound.TEST
    assert environment.bind_address == "127.0.0.1"
    assert environment.ports.http == 8080
    assert environment.public_url == "http://localhost:8080"
    assert environment.message_size_limit == 52_428_800


def test_production_writes_to_the_internet_unless_told_otherwise() -> None:
    assert load(MODE="production").outbound is Outbound.ON
    assert load(MODE="production", OUTBOUND="off").outbound is Outbound.OFF


def test_a_port_base_moves_every_port_and_leaves_chosen_ones() -> None:
    ports = load(PORT_BASE="20000", SMTP_PORT="25").ports
    assert ports.smtp == 25
    assert ports.http == 20_080
    assert len(set(ports.by_name().values())) == len(ports.by_name())
    assert all(20_000 <= port < 20_100 for name, port in ports.by_name().items() if name != "smtp")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_PORT", "0"),
        ("SMTP_PORT", "65536"),
        ("SMTP_PORT", "8080"),
        ("SMTP_PORT", "twenty"),
        ("SMTP_PORT", "+25"),
        ("SMTP_PORT", "2_5"),
        ("SMTP_PORT", "٢٥"),
        ("SMTP_PORT", "9" * 400),
        ("PORT_BASE", "65500"),
        ("MODE", "Production"),
        ("OUTBOUND", "yes"),
        ("DNS", "maybe"),
        ("SIGNATURES", ""),
        ("HOSTNAME", "mail"),
        ("HOSTNAME", "mail.example.test\nmydestination = evil"),
        ("HOSTNAME", "-mail.example.test"),
        ("HOSTNAME", "a" * 64 + ".test"),
        ("HOSTNAME", "จดหมาย.ไทย"),
        ("PUBLIC_URL", "mail.example.test"),
        ("PUBLIC_URL", "ftp://mail.example.test"),
        ("PUBLIC_URL", "https://mail.example.test/path"),
        ("PUBLIC_URL", "https://user@mail.example.test"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://host:99999"),
        ("BIND_ADDRESS", "localhost"),
        ("BIND_ADDRESS", "::"),
        ("BIND_ADDRESS", "1.2.3.256"),
        ("RESOLV_CONF", "/nonexistent/resolv.conf"),
        ("RESOLV_CONF", "resolv.conf"),
        ("MESSAGE_SIZE_LIMIT", "1"),
        ("QUOTA_DEFAULT", "-5"),
        ("UNDO_SECONDS", "1.5"),
        ("HOME", "var"),
        ("HOME", "/srv/" + "x" * 80),
        ("HOME", "/srv/with space"),
        ("HOME", "/srv/with%percent"),
        ("HOME", '/srv/with"quote'),
        ("HOME", "/srv/พิราบ"),
        ("HOME", "/srv/a\x00b"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_its_variable(name: str, value: str) -> None:
    if (name, value) == ("SIGNATURES", ""):
        assert load(SIGNATURES="").signatures == "auto"  # an empty variable counts as unset
        return
    with pytest.raises(ConfigurationError) as caught:
        load(**{name: value})
    text = str(caught.value)
    assert f"PIRAB_{name}" in text or name == "PORT_BASE"
    assert "\n" not in text


def test_two_doors_on_one_port_are_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=r"PIRAB_SUBMISSION_PORT is 2525, which PIRAB_SMTP_PORT already uses"
    ):
        load(SUBMISSION_PORT="2525")


def test_unread_variables_are_found_and_those_of_tests_are_not() -> None:
    assert unknown_names(
        {"PIRAB_HOMES": "x", "PIRAB_HOME": "/a", "PATH": "/bin", "PIRAB_TEST_KEEP": "1"}
    ) == ["PIRAB_HOMES"]


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_missing_or_damaged_secret_says_which_file(tmp_path: Path, content: bytes | None) -> None:
    environment = load(HOME=str(tmp_path))
    environment.secrets_dir.mkdir()
    if content is not None:
        (environment.secrets_dir / "django.key").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"django\.key"):
        _ = environment.secret_key


def test_secrets_are_not_part_of_the_printed_value(tmp_path: Path) -> None:
    environment = load(HOME=str(tmp_path))
    environment.secrets_dir.mkdir()
    (environment.secrets_dir / "scan.token").write_text("very-secret\n")
    assert environment.scan_token == "very-secret"
    assert "very-secret" not in repr(environment)
