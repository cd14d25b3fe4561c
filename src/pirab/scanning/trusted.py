"""The X-Pirab-Scan header: Rspamd's verdict on its way from the SMTP session to the LMTP door.

    X-Pirab-Scan: v=1; queue=4XyZ…; action=accept; score=1.20; symbols=A,B; mac=<hex>

The MAC is HMAC-SHA256 under the installation's scan token over everything before `; mac=`. The queue id
inside must be the one Postfix names for the delivery, so a header that got out (a bounce carries it to a
stranger) proves nothing in another message. Only the header section is looked at, and only these fields are
cut out of it.
"""

import hashlib
import hmac
import re
from typing import Final

from pirab.scanning.types import Action, Verdict

_FIELD: Final = re.compile(rb"^x-pirab-scan[ \t]*:(.*(?:\n[ \t].*)*)\n?", re.IGNORECASE | re.MULTILINE)
_NAME: Final = re.compile(rb"^x-pirab-scan[ \t]*:", re.IGNORECASE | re.MULTILINE)
_VALUE: Final = re.compile(
    r"v=1; queue=(?P<queue>[A-Za-z0-9]{1,64}); action=(?P<action>accept|junk); "
    r"score=(?P<score>-?[0-9]{1,6}\.[0-9]{1,4}); symbols=(?P<symbols>[A-Za-z0-9_,]{0,4000})",
    re.ASCII,
)
_MAC_MARK: Final = "; mac="


def take_verdict(content: bytes, token: str, queue_id: str | None) -> tuple[bytes, Verdict | None]:
    """`content` without any X-Pirab-Scan field, and the verdict of the first trustworthy one, or None.

    `token` is the scan token, `queue_id` Postfix's name for this delivery; without one no header is trusted.
    """
    end = content.find(b"\r\n\r\n")
    header = content if end < 0 else content[: end + 2]
    if not _NAME.search(header):
        return content, None
    verdict: Verdict | None = None
    for match in _FIELD.finditer(header):
        verdict = verdict or trusted_verdict(match[1], token, queue_id)
    kept = _FIELD.sub(b"", header)
    return kept if end < 0 else kept + content[end + 2 :], verdict


def trusted_verdict(value: bytes, token: str, queue_id: str | None) -> Verdict | None:
    """The verdict in one field value, or None unless our own Rspamd wrote it for this queue entry."""
    try:
        text = value.decode("ascii").strip()
    except UnicodeDecodeError:
        return None
    payload, mark, mac = text.rpartition(_MAC_MARK)
    if not mark or not hmac.compare_digest(mac, scan_mac(payload, token)):
        return None
    match = _VALUE.fullmatch(payload)
    if match is None or queue_id is None or match["queue"] != queue_id:
        return None
    symbols = tuple(symbol for symbol in match["symbols"].split(",") if symbol)
    return Verdict(Action(match["action"]), float(match["score"]), symbols)


def scan_mac(payload: str, token: str) -> str:
    """The MAC of a scan header's text before `; mac=`, in lower-case hexadecimal."""
    return hmac.new(token.encode(), payload.encode(), hashlib.sha256).hexdigest()
