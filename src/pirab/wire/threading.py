"""What threads are made of: the base subject (rfc5256#2.1)."""

import re

_SPACES = re.compile(r"[\t ]+")
# rfc5256#5 knows "re", "fw" and "fwd"; the Thai words are what Thai mail programs write instead.
_REPLY = re.compile(r"(?:re|fwd?|ตอบกลับ|ตอบ|ส่งต่อ)[\t ]*(?:\[[^\[\]]*\][\t ]*)?[:：][\t ]*", re.IGNORECASE)
_BLOB = re.compile(r"\[[^\[\]]*\][\t ]*")
_WRAPPER = "[fwd:"


def base_subject(text: str) -> str:
    """`text` without what replies and forwards add to it. Empty when nothing remains. Linear in the length
    of `text`."""
    subject = _SPACES.sub(" ", text.replace("\r", " ").replace("\n", " "))
    start, end = 0, len(subject)
    while True:
        end = _without_trailers(subject, start, end)
        start = _without_leaders(subject, start, end)
        if subject[start : start + len(_WRAPPER)].lower() == _WRAPPER and subject[end - 1] == "]":
            start, end = start + len(_WRAPPER), end - 1
        else:
            return subject[start:end]


def is_reply_or_forward(text: str) -> bool:
    """True when the subject says that the message answers or forwards another (rfc5256#2.1)."""
    stripped = _SPACES.sub(" ", text).strip().lower()
    return bool(_REPLY.match(stripped)) or stripped.endswith("(fwd)") or stripped.startswith(_WRAPPER)


def _without_trailers(subject: str, start: int, end: int) -> int:
    while end > start:
        if subject[end - 1] in " \t":
            end -= 1
        elif subject[max(start, end - 5) : end].lower() == "(fwd)":
            end -= 5
        else:
            break
    return end


def _without_leaders(subject: str, start: int, end: int) -> int:
    """Steps 3 and 4 of rfc5256#2.1: each blob is looked at once, and the last one stays when nothing
    follows it."""
    last_blob = -1
    while start < end:
        if subject[start] in " \t":
            start += 1
        elif reply := _REPLY.match(subject, start, end):
            start, last_blob = reply.end(), -1
        elif blob := _BLOB.match(subject, start, end):
            start, last_blob = blob.end(), start
        else:
            return start
    return last_blob if last_blob >= 0 else start
