"""The rules of an account: the only reader and writer of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from pirab.core import db
from pirab.core.ids import IdKind, encode_id
from pirab.directory import queries as directory
from pirab.filtering import troubles
from pirab.filtering.errors import RulesInvalid
from pirab.filtering.rule_script import script_of
from pirab.filtering.rule_types import Field, FilterRule
from pirab.filtering.scripts import check_script
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import ChangeKind, ObjectType
from pirab.wire.address import AddressError, normalize_address

SINGLETON: Final = 1
"""The key of the one set of rules in the change log."""
Ruleset = tuple[FilterRule, ...]


class RuleProblem(msgspec.Struct, frozen=True, rename="camel"):
    """A rule that cannot do all it says: its mailbox is gone. `rule` counts from 0."""

    rule: int
    mailbox_id: str
    type: str = "mailboxNotFound"


def rules_of(account_id: int) -> Ruleset:
    """The rules in their order."""
    found = db.scalar("select rules::text from filtering_ruleset where account_id = %s", (account_id,))
    return msgspec.json.decode(found, type=Ruleset) if found is not None else ()


def problems_of(account_id: int, rules: Ruleset) -> list[RuleProblem]:
    """Rules whose mailbox is gone; what they would file goes to the inbox."""
    known = _mailbox_ids(account_id)
    return [
        RuleProblem(number, mailbox_id)
        for number, rule in enumerate(rules)
        for mailbox_id in rule.actions.mailbox_ids
        if mailbox_id not in known
    ]


def set_rules(account_id: int, rules: Ruleset) -> None:
    """Have these rules and no others from now on. Raises `RulesInvalid` saying which and why, `ScriptTooLarge`,
    `AccountUnknown`."""
    content = script_of(rules)
    check_script(content.encode())
    with db.transaction():
        store.log_change(account_id, ObjectType.SIEVE, SINGLETON, ChangeKind.UPDATED)
        for number, complaint in _complaints(account_id, rules):
            raise RulesInvalid(f"rule {number}: {complaint}")
        if rules:
            encoded = msgspec.json.encode(rules).decode()
            db.execute(_SAVE, (account_id, encoded, content))
        else:
            db.execute("delete from filtering_ruleset where account_id = %s", (account_id,))
        troubles.clear(account_id)


_SAVE: Final = """
    insert into filtering_ruleset (account_id, rules, content) values (%s, %s::jsonb, %s)
    on conflict (account_id) do update set rules = excluded.rules, content = excluded.content
"""


def _complaints(account_id: int, rules: Ruleset) -> Iterator[tuple[int, str]]:
    used = {each for rule in rules_of(account_id) for each in rule.actions.mailbox_ids}
    known = (
        _mailbox_ids(account_id) | used
    )  # one that is gone by now does not stop the others from being changed
    for number, rule in enumerate(rules):
        actions = rule.actions
        if any(mailbox_id not in known for mailbox_id in actions.mailbox_ids):
            yield number, "there is no such mailbox"
        if actions.delete and actions.mailbox_ids:
            yield number, "what is deleted goes to no other mailbox"
        if any(
            (condition.header is None) is (condition.field is Field.HEADER) for condition in rule.conditions
        ):
            yield number, "a header condition names its field, and no other does"
        for address in actions.forward_to:
            yield from ((number, complaint) for complaint in _about(account_id, address))


def _about(account_id: int, address: str) -> Iterator[str]:
    try:
        normalize_address(address)
    except AddressError as error:
        yield str(error)
        return
    found = directory.resolve_recipient(address)
    if found is not None and found.account_id == account_id:
        yield "a letter is not sent on to the account it came to"


def _mailbox_ids(account_id: int) -> set[str]:
    return {encode_id(IdKind.MAILBOX, row.id) for row in stored.mailboxes(account_id)}
