"""Rules as a Sieve script. Pure: the same rules are the same script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pirab.filtering.rule_types import Condition, Field, FilterRule, Match, Operator
from pirab.wire.sieve import quote

EXTENSIONS: Final = (
    "body",
    "comparator-i;unicode-casemap",
    "copy",
    "fileinto",
    "imap4flags",
    "mailboxid",
    "vacation",
)
_COMPARATOR: Final = ':comparator "i;unicode-casemap"'
_HEADERS: Final = {
    Field.FROM: ("from",),
    Field.TO: ("to",),
    Field.CC: ("cc",),
    Field.RECIPIENT: ("to", "cc"),
    Field.SUBJECT: ("subject",),
}
_ADDRESSES: Final = frozenset({Field.FROM, Field.TO, Field.CC, Field.RECIPIENT})
_INBOX: Final = '"INBOX"'
"""Where a letter goes whose mailbox is gone."""


def script_of(rules: Iterable[FilterRule]) -> str:
    """The script: one `if` a rule, in order; rules that are not enabled are left out."""
    lines = [f"require {_list(EXTENSIONS)};"]
    for rule in rules:
        if rule.is_enabled:
            lines += [f"# {_comment(rule.name)}", f"if {_test(rule)} {{"]
            lines += [f"  {action}" for action in _actions(rule)]
            lines.append("}")
    return "\r\n".join(lines) + "\r\n"


def _comment(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", name)


def _list(strings: Sequence[str]) -> str:
    return "[" + ", ".join(map(quote, strings)) + "]"


def _test(rule: FilterRule) -> str:
    tests = [_condition(condition) for condition in rule.conditions]
    if not tests:
        return "true"
    return ("allof" if rule.match is Match.ALL else "anyof") + " (" + ", ".join(tests) + ")"


def _condition(condition: Condition) -> str:
    operator, value = condition.operator, quote(condition.value)
    if operator is Operator.NOT_CONTAINS:
        return f"not {_compared(condition, ':contains', value)}"
    if operator is Operator.CONTAINS:
        return _compared(condition, ":contains", value)
    if operator is Operator.IS:
        return _compared(condition, ":is", value)
    literal = re.sub(r"([*?\\])", r"\\\1", condition.value)
    pattern = f"{literal}*" if operator is Operator.STARTS_WITH else f"*{literal}"
    return _compared(condition, ":matches", quote(pattern))


def _compared(condition: Condition, match: str, value: str) -> str:
    """Addresses are compared with and without the name beside them."""
    how = f"{match} {_COMPARATOR}"
    if condition.field is Field.BODY:
        return f"body :text {how} {value}"
    names = _list(_HEADERS.get(condition.field, (condition.header or "subject",)))
    header = f"header {how} {names} {value}"
    if condition.field in _ADDRESSES and match != ":contains":
        return f"anyof ({header}, address :all {how} {names} {value})"
    return header


def _actions(rule: FilterRule) -> Iterator[str]:
    actions = rule.actions
    flags = {"\\Flagged": actions.star, "\\Seen": actions.mark_read, "$NotJunk": actions.never_junk}
    for flag, is_wanted in flags.items():
        if is_wanted:
            yield f"addflag {quote(flag)};"
    for mailbox_id in actions.labels:
        yield f"fileinto :copy :mailboxid {quote(mailbox_id)} {_INBOX};"
    if actions.move_to is not None:
        yield f"fileinto :mailboxid {quote(actions.move_to)} {_INBOX};"
    for address in actions.forward_to:
        yield f"redirect :copy {quote(address)};"
    if actions.reply is not None:
        subject = f":subject {quote(actions.reply.subject)} " if actions.reply.subject else ""
        yield f"vacation :days 1 {subject}{quote(actions.reply.text)};"
    if actions.delete:
        yield "discard;"
    if rule.stop:
        yield "stop;"
