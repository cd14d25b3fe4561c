"""Logs, queue figures, ports, demo sign-ins, DKIM keys, warnings: the parts that read what others wrote."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engines import dkim, logs, occupied, postfix, status, upkeep
from engines.demo_accounts import demo_accounts
from engines.progress import Failure
from engines.supervisor import last_lines
from pirab.conf.environment import Environment

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def environment() -> Iterator[Environment]:
    with tempfile.TemporaryDirectory(prefix="pirab-") as home:
        made = Environment.load({"PIRAB_HOME": home})
        for directory in (made.log_dir, made.run_dir, made.dkim_dir):
            directory.mkdir()
        yield made


def test_a_large_log_is_shifted_and_the_oldest_dropped(environment: Environment) -> None:
    path = environment.log_dir / "mail.log"
    told: list[Environment] = []
    for generation in range(8):
        path.write_text(f"generation {generation}\n" * 10)
        assert upkeep.rotate(path, environment, told.append, largest=10) is True
    assert len(told) == 8
    assert sorted(entry.name for entry in path.parent.iterdir()) == [
        f"mail.log.{number}" for number in range(1, 6)
    ]
    assert "generation 7" in (path.parent / "mail.log.1").read_text()


def test_a_small_or_absent_log_is_left_alone(environment: Environment) -> None:
    path = environment.log_dir / "mail.log"
    assert upkeep.rotate(path, environment, lambda _: pytest.fail("nobody is to be told")) is False
    path.write_text("short")
    assert upkeep.rotate(path, environment, lambda _: pytest.fail("nobody is to be told")) is False


def test_following_a_log_goes_on_in_the_file_that_follows_a_rotation(environment: Environment) -> None:
    path = environment.log_dir / "app.log"
    path.write_text("old\n")
    lines = logs.follow([path])
    place = logs._Place(path)
    with path.open("a") as stream:
        stream.write("one\n")
    assert place.fresh_lines() == ["one"]
    path.rename(path.with_name("app.log.1"))
    path.write_text("two\n")
    assert place.fresh_lines() == []
    assert place.fresh_lines() == ["two"]
    lines.close()  # type: ignore[attr-defined]


def test_an_unknown_log_is_answered_with_the_known_ones(environment: Environment) -> None:
    (environment.log_dir / "app.log").write_text("x")
    with pytest.raises(Failure) as caught:
        logs.show(environment, "../../etc/passwd", 5)
    assert "app" in caught.value.advice


def test_the_end_of_a_log_is_read_whatever_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(b"\xff\xfe\x00" * 20_000 + b"\nlast line\n")
    assert last_lines(path, 1) == "last line"
    assert last_lines(tmp_path / "absent") == ""


def test_queue_figures_count_states_and_the_oldest() -> None:
    entries: list[dict[str, object]] = [
        {"queue_name": "active", "arrival_time": 2_000_000_000},
        {"queue_name": "incoming", "arrival_time": 100},
        {"queue_name": "deferred", "arrival_time": 200},
        {"queue_name": "hold"},
        {},
    ]
    depth = postfix._summary(entries)
    assert (depth.active, depth.deferred, depth.hold) == (2, 1, 1)
    assert postfix._summary([]).oldest_seconds is None


@pytest.mark.parametrize("queue_id", [None, "", "ALL", "all", "-d", "A B", "../x"])
def test_one_message_is_deleted_never_all(environment: Environment, queue_id: str | None) -> None:
    with pytest.raises(Failure):
        postfix.queue_command(environment, "delete", queue_id)


def test_a_taken_port_is_reported_with_the_process_that_holds_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        environment = Environment.load({"PIRAB_SMTP_PORT": str(port)})
        with pytest.raises(Failure) as caught:
            occupied.check(environment)
    assert f"port {port} (smtp) is held by process {os.getpid()}" in caught.value.detail
    assert "PIRAB_" in caught.value.advice


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"{}", b"[1]", b'[{"email": "a@b.test"}]', b"\xff", b"null", b'"text"']
)
def test_a_missing_or_broken_demo_file_means_no_demo_accounts(
    environment: Environment, content: bytes | None
) -> None:
    if content is not None:
        environment.demo_file.write_bytes(content)
    assert demo_accounts(environment) == []


@needs_root
@pytest.mark.parametrize(
    "domain",
    [
        "",
        "localhost",
        "../../etc/x",
        "a..test",
        "-a.test",
        "กลาโหม.ไทย",
        "a.test\n",
        "a" * 64 + ".test",
        "a b.test",
    ],
)
def test_no_key_file_is_made_for_what_is_no_domain(environment: Environment, domain: str) -> None:
    with pytest.raises(Failure):
        dkim.ensure_key(environment, domain)
    assert list(environment.dkim_dir.iterdir()) == []


def _report(**changes: Any) -> dict[str, Any]:
    healthy: dict[str, Any] = {
        "processes": [{"name": "app", "state": "running"}],
        "signatures": {"kind": "vendor", "age_seconds": 10},
        "checks_off": [],
        "dkim": {"missing_keys": []},
        "selfcheck": {"ok": True},
        "disk": {"free_bytes": 10**11},
    }
    return {**healthy, **changes}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"processes": []}, "nothing runs"),
        ({"processes": [{"name": "clamd", "state": "exited"}]}, "clamd is exited"),
        ({"signatures": {"kind": "local", "age_seconds": 1}}, "LOCAL ONLY"),
        ({"signatures": {"kind": "none", "age_seconds": None}}, "no virus signatures"),
        ({"signatures": {"kind": "vendor", "age_seconds": 10 * 86_400}}, "10 days old"),
        ({"checks_off": ["SPF", "DMARC"]}, "SPF, DMARC"),
        ({"dkim": {"missing_keys": ["moi.go.test"]}}, "./pirab dkim moi.go.test"),
        ({"selfcheck": {"ok": False, "error": "not seen"}}, "not seen"),
        ({"disk": {"free_bytes": 5_000_000}}, "only 5 MB"),
    ],
)
def test_each_trouble_is_one_warning(changes: dict[str, Any], word: str) -> None:
    (warning,) = status.warnings(_report(**changes))
    assert word in warning


def test_a_healthy_system_warns_of_nothing() -> None:
    assert status.warnings(_report()) == []
    assert status.warnings(_report(selfcheck=None)) == []
