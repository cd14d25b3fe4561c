"""Running Sieve scripts on letters."""

from datetime import UTC, datetime

import pytest

from pirab.filtering.engine import (
    Folder,
    Folders,
    Letter,
    Outcome,
    RunError,
    Surroundings,
    run_scripts,
)
from pirab.filtering.engine.wildcards import captures
from pirab.wire.sieve import parse_script

NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
FOLDERS = Folders(
    [
        Folder(1, "m1", "Inbox", "inbox"),
        Folder(2, "m2", "ข่าว/ประชุม", None),
        Folder(3, "m3", "Archive", "archive"),
    ]
)
LETTER = (
    "From: =?utf-8?B?4Liq4Lih4LiK4Liy4Lii?= <Somchai+Work@Example.go.th>\r\n"
    "To: a@moi.go.th, B <b@moi.go.th>\r\n"
    "Subject: =?utf-8?B?4LiU4LmI4Lin4LiZ4Lih4Liy4LiB?= Urgent [list] 42\r\n"
    "Date: Tue, 24 Nov 2026 23:30:00 +0000\r\n"
    "X-Two: one\r\nX-Two: two\r\n"
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nขอเชิญประชุม tomorrow\r\n"
    "--b\r\nContent-Type: text/html\r\n\r\n<p>secret <b>word</b></p>\r\n--b--\r\n"
).encode()
BOTH = ("x@example.org", "X@example.org")
NEEDS = (
    'require ["fileinto", "copy", "envelope", "imap4flags", "mailbox", "mailboxid", "special-use", "body", "variables",'
    ' "relational", "date", "subaddress", "vacation", "index", "comparator-i;ascii-numeric",'
    ' "comparator-i;unicode-casemap"];\n'
)


def flagged(*keywords: str) -> Outcome:
    return Outcome(keywords=frozenset(keywords))


def run(*scripts: str) -> Outcome:
    around = Surroundings("a+detail@moi.go.th", NOW, FOLDERS)
    parsed = [parse_script((NEEDS + script).encode()) for script in scripts]
    return run_scripts(parsed, Letter(LETTER, "bounce@example.org"), around)


@pytest.mark.parametrize(
    "test",
    [
        'header :contains "subject" "ด่วนมาก"',
        'header :matches "Subject" "*[list] ??"',
        'header :contains "from" "สมชาย"',
        'header :is "x-two" ["zero", "two"]',
        'header :index 2 :is "x-two" "two"',
        'header :index 1 :last :is "x-two" "two"',
        'not header :index 3 :contains "x-two" ""',
        'header :count "eq" :comparator "i;ascii-numeric" "x-two" "2"',
        'not header :value "gt" :comparator "i;ascii-numeric" "x-no-such" "5"',
        'address :is "from" "somchai+work@example.go.th"',
        'address :domain :is "from" "example.go.th"',
        'address :user :is "from" "somchai"',
        'address :detail :is "from" "work"',
        'not address :detail :contains "to" ""',
        'not header :comparator "i;octet" :contains "subject" "urgent"',
        'header :comparator "i;unicode-casemap" :contains "subject" "URGENT"',
        'envelope :is "from" "bounce@example.org"',
        'envelope :detail "to" "detail"',
        'exists ["from", "to"]',
        'not exists ["from", "x-none"]',
        "size :over 100",
        "not size :under 100",
        'body :contains "ประชุม"',
        'body :content "text/html" :contains "<b>word"',
        'not body :content "image" :contains ""',
        'body :raw :contains "--b--"',
        'date :originalzone "date" "hour" "23"',
        'date "date" "weekday" "3"',
        'date :zone "-0200" "date" "time" "21:30:00"',
        'currentdate :is "date" "2026-11-24"',
        'currentdate "hour" "10"',
        'date "date" "julian" "61369"',
        'mailboxexists ["INBOX", "ข่าว/ประชุม"]',
        'not mailboxexists "ไม่มี"',
        'mailboxidexists "m2"',
        'specialuse_exists "\\\\Archive"',
        'not specialuse_exists "INBOX" "\\\\Archive"',
    ],
)
def test_tests_that_hold(test: str) -> None:
    assert run(f"if {test} {{ discard; }}") == Outcome(is_kept=False)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("", Outcome()),
        ("keep;", Outcome()),
        ("discard;", Outcome(is_kept=False)),
        ("discard; keep;", Outcome()),
        ('fileinto "ข่าว/ประชุม";', Outcome(is_kept=False, mailbox_ids=(2,))),
        ('fileinto :copy "inbox";', Outcome(mailbox_ids=(1,))),
        ('fileinto :mailboxid "m3" "INBOX";', Outcome(is_kept=False, mailbox_ids=(3,))),
        ('fileinto :mailboxid "m99" "INBOX";', Outcome(is_kept=False, mailbox_ids=(1,))),
        ('fileinto :specialuse "\\\\Archive" "x";', Outcome(is_kept=False, mailbox_ids=(3,))),
        ('fileinto :create "ใหม่";', Outcome(is_kept=False, to_create=("ใหม่",))),
        ('addflag "\\\\Seen"; addflag ["\\\\Flagged $Work"];', flagged("$seen", "$flagged", "$work")),
        ('setflag "a b"; removeflag "A";', Outcome(keywords=frozenset({"b"}))),
        ('keep :flags "\\\\Deleted bad{flag";', Outcome()),
        ('redirect "x@example.org"; redirect "X@EXAMPLE.org";', Outcome(is_kept=False, redirects=BOTH)),
        ('redirect :copy "x@example.org";', Outcome(redirects=("x@example.org",))),
        ('stop; discard;', Outcome()),
        ('if false { discard; } elsif false { discard; } else { addflag "e"; }', Outcome(keywords=frozenset({"e"}))),
        ('if header :matches "subject" "*[*]*" { addflag "${2}"; }', Outcome(keywords=frozenset({"list"}))),
        ('set :upper "a" "x${unknown}y"; addflag "${A}";', Outcome(keywords=frozenset({"xy"}))),
        ('set :length "n" "กขค"; addflag "n${n}";', Outcome(keywords=frozenset({"n3"}))),
        ('addflag "v" "a b"; if hasflag :count "ge" :comparator "i;ascii-numeric" "v" "2" { addflag "${v}"; }',
         Outcome(keywords=frozenset({"a", "b"}))),
    ],
)  # fmt: skip
def test_what_scripts_decide(script: str, expected: Outcome) -> None:
    assert run(script) == expected


