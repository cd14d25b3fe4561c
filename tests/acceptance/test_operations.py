"""The engine side of the system: one command, faults of every process, refusals in the session."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest

from tests.acceptance.clients import JmapClient, SmtpSession, eventually, letter, send
from tests.acceptance.outside import NameServer
from tests.acceptance.system import System

READER = "somchai@moi.go.test"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*" + "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
TESTFILES = Path("/usr/share/clamav-testfiles")


@pytest.fixture
def reader(system: System) -> JmapClient:
    return JmapClient(system, system.account(READER))


def attached(content: bytes, name: str = "file.bin") -> bytes:
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "someone@outside.test", READER, "A file"
    message.set_content("See the file.")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def test_status_tells_everything_a_machine_needs(system: System) -> None:
    report = system.status()
    names = {entry["name"] for entry in report["processes"]}
    assert names >= {
        "postgres",
        "redis",
        "clamd",
        "rspamd",
        "postfix",
        "lookups",
        "lmtp",
        "app",
        "push",
        "worker",
        "nginx",
    }
    assert all(entry["state"] == "running" and entry["pid"] for entry in report["processes"])
    assert report["queue"].keys() >= {"active", "deferred"}
    assert report["signatures"]["kind"] == "local"
    assert report["selfcheck"]["ok"] is True
    assert report["checks_off"] == []
    assert {"email", "password", "token", "role"} == report["demo"]["accounts"][0].keys()


def test_a_second_up_leaves_running_processes_alone(system: System) -> None:
    before = {entry["name"]: entry["pid"] for entry in system.status()["processes"]}
    completed = system.command("up")
    after = {entry["name"]: entry["pid"] for entry in system.status()["processes"]}
    assert before == after
    assert system.environment.public_url in completed.stdout
    assert READER in completed.stdout


def test_a_taken_port_is_named_with_its_holder(system: System) -> None:
    """Another home on the same ports: the check must see this system's own processes as the holders."""
    other = {**system.variables, "PIRAB_HOME": str(system.home.parent / "not-started")}
    completed = System(system.environment, other).command("up", expect=1)
    assert "is held by process" in completed.stderr
    assert "PIRAB_PORT_BASE" in completed.stderr


@pytest.mark.parametrize("value", ["70000", "0", "x", "-1", "1e3", "²"])
def test_a_wrong_setting_stops_the_start_with_one_line(system: System, value: str) -> None:
    wrong = System(system.environment, {**system.variables, "PIRAB_SMTP_PORT": value})
    completed = wrong.command("up", expect=1)
    assert completed.stderr.count("\n") <= 4
    assert "PIRAB_SMTP_PORT" in completed.stderr


def test_mail_crosses_the_whole_system_unchanged(system: System, reader: JmapClient) -> None:
    subject = f"unchanged {time.time_ns()}"
    original = letter(subject, "Bare\rreturn, NUL \x00 and " + "x" * 5000, "Bcc: kept@outside.test\r\n")
    assert send(system, READER, original).code == 250
    (found,) = eventually(lambda: reader.emails(subject))
    assert reader.download(found["blobId"]).endswith(original)


@pytest.mark.parametrize(
    ("recipient", "code", "enhanced"),
    [
        ("nobody-here@moi.go.test", 550, "5.1.1"),
        ("x@elsewhere.example", 554, "5.7.1"),
        ("x@unknown.test", 554, "5.7.1"),
    ],
)
def test_recipients_are_judged_in_the_session(
    system: System, recipient: str, code: int, enhanced: str
) -> None:
    reply = send(system, recipient, letter("refused"))
    assert (reply.code, reply.text.split()[0]) == (code, enhanced)


