"""Reading Sieve scripts: what is taken, and where the first mistake is said to be."""

import pytest

from pirab.wire.sieve import ScriptLimits, SieveError, parse_script, quote


@pytest.mark.parametrize(
    "script",
    [
        "",
        "# nothing but a comment",
        "/* and\n another */ keep;",
        'require "fileinto"; fileinto "ข่าว/กอง ก";',
        'require ["fileinto", "copy"];\r\nfileinto :copy text: # so\r\nhello\r\n..dot\r\n.\r\n;',
        'if not anyof (header :contains "Subject" ["a", "b"], size :over 1M) { discard; }'
        " elsif true { stop; } else { keep; }",
        'require ["relational", "comparator-i;ascii-numeric"];'
        ' if header :value "ge" :comparator "i;ascii-numeric" "X" "5" { keep; }',
        'require ["variables", "imap4flags"]; set :lower :length "n" "${1}"; addflag "n" "\\\\Seen"; addflag ["a"];',
        'require ["vacation-seconds"]; vacation :seconds 3600 :subject "ไม่อยู่" "กลับวันจันทร์";',
        'require ["date", "index"]; if date :index 1 :last :zone "+0700" "received" "hour" "09" { keep; }',
        'require "body"; if body :content ["text", ""] :contains "x" { keep; }',
        'require ["special-use", "mailboxid", "fileinto", "mailbox"]; fileinto :mailboxid "m1" :create "x";',
    ],
)
def test_good_scripts_are_taken(script: str) -> None:
    parse_script(script.encode())


@pytest.mark.parametrize(
    ("script", "line", "column", "says"),
    [
        (b"keep", 1, 5, "semicolon"),
        (b"keep;\n  nonsense;", 2, 3, "no command"),
        (b'keep;\nif header :is "a', 2, 15, "no end"),
        (b'\xe0\xb8\x81\n"\xff"', 2, 2, "UTF-8"),
        (b"keep;\0", 1, 6, "NUL"),
        (b'fileinto "x";', 1, 1, 'require "fileinto"'),
        (b'require "fileinto";\nkeep; require "copy";', 2, 7, "beginning"),
        (b'require "vnd.somebody.else";', 1, 1, "not known"),
        (b"elsif true { keep; }", 1, 1, "without an if"),
        (b"if true { keep; ", 1, 17, "end of the block"),
        (b"keep; }", 1, 7, "nothing is open"),
        (b'if header :is :contains "a" "b" { keep; }', 1, 15, "otherwise"),
        (b'if header :comparator "i;klingon" "a" "b" { keep; }', 1, 4, "comparator"),
        (b'if header "no colon:" "b" { keep; }', 1, 4, "header field"),
        (b'redirect "nobody";', 1, 1, "no address"),
        (b"if size :over 99999999999 { keep; }", 1, 15, "number"),
        (b"if size { keep; }", 1, 4, ":over"),
        (b"keep keep;", 1, 1, "tests"),
        (b"if keep { stop; }", 1, 4, "no test"),
        (b"discard { keep; }", 1, 1, "no block"),
        (b'require "encoded-character"; if exists "${unicode: D800}" { keep; }', 1, 40, "no character"),
        (b"/* never closed", 1, 1, "comment"),
        (b"text:\nabc", 1, 1, "no end"),
    ],
)
def test_mistakes_are_shown_where_they_are(script: bytes, line: int, column: int, says: str) -> None:
    with pytest.raises(SieveError) as caught:
        parse_script(script)
    assert says in caught.value.message
    assert (caught.value.place.line, caught.value.place.column) == (line, column)


@pytest.mark.parametrize(
    "script",
    [
        b"if true {" * 10_000,
        b"if " + b"not " * 10_000 + b"true { keep; }",
        b"if anyof(" * 5_000,
        b"k" * 1_000_000,
        b"keep; " * 5_000,
        b'if header "a" [' + b'"x",' * 5_000 + b'"x"] { keep; }',
        b'if exists "' + b"x" * 40_000 + b'" { keep; }',
        b'"' * 60_000,
        b"/*" * 30_000,
        b"${hex:" * 10_000,
        b"keep " + b":a " * 20_000 + b";",
    ],
)
def test_hostile_sizes_end_in_an_error(script: bytes) -> None:
    with pytest.raises(SieveError):
        parse_script(script)


def test_every_beginning_of_a_script_is_answered() -> None:
    script = (
        b'require "fileinto"; if allof (not header ["a"] "\xe0\xb8\x81", size :over 1K) { fileinto "x"; }'
    )
    good = [end for end in range(len(script) + 1) if _is_taken(script[:end])]
    assert good == [0, 19, 20, len(script)]


def _is_taken(script: bytes) -> bool:
    try:
        parse_script(script)
    except SieveError:
        return False
    return True


def test_limits_are_the_callers() -> None:
    with pytest.raises(SieveError, match="2 octets"):
        parse_script(b"keep;", ScriptLimits(max_octets=2))


@pytest.mark.parametrize("text", ['"', "\\", "a\\", '";discard;"', "a\r\nb", "ก", "${x}", ""])
def test_what_is_quoted_comes_back(text: str) -> None:
    (node,) = parse_script(f"if exists {quote('x')} {{ keep; }}".encode()).commands
    assert node.name == "if"
    script = parse_script(f'require "fileinto"; fileinto {quote(text)};'.encode())
    assert script.commands[0].arguments == (text,)
