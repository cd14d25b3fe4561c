"""The world outside an installation, on loopback addresses of its own: a name server and a mail server."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class NameServer:
    """dnsmasq that knows only what `publish` told it; everything else does not exist."""

    def __init__(self, directory: Path, address: str) -> None:
        self.address = address
        self._configuration = directory / "dnsmasq.conf"
        self._records: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None
        self.resolv_conf = directory / "resolv.conf"
        self.resolv_conf.write_text(f"nameserver {self.address}\noptions timeout:1 attempts:2\n")

    def publish(self, *records: str) -> None:
        """Add lines of dnsmasq's configuration (``mx-host=``, ``txt-record=``, ``host-record=``)."""
        self._records += [record for record in records if record not in self._records]
        self.stop()
        base = [
            "port=53", f"listen-address={self.address}", "bind-interfaces", "no-resolv", "no-hosts", "local=/#/",
            "cache-size=0", "user=nobody", "pid-file",
        ]  # fmt: skip
        self._configuration.write_text("\n".join([*base, *self._records]) + "\n")
        self._process = subprocess.Popen(
            ["/usr/sbin/dnsmasq", "--keep-in-foreground", f"--conf-file={self._configuration}"]
        )
        self._wait()

    def publish_text(self, name: str, value: str) -> None:
        """A TXT record of any length: strings hold 255 octets each (rfc1035#3.3)."""
        pieces = [value[start : start + 250] for start in range(0, len(value), 250)]
        self.publish(f"txt-record={name}," + ",".join(f'"{piece}"' for piece in pieces))

    def publish_mail_domain(self, domain: str, server: str) -> None:
        """Mail for ``domain`` goes to ``server``, found by its MX record."""
        self.publish(f"host-record=mx.{domain},{server}", f"mx-host={domain},mx.{domain},10")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=5)
            self._process = None

    def _wait(self) -> None:
        import dns.resolver

        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [self.address]
        resolver.lifetime = 0.2
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                resolver.resolve("ready.test", "A", raise_on_no_answer=False)
            except dns.resolver.NXDOMAIN:
                return
            except dns.exception.DNSException:
                time.sleep(0.02)
        raise AssertionError("dnsmasq does not answer")


@dataclass
class Received:
    """One message as the outside server got it."""

    reverse_path: str
    forward_paths: list[str]
    content: bytes


@dataclass
class OutsideMailServer:
    """Takes all mail, except for ``answers``: a reply for a forward path, given at RCPT."""

    address: str
    received: list[Received] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        # aiosmtpd's own start-up check connects to the address it listens on, so the port is fixed.
        self._controller = Controller(
            self, hostname=self.address, port=25, data_size_limit=100_000_000, enable_SMTPUTF8=True
        )
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self.received.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        return "250 2.0.0 Taken"

    def take(self, forward_path: str, seconds: float = 60) -> Received:
        """As `wait_for`, and out of the way of whoever waits for the next one."""
        message = self.wait_for(forward_path, seconds)
        self.received.remove(message)
        return message

    def wait_for(self, forward_path: str, seconds: float = 60) -> Received:
        """The first message for an address; fails the test when none comes in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in list(self.received):
                if forward_path in message.forward_paths:
                    return message
            time.sleep(0.05)
        raise AssertionError(f"nothing arrived for {forward_path} within {seconds:.0f} s")
