"""Logs: one JSON object a line, and nothing in it that must not be there."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from pirab.core import log


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_says_who_when_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("lmtp")
    log.get_logger("pirab.lmtp").info("ข้อความเข้า", account=7)
    (line,) = lines(capsys)
    assert line["event"] == "ข้อความเข้า"
    assert (line["service"], line["level"], line["account"]) == ("lmtp", "info", 7)
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize(
    "name",
    ["password", "token", "scan_token", "Authorization", "django_key", "secret_key", "sessionid", "cookies"],
)
def test_secrets_are_replaced_at_every_depth(capsys: pytest.CaptureFixture[str], name: str) -> None:
    log.configure("app")
    log.get_logger("x").warning("sign-in", **{name: "hunter2", "request": {"headers": [{name: "hunter2"}]}})
    assert "hunter2" not in capsys.readouterr().err


def test_content_is_replaced_by_its_size(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("app")
    log.get_logger("x").info("mail", body="ลับมาก", subject="ลับ", raw=b"ab" * 50, other=memoryview(b"abc"))
    (line,) = lines(capsys)
    assert line["body"] == "[6 characters]"
    assert line["raw"] == "[100 octets]"
    assert line["other"] == "[3 octets]"
    assert "ลับ" not in json.dumps(line, ensure_ascii=False)


def test_libraries_write_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("worker")
    logging.getLogger("procrastinate").info("job %s", 12, extra={"token": "t0ken"})
    (line,) = lines(capsys)
    assert (line["event"], line["service"], line["token"]) == ("job 12", "worker", "[secret]")


def test_a_row_quoted_by_postgresql_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("app")
    from_postgresql = "violates check\nDETAIL:  Failing row contains (ลับมาก).\nCONTEXT:  COPY line 1"
    try:
        raise ValueError(from_postgresql)
    except ValueError:
        log.get_logger("x").exception("failed")
    (line,) = lines(capsys)
    assert "violates check" in str(line["exception"])
    assert "ลับมาก" not in str(line["exception"])


def test_long_and_deep_values_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("app", "debug")
    deep: object = "end"
    for _ in range(50):
        deep = {"a": deep}
    log.get_logger("x").debug("big", long="ก" * 1_000_000, deep=deep, newline="a\nb")
    err = capsys.readouterr().err
    assert len(err) < 10_000
    assert err.count("\n") == 1


def test_the_level_holds(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("app", "warning")
    log.get_logger("x").info("no")
    logging.getLogger("y").info("no")
    assert capsys.readouterr().err == ""
