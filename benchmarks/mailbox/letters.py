"""One letter after another, each from what `chance` gives."""

import base64
import quopri
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from benchmarks.mailbox import vocabulary as words
from benchmarks.mailbox.files import attachment, pdf

OWNER: Final = "reader@pirab.test"
_RECENT: Final = 300
"""How far back a reply reaches, in letters."""


class Folder(StrEnum):
    """Where the owner keeps a letter."""

    INBOX = "inbox"
    SENT = "sent"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class Letter:
    """A letter as it would come: its octets, when and where it is kept, JMAP keywords, planted words."""

    raw: bytes
    received_at: datetime
    folder: Folder
    keywords: frozenset[str]
    planted: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """What a letter must have: size of its text in octets, of its attachment (0 none), planted words."""

    when: datetime
    folder: Folder
    text_octets: int
    attachment_octets: int
    planted: tuple[str, ...] = ()
    is_html: bool | None = None
    is_pdf: bool = False


@dataclass(frozen=True)
class _Earlier:
    message_ids: tuple[str, ...]
    subject: str


class Writer:
    """Writes the letters of one mailbox; what it wrote last is what replies answer to."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)
        self._tag = f"{random.Random(seed).getrandbits(40):010x}"
        self._earlier: list[_Earlier] = []
        self._number = 0

    def write(self, wish: Wish) -> Letter:
        """The next letter."""
        chance = self._chance
        self._number += 1
        office, domain, code = chance.choice(words.OFFICES)
        is_thai = bool(wish.planted) or chance.random() < 0.8
        topic = chance.choice(words.TOPICS if is_thai else words.ENGLISH_TOPICS)
        earlier = self._answered_to()
        subject = f"Re: {earlier.subject}" if earlier else self._subject(is_thai, topic)
        lines = self._lines(wish, office, code, topic) if is_thai else self._english(wish, topic)
        message_id = f"{self._tag}.{self._number}@{domain}"
        references = earlier.message_ids if earlier else ()
        bare = subject.removeprefix("Re: ")
        self._earlier = [*self._earlier[-_RECENT:], _Earlier((*references[-10:], message_id), bare)]
        header = self._header(wish, office, domain, subject, message_id, references)
        body = self._body(wish, lines, is_thai)
        raw = "\r\n".join(header).encode() + b"\r\n" + body
        return Letter(raw, wish.when, wish.folder, self._keywords(wish.folder), wish.planted)

    def _answered_to(self) -> _Earlier | None:
        return self._chance.choice(self._earlier) if self._earlier and self._chance.random() < 0.45 else None

    def _subject(self, is_thai: bool, topic: str) -> str:
        number = self._chance.randint(1, 400)
        if not is_thai:
            return f"{topic.capitalize()}, round {number}"
        subject = self._chance.choice(words.SUBJECTS).format(topic=topic, number=f"{number}/2569")
        return subject.translate(words.THAI_DIGITS) if self._chance.random() < 0.4 else subject

    def _lines(self, wish: Wish, office: str, code: str, topic: str) -> list[str]:
        chance = self._chance
        number = f"ที่ {code}/{'ว ' if chance.random() < 0.2 else ''}{chance.randint(1, 9999)}"
        lines = [
            number.translate(words.THAI_DIGITS) if chance.random() < 0.7 else number,
            f"เรียน หัวหน้า{office}",
        ]
        planted = [_planted(chance, word) for word in wish.planted]
        size = 0
        while size < wish.text_octets or planted:
            sentences = [
                chance.choice(words.SENTENCES).format(
                    office=chance.choice(words.OFFICES)[0], topic=topic, number=chance.randint(2, 60)
                )
                for _ in range(chance.randint(2, 4))
            ]
            if planted:
                sentences.insert(chance.randrange(len(sentences)), planted.pop())
            lines.append("        " + " ".join(sentences))
            size += 3 * len(lines[-1])
        name = f"{chance.choice(words.GIVEN)} {chance.choice(words.FAMILY)}"
        return [*lines, "ขอแสดงความนับถือ", name, office]

    def _english(self, wish: Wish, topic: str) -> list[str]:
        chance, lines, size = self._chance, ["Dear colleagues,"], 0
        while size < wish.text_octets:
            lines.append(
                " ".join(
                    chance.choice(words.ENGLISH_SENTENCES).format(topic=topic, number=chance.randint(2, 28))
                    for _ in range(chance.randint(2, 5))
                )
            )
            size += len(lines[-1])
        return [*lines, "Kind regards,"]

    def _header(
        self, wish: Wish, office: str, domain: str, subject: str, message_id: str, references: Sequence[str]
    ) -> list[str]:
        chance = self._chance
        other = f"staff{chance.randrange(40)}@{domain}"
        sender, recipient = (OWNER, other) if wish.folder is Folder.SENT else (other, OWNER)
        person = f"{chance.choice(words.GIVEN)} {chance.choice(words.FAMILY)}"
        date = format_datetime(wish.when)
        header = [
            f"Received: from out.{domain} (out.{domain} [192.0.2.{self._number % 250}])",
            f"\tby mx.pirab.test (Postfix) with ESMTPS id {chance.getrandbits(40):010X}; {date}",
            f"From: {_encoded(person)} <{sender}>",
            f"To: {recipient}",
            f"Subject: {_encoded(subject)}",
            f"Date: {date}",
            f"Message-ID: <{message_id}>",
            "MIME-Version: 1.0",
        ]
        if chance.random() < 0.35:
            copies = (
                f"{_encoded(chance.choice(words.GIVEN))} <copy{n}@{domain}>"
                for n in range(chance.randint(1, 6))
            )
            header.append("Cc: " + ",\r\n ".join(copies))
        if chance.random() < 0.08:
            header += [f"List-Id: {_encoded(office)} <news.{domain}>", "Precedence: list"]
        if references:
            header.append(f"In-Reply-To: <{references[-1]}>")
            header.append("References: " + "\r\n ".join(f"<{each}>" for each in references))
        return header

    def _body(self, wish: Wish, lines: list[str], is_thai: bool) -> bytes:
        chance = self._chance
        charset = (
            chance.choices(("utf-8", "tis-620", "windows-874"), weights=(90, 6, 4))[0] if is_thai else "utf-8"
        )
        code = "utf-8" if charset == "utf-8" else "cp874"
        plain = _text_part("plain", "\r\n\r\n".join(lines), charset, code, chance)
        body = plain
        if wish.is_html if wish.is_html is not None else chance.random() < 0.6:
            body = _multipart(
                "alternative", [plain, _text_part("html", _html(lines), charset, code, chance)], chance
            )
        if wish.attachment_octets:
            maker = pdf if wish.is_pdf else attachment
            kind, extension, content = maker(chance, wish.attachment_octets, lines[-3])
            name = f"{chance.choice(words.FILE_NAMES)}_{self._number}.{extension}"
            body = _multipart("mixed", [body, _file_part(kind, name, content)], chance)
        return body

    def _keywords(self, folder: Folder) -> frozenset[str]:
        chance = self._chance
        is_read = folder is not Folder.INBOX or chance.random() < 0.82
        chosen = (
            ("$seen", is_read),
            ("$flagged", chance.random() < 0.04),
            ("$answered", chance.random() < 0.12),
        )
        return frozenset(name for name, is_set in chosen if is_set)


def _planted(chance: random.Random, word: str) -> str:
    form = words.DEEP_PLANTING if word == words.DEEP else chance.choice(words.PLANTING)
    return form.format(word=word)


def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def _html(lines: list[str]) -> str:
    paragraphs = "\r\n".join(
        f'<p style="text-indent:2.5cm;margin:0 0 6pt">{line.strip()}</p>' for line in lines
    )
    return (
        f"<html><head><style>p{{font-family:'TH Sarabun New'}}</style></head><body>{paragraphs}</body></html>"
    )


def _text_part(kind: str, text: str, charset: str, code: str, chance: random.Random) -> bytes:
    octets = text.encode(code, "replace")
    encoding = chance.choices(("base64", "quoted-printable"), weights=(65, 35))[0]
    if text.isascii():
        encoding = "quoted-printable"
    if encoding == "base64":
        body = _base64(octets)
    else:
        body = quopri.encodestring(octets.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{kind}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


def _file_part(kind: str, name: str, content: bytes) -> bytes:
    head = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n filename*=UTF-8''{quote(name)}\r\n\r\n"
    )
    return head.encode() + _base64(content)


def _multipart(kind: str, parts: list[bytes], chance: random.Random) -> bytes:
    mark = f"=_{chance.getrandbits(64):016x}"
    head = f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode()
    inner = b"".join(b"--%b\r\n%b\r\n" % (mark.encode(), part) for part in parts)
    return head + inner + b"--%b--\r\n" % mark.encode()


def _base64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")