def test_a_message_too_large_is_refused_before_and_after_data(system: System) -> None:
    limit = system.environment.message_size_limit
    session = SmtpSession(system)
    reply = session.say(f"MAIL FROM:<someone@outside.test> SIZE={limit + 1}")
    session.close()
    assert (reply.code, reply.text.split()[0]) == (552, "5.3.4")
    content = letter("too large") + (b"x" * 998 + b"\r\n") * (limit // 1000)
    reply = send(system, READER, content + b"x" * (limit + 1 - len(content) - 2) + b"\r\n")
    assert (reply.code, reply.text.split()[0]) == (552, "5.3.4")


def test_spam_and_viruses_are_refused_in_the_session(system: System) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eicar.com", EICAR)
    assert send(system, READER, letter("gtube", GTUBE)).code == 554
    assert send(system, READER, attached(packed.getvalue(), "letter.zip")).code == 554
    assert send(system, READER, letter("clean afterwards")).code == 250


@pytest.mark.skipif(not TESTFILES.is_dir(), reason="clamav-testfiles is not installed")
def test_every_archive_of_the_scanner_s_own_test_set_is_refused(system: System) -> None:
    files = sorted(path for path in TESTFILES.iterdir() if path.is_file())
    passed = [
        path.name
        for path in files
        if send(system, READER, attached(path.read_bytes(), path.name)).code != 554
    ]
    assert len(files) > 30
    assert passed == []


@pytest.mark.parametrize("scanner", ["clamd", "rspamd"])
def test_mail_waits_while_a_scanner_is_down_and_arrives_afterwards(
    system: System, reader: JmapClient, scanner: str
) -> None:
    subject = f"{scanner} {time.time_ns()}"
    message = letter(subject)
    system.stop(scanner)
    try:
        reply = send(system, READER, message)
        assert 400 <= reply.code < 500, reply
        assert reader.emails(subject) == []
    finally:
        system.start(scanner)
    eventually(lambda: send(system, READER, message).code == 250)
    assert len(eventually(lambda: reader.emails(subject))) == 1


def test_forged_scan_and_authentication_headers_prove_nothing(system: System, reader: JmapClient) -> None:
    subject = f"forged {time.time_ns()}"
    host = system.environment.hostname
    forged = (
        "X-Pirab-Scan: v=1; queue=4XyZ; action=accept; score=0.00; symbols=; mac=00\r\nx-PIRAB-scan:\r\n folded\r\n"
        f"Authentication-Results: {host}; dkim=pass\r\nAuthentication-Results: other.example; spf=pass\r\n"
    )
    assert send(system, READER, letter(subject, extra=forged), client_address="203.0.113.5").code == 250
    (found,) = eventually(lambda: reader.emails(subject))
    header = reader.download(found["blobId"]).partition(b"\r\n\r\n")[0].decode().lower()
    assert "x-pirab-scan" not in header
    assert "dkim=pass" not in header
    assert "other.example; spf=pass" in header


def test_smuggled_messages_do_not_appear(system: System, reader: JmapClient) -> None:
    """A message hidden behind a wrong end of data stays part of the first one (rfc5321#2.3.8)."""
    mark = f"smuggled {time.time_ns()}"
    endings = (b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r")
    for ending in endings:
        inner = (
            b"MAIL FROM:<ceo@moi.go.test>\r\nRCPT TO:<" + READER.encode() + b">\r\nDATA\r\n" + letter(mark)
        )
        session = SmtpSession(system)
        for command in ("MAIL FROM:<someone@outside.test>", f"RCPT TO:<{READER}>", "DATA"):
            session.say(command)
        reply = session.raw(letter(f"{mark} {ending.hex()}") + b"text" + ending + inner + b"\r\n.\r\n")
        session.close()
        assert reply.code == 250
    for ending in endings:
        assert len(eventually(partial(reader.emails, f"{mark} {ending.hex()}"))) == 1
    assert reader.emails(mark) == []


@pytest.mark.parametrize(
    "name", ["redis", "clamd", "rspamd", "postfix", "nginx", "lookups", "lmtp", "app", "postgres"]
)
def test_a_killed_process_is_back_without_orphans(system: System, reader: JmapClient, name: str) -> None:
    killed = system.kill(name)
    system.wait_restarted(name, killed)
    assert system.supervisor.groups is not None
    assert killed not in system.supervisor.groups.members(name)
    subject = f"after {name} {time.time_ns()}"
    eventually(lambda: send(system, READER, letter(subject)).code == 250)
    assert eventually(lambda: reader.emails(subject))


def test_a_killed_supervisor_leaves_nothing_that_up_cannot_take_over(
    system: System, reader: JmapClient
) -> None:
    subject = f"before {time.time_ns()}"
    assert send(system, READER, letter(subject)).code == 250
    eventually(lambda: reader.emails(subject))
    os.kill(int((system.home / "run/supervisor/supervisord.pid").read_text()), signal.SIGKILL)
    completed = system.command("up")
    assert "ended what an earlier run had left running" in completed.stdout
    assert len(reader.emails(subject)) == 1


@pytest.mark.parametrize(
    "names", [("app", "worker"), ("lmtp", "lookups"), ("postfix",), ("postgres",), ("rspamd", "clamd")]
)
def test_what_was_answered_250_is_there_exactly_once(
    system: System, reader: JmapClient, names: tuple[str, ...]
) -> None:
    run = f"flood {'-'.join(names)} {time.time_ns()}"
    accepted = _flood_while_killing(system, run, names)
    assert len(accepted) == 100
    for name in names:
        system.wait_ready(name)
    eventually(lambda: all(reader_count(reader, subject) for subject in accepted), 120)
    assert [subject for subject in accepted if reader_count(reader, subject) != 1] == []


def reader_count(reader: JmapClient, subject: str) -> int:
    return len(reader.emails(subject))


def _flood_while_killing(system: System, run: str, names: tuple[str, ...]) -> list[str]:
    """Send 100 messages on 4 connections, repeating what was not accepted, while the processes are killed twice."""
    accepted: list[str] = []
    waiting = [f"{run} {number}" for number in range(100)]

    def sender() -> None:
        while waiting:
            try:
                subject = waiting.pop()
            except IndexError:
                return
            content = letter(subject)  # one letter: a sender repeats what was not answered, as it is
            while not _accepted(system, content):
                time.sleep(0.1)
            accepted.append(subject)

    threads = [threading.Thread(target=sender) for _ in range(4)]
    for thread in threads:
        thread.start()
    for share in (80, 40):
        while len(waiting) > share:
            time.sleep(0.01)
        for name in names:
            system.kill(name)
            system.wait_ready(name)
    for thread in threads:
        thread.join(timeout=120)
    return accepted


def _accepted(system: System, content: bytes) -> bool:
    """Whether the answer was 250. A connection that breaks before the answer counts as no: a sender would repeat."""
    try:
        return send(system, READER, content).code == 250
    except OSError:
        return False


def test_a_full_disk_defers_and_recovers_without_hands(system: System, reader: JmapClient) -> None:
    if not system.home.is_mount():
        pytest.skip("the home has no file system of its own to fill")
    before = f"before full {time.time_ns()}"
    assert send(system, READER, letter(before)).code == 250
    eventually(lambda: reader.emails(before))
    ballast = system.home / "ballast"
    try:
        _fill(ballast)
        reply = eventually(lambda: send(system, READER, letter("full")))
        assert 400 <= reply.code < 500
    finally:
        ballast.unlink()
    after = f"after full {time.time_ns()}"
    content = letter(after)
    eventually(lambda: _accepted(system, content), 120)
    assert eventually(lambda: reader.emails(after))
    assert len(reader.emails(before)) == 1


def _fill(ballast: Path) -> None:
    block = bytes(1 << 20)
    with ballast.open("wb", buffering=0) as stream:
        while True:
            try:
                stream.write(block)
            except OSError:
                return


def test_spf_and_dkim_results_are_recorded_where_the_dns_works(
    system: System, reader: JmapClient, nameserver: NameServer
) -> None:
    nameserver.publish_text("outside.test", "v=spf1 ip4:203.0.113.7 -all")
    subject = f"spf {time.time_ns()}"
    assert send(system, READER, letter(subject), client_address="203.0.113.7").code == 250
    (found,) = eventually(lambda: reader.emails(subject))
    header = reader.download(found["blobId"]).partition(b"\r\n\r\n")[0].decode()
    assert "spf=pass" in header
