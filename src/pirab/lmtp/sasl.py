"""Dovecot's authentication protocol, version 1.1, server side: Postfix checks submission passwords.

Lines of TAB-separated fields. After the greeting Postfix sends `AUTH <id> <mechanism> … resp=<base64>`; the
answer is `OK <id> user=<login>`, `FAIL <id> reason=…` or `CONT <id> <base64 challenge>`, which Postfix
answers with `CONT <id> <base64>`. Mechanisms: PLAIN (rfc4616) and LOGIN; both need TLS, which Postfix
enforces.

`Conversation` is a pure state machine; a password leaves it only inside a `Check`, which is never logged. A
database that is away must not look like a wrong password, and Postfix 3.7 knows no temporary FAIL: the
connection then ends without an answer, which Postfix reports as 454 4.7.0.
"""

import base64
import binascii
import os
import re
import secrets
from enum import Enum
from typing import Final

import msgspec

LONGEST_LINE: Final = 8192
"""Octets of one line; a login and a password of 1,000 octets each fit well."""

MOST_PENDING: Final = 16
"""Exchanges one connection may have open; a Postfix process has one."""

LONGEST_CREDENTIAL: Final = 1024

_ESCAPES: Final = {"\x01": "\x011", "\t": "\x01t", "\r": "\x01r", "\n": "\x01n", "\x00": "\x010"}
_LOGIN_PROMPT: Final = base64.b64encode(b"Username:").decode("ascii")
_PASSWORD_PROMPT: Final = base64.b64encode(b"Password:").decode("ascii")


class ProtocolError(Exception):
    """The client does not speak the protocol; the connection ends."""


class Check(msgspec.Struct, frozen=True):
    """A password to be checked for the exchange `exchange_id`; `address` is the client's IP address as Postfix says."""

    exchange_id: str
    login: str
    password: str
    address: str = ""

    def __repr__(self) -> str:
        return f"Check({self.exchange_id}, {self.login!r}, …)"


class _Step(Enum):
    PLAIN_RESPONSE = "plain response"
    LOGIN_NAME = "login name"
    LOGIN_PASSWORD = "login password"  # noqa: S105 - the name of a step
    CHECKING = "checking"


class _Exchange(msgspec.Struct):
    step: _Step
    login: str = ""
    address: str = ""


class Conversation:
    """One connection of one Postfix process; `connection_id` only tells connections apart."""

    def __init__(self, connection_id: int) -> None:
        self._input = bytearray()
        self._exchanges: dict[str, _Exchange] = {}
        self._lines = [
            "VERSION\t1\t1",
            "MECH\tPLAIN\tplaintext",
            "MECH\tLOGIN\tplaintext",
            f"SPID\t{os.getpid()}",
            f"CUID\t{connection_id}",
            f"COOKIE\t{secrets.token_hex(16)}",
            "DONE",
        ]

    def take_output(self) -> bytes:
        """Everything to be written now."""
        output = "".join(f"{line}\n" for line in self._lines).encode()
        self._lines.clear()
        return output

    def feed(self, octets: bytes) -> None:
        self._input += octets

    def advance(self) -> Check | None:
        """Interpret complete lines up to the next password; raises `ProtocolError`."""
        while (end := self._input.find(b"\n")) >= 0:
            line = bytes(self._input[:end])
            del self._input[: end + 1]
            if len(line) > LONGEST_LINE:
                raise ProtocolError
            if check := self._interpret(line):
                return check
        if len(self._input) > LONGEST_LINE:
            raise ProtocolError
        return None

    def accept(self, check: Check, login: str) -> None:
        """The password is right; `login` is the name the directory knows the person by."""
        del self._exchanges[check.exchange_id]
        self._lines.append(f"OK\t{check.exchange_id}\tuser={_escaped(login)}")

    def reject(self, check: Check) -> None:
        """Wrong password or unknown person: the two look the same."""
        self._fail(check.exchange_id, "Wrong name or password")

    def _interpret(self, line: bytes) -> Check | None:
        try:
            verb, *fields = line.decode("utf-8").split("\t")
        except UnicodeDecodeError:
            raise ProtocolError from None
        match verb, fields:
            case "VERSION", [major, *_]:
                if major != "1":
                    raise ProtocolError
            case "CPID", [_]:
                pass
            case "AUTH", [exchange_id, mechanism, *parameters]:
                return self._start(exchange_id, mechanism.upper(), parameters)
            case "CONT", [exchange_id, response]:
                return self._continue(exchange_id, response)
            case "CANCEL", [exchange_id]:
                self._exchanges.pop(exchange_id, None)
            case _:
                raise ProtocolError
        return None

    def _start(self, exchange_id: str, mechanism: str, parameters: list[str]) -> Check | None:
        if not re.fullmatch(r"[0-9]{1,10}", exchange_id, re.ASCII):
            raise ProtocolError
        if exchange_id in self._exchanges or len(self._exchanges) >= MOST_PENDING:
            raise ProtocolError
        first_step = {"PLAIN": _Step.PLAIN_RESPONSE, "LOGIN": _Step.LOGIN_NAME}.get(mechanism)
        if first_step is None:
            self._lines.append(f"FAIL\t{exchange_id}\treason=Mechanism not offered")
            return None
        address = next((each[len("rip=") :] for each in parameters if each.startswith("rip=")), "")
        self._exchanges[exchange_id] = _Exchange(first_step, address=address)
        for parameter in parameters:
            if parameter.startswith("resp="):
                return self._continue(exchange_id, parameter[len("resp=") :])
        prompt = "" if first_step is _Step.PLAIN_RESPONSE else _LOGIN_PROMPT
        self._lines.append(f"CONT\t{exchange_id}\t{prompt}")
        return None

    def _continue(self, exchange_id: str, response: str) -> Check | None:
        exchange = self._exchanges.get(exchange_id)
        if exchange is None or exchange.step is _Step.CHECKING:
            raise ProtocolError
        text = _decoded(response)
        if text is None:
            self._fail(exchange_id, "Response can not be decoded")
            return None
        if exchange.step is _Step.LOGIN_NAME:
            exchange.step, exchange.login = _Step.LOGIN_PASSWORD, text
            self._lines.append(f"CONT\t{exchange_id}\t{_PASSWORD_PROMPT}")
            return None
        if exchange.step is _Step.LOGIN_PASSWORD:
            return self._check(exchange_id, exchange, exchange.login, text)
        # rfc4616#2: authorization identity, authentication identity, password.
        parts = text.split("\0")
        if len(parts) != 3 or parts[0] not in ("", parts[1]):
            self._fail(exchange_id, "Acting for another person is not possible here")
            return None
        return self._check(exchange_id, exchange, parts[1], parts[2])

    def _check(self, exchange_id: str, exchange: _Exchange, login: str, password: str) -> Check | None:
        too_long = max(len(login), len(password)) > LONGEST_CREDENTIAL
        if not login or not password or too_long or "\0" in login + password:
            self._fail(exchange_id, "Wrong name or password")
            return None
        exchange.step = _Step.CHECKING
        return Check(exchange_id, login, password, exchange.address)

    def _fail(self, exchange_id: str, reason: str) -> None:
        self._exchanges.pop(exchange_id, None)
        self._lines.append(f"FAIL\t{exchange_id}\treason={reason}")


def _decoded(response: str) -> str | None:
    try:
        return base64.b64decode(response, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _escaped(text: str) -> str:
    """Fields are separated by TAB and lines by LF, so neither may stand inside a value."""
    return "".join(_ESCAPES.get(char, char) for char in text)
