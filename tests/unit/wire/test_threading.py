"""Base subjects (rfc5256#2.1)."""

import pytest

from pirab.wire.threading import base_subject, is_reply_or_forward


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("hello", "hello"),
        ("Re: hello", "hello"),
        ("RE: Fwd: FW: hello", "hello"),
        ("re[2]: hello", "hello"),
        ("Re: [list] hello (fwd) ", "hello"),
        ("[list] Re: [other] hello", "hello"),
        ("[Fwd: Re: hello]", "hello"),
        ("[fwd: [fwd: hello]]", "hello"),
        ("  many \t  spaces\r\n here ", "many spaces here"),
        ("[only a blob]", "[only a blob]"),
        ("Re: [only a blob]", "[only a blob]"),
        ("[a][b]", "[b]"),
        ("Re:", ""),
        ("", ""),
        ("report: x", "report: x"),
        ("Reply: x", "Reply: x"),
        ("ตอบ: ขอเชิญประชุม", "ขอเชิญประชุม"),
        ("ตอบกลับ: ส่งต่อ: RE: ขอเชิญประชุม", "ขอเชิญประชุม"),
        ("Re：hello", "hello"),
        ("[fwd: unclosed", "[fwd: unclosed"),
        ("[unclosed", "[unclosed"),
    ],
)
def test_base_subject(subject: str, base: str) -> None:
    assert base_subject(subject) == base
    assert base_subject(base) == base


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("Re: x", True), ("x (fwd)", True), ("[Fwd: x]", True), ("x", False), ("[a] x", False)],
)
def test_replies_and_forwards(subject: str, expected: bool) -> None:
    assert is_reply_or_forward(subject) is expected


@pytest.mark.parametrize("piece", ["Re: ", "[a]", "[fwd:", "(fwd)", "[", "]", " ", "[a] re: "])
def test_endless_subjects(piece: str) -> None:
    base_subject(piece * 50_000)
    base_subject("[fwd:" * 20_000 + piece * 1000 + "]" * 20_000)
