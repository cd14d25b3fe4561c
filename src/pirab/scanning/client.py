"""The client of Rspamd's `/checkv2`: bytes in, verdict out.

One HTTP client a process with connections kept open; used from any thread. Whatever is not a complete verdict
(no answer in time, an error, a scan that was skipped, a virus scanner that did not speak) raises
`ScannerUnavailable`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import httpx
import msgspec
from django.conf import settings

from pirab.core import metrics
from pirab.scanning.errors import ScannerUnavailable
from pirab.scanning.types import Action, ScanEnvelope, Verdict

ANSWER_SECONDS: Final = 14.0
"""Longest wait for a small message, in seconds; a scanner that takes longer is as good as away."""

OCTETS_PER_SECOND: Final = 2_000_000
"""A large message may take this much longer: archives in it are unpacked."""

_LIMITS: Final = httpx.Limits(max_connections=16, max_keepalive_connections=8, keepalive_expiry=20.0)

_ACTIONS: Final[Mapping[str, Action]] = {
    "no action": Action.ACCEPT,
    "greylist": Action.ACCEPT,
    "junk": Action.JUNK,  # the middle action of engines/templates/rspamd
    "rewrite subject": Action.JUNK,
    "add header": Action.JUNK,  # our own name for the middle action, see the engines' actions.conf
    "reject": Action.REJECT,
    "soft reject": Action.DEFER,
}
_VIRUS_SCANNER_DOWN: Final = frozenset({"CLAM_VIRUS_FAIL"})
_HEADER_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,76}")
_PRIVATE_HEADER: Final = "x-pirab-scan"

_scans = metrics.counter("scan", "Messages sent to the scanner by Pirab itself.", ["outcome"])
_scan_time = metrics.duration("scan", "Time the scanner took to answer.")


class _Report(msgspec.Struct):
    """What is read of Rspamd's answer; unknown fields are ignored."""

    action: str
    score: float = 0.0
    is_skipped: bool = False
    symbols: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    milter: dict[str, Any] = {}
    dkim_signature: str | list[str] | None = msgspec.field(default=None, name="dkim-signature")


_decoder: Final = msgspec.json.Decoder(_Report)


def scan(raw: bytes, envelope: ScanEnvelope) -> Verdict:
    """Have `raw` (CRLF line ends) judged; raises `ScannerUnavailable`."""
    try:
        with _scan_time.time():
            response = _ask(raw, _request_headers(envelope))
        response.raise_for_status()
        verdict = verdict_of(response.content)
    except httpx.HTTPError as error:
        _scans.labels("unavailable").inc()
        raise ScannerUnavailable(type(error).__name__) from error
    except ScannerUnavailable:
        _scans.labels("unavailable").inc()
        raise
    _scans.labels(verdict.action.value).inc()
    return verdict


def _ask(raw: bytes, headers: list[tuple[bytes, bytes]]) -> httpx.Response:
    timeout = httpx.Timeout(ANSWER_SECONDS + len(raw) / OCTETS_PER_SECOND, connect=2.0)
    try:
        return _http().post(_url(), content=raw, headers=headers, timeout=timeout)
    except httpx.RemoteProtocolError:
        # A connection kept open may be closed by Rspamd at the very moment it is used again.
        return _http().post(_url(), content=raw, headers=headers, timeout=timeout)


def verdict_of(answer: bytes) -> Verdict:
    """The verdict in the body of an answer; raises `ScannerUnavailable` where there is none."""
    try:
        report = _decoder.decode(answer)
    except msgspec.MsgspecError as error:
        raise ScannerUnavailable("answer not understood") from error
    action = _ACTIONS.get(report.action)
    if action is None or report.is_skipped:
        raise ScannerUnavailable(f"no verdict: {report.action[:40]}")
    if action is not Action.REJECT and _VIRUS_SCANNER_DOWN & report.symbols.keys():
        # Rspamd's configuration says the same; a mistake there must not open the door.
        action = Action.DEFER
    text = report.messages.get("smtp_message", "")
    return Verdict(
        action,
        report.score,
        tuple(sorted(report.symbols)),
        text if isinstance(text, str) else "",
        tuple(_headers_to_add(report)),
    )


def _request_headers(envelope: ScanEnvelope) -> list[tuple[bytes, bytes]]:
    fields = [("From", envelope.reverse_path)]
    fields += [("Rcpt", path) for path in envelope.forward_paths]
    fields += [
        (name, value)
        for name, value in (
            ("IP", envelope.ip),
            ("User", envelope.user),
            ("Helo", envelope.helo),
            ("Queue-Id", envelope.queue_id),
        )
        if value
    ]
    return [(name.encode(), _one_line(value).encode()) for name, value in fields]


def _one_line(value: str) -> str:
    """An address may hold anything a quoted string may; a header of the request may not."""
    return "".join(char if char >= " " and char != "\x7f" else "?" for char in value)


def _headers_to_add(report: _Report) -> Iterator[tuple[str, str]]:
    signatures = report.dkim_signature
    for signature in [signatures] if isinstance(signatures, str) else signatures or []:
        yield "DKIM-Signature", _folded(signature)
    added = report.milter.get("add_headers", {})
    for name, values in added.items() if isinstance(added, dict) else ():
        if not _HEADER_NAME.fullmatch(name) or name.lower() == _PRIVATE_HEADER:
            continue
        for value in values if isinstance(values, list) else [values]:
            text = value.get("value") if isinstance(value, dict) else value
            if isinstance(text, str):
                yield name, _folded(text)


def _folded(value: str) -> str:
    """The value with every line after the first indented: it can not end the header it stands in."""
    first, *others = re.split(r"[\r\n]+", value.strip())
    return "".join([first, *(f"\r\n\t{line.strip()}" for line in others if line.strip())])


def _url() -> str:
    return f"http://127.0.0.1:{settings.ENVIRONMENT.ports.rspamd_normal}/checkv2"


@lru_cache(maxsize=1)
def _http() -> httpx.Client:
    return httpx.Client(
        trust_env=False,
        transport=httpx.HTTPTransport(retries=1, limits=_LIMITS),
    )
