"""What FilterRules look like from outside, and reading what clients send of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind, encode_id
from pirab.filtering import troubles
from pirab.filtering.rule_script import script_of
from pirab.filtering.rule_types import Rules
from pirab.filtering.rules import Ruleset, problems_of, rules_of
from pirab.filtering.runs import RunRow, latest_run
from pirab.jmap.errors import SetError, invalid_properties

SINGLETON: Final = "singleton"
PROPERTIES: Final = ("id", "rules", "sieve", "problems", "trouble", "run")


def render(account: int, names: list[str]) -> dict[str, Any]:
    """The object with the properties in `names`."""
    rules = rules_of(account)
    trouble = troubles.latest(account)
    whole = {
        "id": SINGLETON,
        "rules": rules,
        "sieve": script_of(rules),
        "problems": problems_of(account, rules),
        "trouble": trouble
        and {
            "happenedAt": trouble.happened_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "description": trouble.description,
        },
    }
    whole["run"] = _run(latest_run(account))
    return {name: whole[name] for name in names}


def _run(run: RunRow | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "mailboxId": encode_id(IdKind.MAILBOX, run.mailbox_id),
        "state": run.state,
        "total": run.total,
        "done": run.done,
        "changed": run.changed,
        "startedAt": run.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def rules_in(patch: Mapping[str, Any]) -> Ruleset | None:
    """The rules a patch wants, None when it leaves them. Raises `invalidPatch` and `invalidProperties`."""
    strange = [name for name in patch if name not in ("rules", "id")]
    if any("/" in name for name in strange):
        raise SetError("invalidPatch", "The rules are replaced as a whole.")
    if strange or patch.get("id", SINGLETON) != SINGLETON:
        raise invalid_properties(
            "Not a property that can be set.", *(name[:100] for name in strange or ["id"])
        )
    if "rules" not in patch:
        return None
    try:
        return msgspec.convert(patch["rules"] or (), Rules, strict=True)
    except msgspec.ValidationError as error:
        raise invalid_properties(str(error), "rules") from error
