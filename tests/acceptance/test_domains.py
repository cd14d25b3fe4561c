"""A domain through its life on the running system: real name server, real signing, no restart of mail."""

from __future__ import annotations

import os
import subprocess
import time

import dkim
import dns.resolver
import pytest

from pirab.conf.environment import REPOSITORY
from tests.acceptance.outside import NameServer, OutsideMailServer
from tests.acceptance.people import TestPerson, open_account
from tests.acceptance.system import System
from tests.acceptance.writer import Writer

DOMAIN = f"d{os.urandom(3).hex()}.go.test"


def command(system: System, *words: str) -> str:
    """`./pirab domain …` against the system under test."""
    done = subprocess.run(
        [str(REPOSITORY / "pirab"), "domain", *words],
        env={**os.environ, **system.variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def publish_keys(system: System, nameserver: NameServer) -> None:
    """Put the signing keys of the printed zone file into the DNS."""
    for line in command(system, "zone", DOMAIN).splitlines():
        name, _, rest = line.partition("\t")
        if name.endswith("._domainkey"):
            text = rest.split("\t")[2].replace('" "', "").strip('"')
            nameserver.publish_text(f"{name}.{DOMAIN}", text)


def signatures(content: bytes, nameserver: NameServer) -> dict[str, bool]:
    """For each signature its selector and whether dkimpy finds it good."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [nameserver.address]

    def text_record(name: bytes, timeout: int = 5) -> bytes:
        answer = resolver.resolve(name.decode().rstrip("."), "TXT", lifetime=timeout)
        return b"".join(answer[0].strings)

    count = content.lower().count(b"\ndkim-signature:") + content.lower().startswith(b"dkim-signature:")
    found = {}
    for index in range(count):
        letter = dkim.DKIM(content)
        good = letter.verify(idx=index, dnsfunc=text_record)
        found[letter.signature_fields[b"s"].decode()] = good
    return found


@pytest.fixture(scope="module")
def person(system: System) -> TestPerson:
    made = open_account(system, f"writer@{DOMAIN}")
    command(system, "adopt")
    return made


def send(system: System, person: TestPerson, outside: OutsideMailServer) -> bytes:
    """A letter to the outside, as it arrived there."""
    writer, to = Writer(system, person), f"far-{os.urandom(4).hex()}@outside.test"
    writer.send(writer.draft([to], "ลงนาม", "เรียนท่าน"))
    return outside.wait_for(to).content


def send_until_signed_with(
    system: System, person: TestPerson, outside: OutsideMailServer, nameserver: NameServer, mark: str
) -> dict[str, bool]:
    """Letters until one is signed by a selector with this mark: Rspamd looks at its maps every few seconds."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = signatures(send(system, person, outside), nameserver)
        if any(mark in selector for selector in found):
            return found
    raise AssertionError(f"no signature of {mark} within a minute: {found}")


def test_keys_change_while_mail_goes_on(
    system: System, person: TestPerson, outside: OutsideMailServer, nameserver: NameServer
) -> None:
    publish_keys(system, nameserver)
    command(system, "check", DOMAIN)
    first = send_until_signed_with(system, person, outside, nameserver, "g1")
    assert len(first) == 2, "RSA and Ed25519"
    assert all(first.values())
    before = send(system, person, outside)
    command(system, "rotate", DOMAIN)
    command(system, "check", DOMAIN)
    assert "g2" not in "".join(signatures(send(system, person, outside), nameserver)), (
        "the DNS has it not yet"
    )
    publish_keys(system, nameserver)
    command(system, "check", DOMAIN)
    second = send_until_signed_with(system, person, outside, nameserver, "g2")
    assert all(second.values())
    assert all(signatures(before, nameserver).values()), "what was signed before is still good"
    assert "retired" in command(system, "keys", DOMAIN)
