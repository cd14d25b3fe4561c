"""Running scripts on a letter, command by command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from pirab.filtering.engine.letter import Letter, Surroundings
from pirab.filtering.engine.matching import Meter
from pirab.filtering.engine.outcome import Outcome, Reply, RunError
from pirab.filtering.engine.questions import ask
from pirab.filtering.engine.values import Variables, flags_in, keywords_of, modified
from pirab.wire.address import AddressError, normalize_address
from pirab.wire.sieve import Node, Script

MOST_REDIRECTS: Final = 5
MOST_MAILBOXES: Final = 20
DAY: Final = 86_400
LONGEST_PERIOD: Final = 30 * DAY


class _Stopped(Exception):
    """`stop` was met."""


def run_scripts(scripts: Sequence[Script], letter: Letter, around: Surroundings) -> Outcome:
    """What the scripts, one after the other as if they were one, want done. Raises `RunError`, and nothing else.

    `stop` ends all of them. Variables and flags belong to the script that set them.
    """
    run = Run(letter, around)
    try:
        for script in scripts:
            run.run(script)
    except _Stopped:
        pass
    return run.outcome()


class Run:
    """The state of a run: what tests look at, and what actions have asked for so far."""

    def __init__(self, letter: Letter, around: Surroundings) -> None:
        self.letter = letter
        self.around = around
        self.meter = Meter()
        self.extensions: frozenset[str] = frozenset()
        self.variables = Variables()
        self.flags: list[str] = []
        self.implicit_keep = True
        self.explicit_keep = False
        self.filed: dict[int, None] = {}
        self.to_create: dict[str, None] = {}
        self.redirects: dict[str, None] = {}
        self.reply: Reply | None = None
        self.problems: list[str] = []
        self._all_flags: list[str] = []

    def run(self, script: Script) -> None:
        """Run one script to its end; raises `_Stopped` at a stop."""
        self.extensions = script.extensions
        self.variables, self.flags = Variables(), []
        try:
            self._block(script.commands)
        finally:
            self._all_flags += self.flags

    def outcome(self) -> Outcome:
        """What is to be done. One letter has one set of keywords in all its mailboxes: every flag set counts."""
        return Outcome(
            is_kept=self.implicit_keep or self.explicit_keep,
            mailbox_ids=tuple(self.filed),
            to_create=tuple(self.to_create),
            keywords=keywords_of(self._all_flags),
            redirects=tuple(self.redirects),
            reply=self.reply,
            problems=tuple(self.problems),
        )

    def text(self, value: object) -> str:
        """A string argument with its variables replaced."""
        return self.variables.expand(str(value)) if "variables" in self.extensions else str(value)

    def strings(self, value: object) -> list[str]:
        """A list of strings with their variables replaced."""
        assert isinstance(value, tuple | list)
        self.meter.spend(1 + len(value) // 4)
        return [self.text(each) for each in value]

    def _block(self, commands: Sequence[Node]) -> None:
        was_met = False
        for node in commands:
            self.meter.spend()
            if node.name in ("if", "elsif", "else"):
                if node.name == "if":
                    was_met = False
                if not was_met and (node.name == "else" or ask(self, node.tests[0])):
                    was_met = True
                    self._block(node.block)
            else:
                _ACTIONS[node.name](self, node)

    def use_flags(self, node: Node) -> None:
        """The flags an action sets: its own, or those set before (rfc5232#5)."""
        given = node.tags.get("flags")
        self._all_flags += flags_in(self.strings(given)) if given else self.flags


def _stop(run: Run, node: Node) -> None:
    raise _Stopped


def _keep(run: Run, node: Node) -> None:
    run.explicit_keep = True
    run.use_flags(node)


def _discard(run: Run, node: Node) -> None:
    run.implicit_keep = False


def _fileinto(run: Run, node: Node) -> None:
    path = run.text(node.arguments[0])
    mailbox_id = _mailbox(run, node, path)
    if mailbox_id is None and "create" in node.tags:
        run.to_create[path] = None
    elif mailbox_id is None:
        run.problems.append(f"line {node.place.line}: there is no mailbox {path[:100]!r}")
        run.explicit_keep = True
        return
    else:
        run.filed[mailbox_id] = None
    if len(run.filed) + len(run.to_create) > MOST_MAILBOXES:
        raise RunError(f"more than {MOST_MAILBOXES} mailboxes")
    run.use_flags(node)
    if "copy" not in node.tags:
        run.implicit_keep = False


def _mailbox(run: Run, node: Node, path: str) -> int | None:
    """By id, by use, by path: the first that is there (rfc9042#4, rfc8579#4)."""
    folders = run.around.folders
    found: int | None = None
    if "mailboxid" in node.tags:
        found = folders.by_id(run.text(node.tags["mailboxid"]))
    if found is None and "specialuse" in node.tags:
        found = folders.by_use(run.text(node.tags["specialuse"]))
    return folders.by_path(path) if found is None else found


def _redirect(run: Run, node: Node) -> None:
    text = run.text(node.arguments[0])
    try:
        address = normalize_address(text).transmissible
    except AddressError as error:
        raise RunError(f"line {node.place.line}: {text[:100]!r} is no address") from error
    run.redirects[address] = None
    if len(run.redirects) > MOST_REDIRECTS:
        raise RunError(f"more than {MOST_REDIRECTS} redirects")
    if "copy" not in node.tags:
        run.implicit_keep = False


def _set(run: Run, node: Node) -> None:
    run.variables.set(str(node.arguments[0]), modified(run.text(node.arguments[1]), node.tags))


def _change_flags(run: Run, node: Node) -> None:
    *names, given = node.arguments
    name = run.text(names[0]) if names else None
    before = run.flags if name is None else flags_in([run.variables.get(name)])
    flags = flags_in(run.strings(given))
    if node.name == "addflag":
        flags = flags_in([*before, *flags])
    elif node.name == "removeflag":
        gone = {flag.lower() for flag in flags}
        flags = [flag for flag in before if flag.lower() not in gone]
    if name is None:
        run.flags = flags
    else:
        run.variables.set(name, " ".join(flags))


def _vacation(run: Run, node: Node) -> None:
    """Only the first one counts: a letter is answered once."""
    if run.reply is not None:
        return
    reason = run.text(node.arguments[0])
    tags = node.tags
    addresses = tags.get("addresses")
    run.reply = Reply(
        reason=reason,
        handle=run.text(tags.get("handle", reason)),
        period=_period(node),
        subject=run.text(tags["subject"]) if "subject" in tags else None,
        from_=run.text(tags["from"]) if "from" in tags else None,
        own_addresses=tuple(run.strings(addresses)) if addresses else (),
        is_mime="mime" in tags,
    )


def _period(node: Node) -> int:
    """Seconds: seven days where nothing is said, an hour at least, whatever is said (rfc5230#4.1, rfc6131#2)."""
    days, seconds = node.tags.get("days", 7), node.tags.get("seconds")
    asked = int(seconds) if isinstance(seconds, int) else max(1, int(str(days))) * DAY
    return min(max(asked, 3_600), LONGEST_PERIOD)


_ACTIONS: Final[dict[str, Callable[[Run, Node], None]]] = {
    "stop": _stop,
    "keep": _keep,
    "discard": _discard,
    "fileinto": _fileinto,
    "redirect": _redirect,
    "set": _set,
    "addflag": _change_flags,
    "setflag": _change_flags,
    "removeflag": _change_flags,
    "vacation": _vacation,
}