def test_a_mailbox_that_is_gone_means_the_inbox_and_a_note() -> None:
    found = run('fileinto "ไม่มีแล้ว"; addflag "late";')
    assert found.is_kept
    assert "ไม่มีแล้ว" in found.problems[0]


def test_scripts_run_one_after_the_other_and_stop_ends_all() -> None:
    assert run('fileinto :copy "Archive";', 'fileinto "INBOX";').mailbox_ids == (3, 1)
    assert run('addflag "x"; stop;', "discard;") == Outcome(keywords=frozenset({"x"}))
    assert run('set "v" "x";', 'addflag "${v}";') == Outcome()


def test_only_the_first_answer_counts() -> None:
    reply = run('vacation :days 3 :subject "s" :handle "h" "one"; vacation "two";').reply
    assert reply is not None
    assert (reply.reason, reply.handle, reply.subject, reply.period) == ("one", "h", "s", 3 * 86_400)
    longest = run('vacation :days 4000 "x";').reply
    assert longest is not None
    assert longest.period == 30 * 86_400


@pytest.mark.parametrize(
    "script",
    [
        "".join(f'redirect "a{number}@example.org";' for number in range(6)),
        "".join(f'set "v{number}" "x";' for number in range(129)),
        "addflag [" + ",".join(f'"f{number}"' for number in range(60)) + "];",
        'set "a" "nobody"; redirect "${a}";',
        "".join(f'fileinto :create "n{number}";' for number in range(30)),
        f'if header :matches "subject" "{"*a" * 1_500}" {{ keep; }}',
    ],
)
def test_too_much_ends_the_run(script: str) -> None:
    with pytest.raises(RunError):
        run(script)


def test_a_script_cannot_grow_a_string_without_end() -> None:
    doubling = 'set "a" "xxxxxxxxxxxxxxxx";' + 'set "a" "${a}${a}${a}${a}";' * 200 + 'addflag "${a}";'
    assert run(doubling).keywords == frozenset()


def test_a_long_search_is_cut_off() -> None:
    letter = Letter(b"Subject: " + b"ab" * 40_000 + b"\r\n\r\n" + b"ab" * 100_000, "")
    around = Surroundings("a@moi.go.th", NOW, FOLDERS)
    tests = ", ".join(['body :raw :matches "' + "*a?b?a?b" * 100 + 'z"'] * 60)
    with pytest.raises(RunError, match="too long"):
        run_scripts(
            [parse_script(f'require "body"; if anyof ({tests}) {{ keep; }}'.encode())], letter, around
        )


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("", "", []),
        ("", "*", [(0, 0)]),
        ("abc", "a*c", [(1, 2)]),
        ("abc", "a?c", [(1, 2)]),
        ("abcbc", "*bc", [(0, 3)]),
        ("abab", "*b*", [(0, 1), (2, 4)]),
        ("a*b", "a\\*b", []),
        ("axb", "a\\*b", None),
        ("ab", "a?b", None),
        ("ab", "*a*b*c", None),
        ("aa", "a*a*a", None),
        ("a.b", "a.b", []),
        ("axb", "a.b", None),
        ("a\nb", "a?b", [(1, 2)]),
    ],
)
def test_wildcards(text: str, pattern: str, expected: list[tuple[int, int]] | None) -> None:
    assert captures(text, pattern) == expected
