"""CPU cost of reading one ordinary letter: `python benchmarks/wire_parse.py [ROUNDS]`.

The letter is what agencies send: 20 kB, Thai text, its HTML twin, one attachment, thirty header fields.
Figures are process CPU milliseconds a call, median of five runs; the machine and its load matter, the ratio
between lines does not.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from pirab.wire.compose import Attachment, Draft, compose
from pirab.wire.html import html_to_text, sanitize_html
from pirab.wire.mime import parse_message, part_text
from pirab.wire.types import Address

_SENTENCE = "ขอเชิญประชุมคณะกรรมการพิจารณาแผนงานประจำปี ครั้งที่ ๑/๒๕๖๙ ณ ห้องประชุมใหญ่ ชั้น ๓ อาคารเอนกประสงค์ "
_TRACE = "".join(
    f"Received: from mx{hop}.agency.test (mx{hop}.agency.test [192.0.2.{hop}])\r\n"
    f"\tby mail.pirab.test (Postfix) with ESMTPS id 4XYZ{hop}\r\n"
    f"\tfor <a@pirab.test>; Tue, 24 Nov 2026 12:00:0{hop} +0700\r\n"
    f"X-Trace-{hop}: {'x' * 60}\r\n"
    for hop in range(1, 10)
)


def letter() -> bytes:
    """About 20 kB of an ordinary letter."""
    paragraphs = [_SENTENCE * 2 for _ in range(6)]
    draft = Draft(
        from_=(Address("สำนักงานปลัด กระทรวงทดสอบ", "office@agency.test"),),
        to=(Address("สมชาย ใจดี", "somchai@pirab.test"), Address("สมศรี มีสุข", "somsri@pirab.test")),
        cc=tuple(Address(f"ผู้รับ {n}", f"cc{n}@pirab.test") for n in range(5)),
        subject="ขอเชิญประชุมคณะกรรมการพิจารณาแผนงานประจำปี ครั้งที่ ๑/๒๕๖๙",
        message_id="20261124120000.1@agency.test",
        references=tuple(f"ref{n}@agency.test" for n in range(5)),
        date=datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
        text="\n\n".join(paragraphs),
        html="".join(f"<p style=\"font-family:'TH Sarabun New'\">{text}</p>" for text in paragraphs),
        attachments=(Attachment("application/pdf", "หนังสือเชิญประชุม.pdf", bytes(range(256)) * 16),),
    )
    return _TRACE.encode() + compose(draft)


def cpu_milliseconds(work: Callable[[], object], rounds: int) -> float:
    """Median CPU milliseconds of one call of `work`."""
    figures: list[float] = []
    for _ in range(5):
        start = time.process_time()
        for _ in range(rounds):
            work()
        figures.append((time.process_time() - start) / rounds * 1000)
    return statistics.median(figures)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    raw = letter()
    message = parse_message(raw)
    html = next(part for part in message.root.sub_parts[0].sub_parts if part.type == "text/html")
    markup = part_text(raw, html).text
    print(f"letter: {len(raw)} octets")
    for name, work in (
        ("parse_message", lambda: parse_message(raw)),
        ("part_text (HTML)", lambda: part_text(raw, html)),
        ("sanitize_html", lambda: sanitize_html(markup, {})),
        ("html_to_text", lambda: html_to_text(markup)),
    ):
        print(f"{name:20s} {cpu_milliseconds(work, rounds):7.3f} ms")


if __name__ == "__main__":
    main()
