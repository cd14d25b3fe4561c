"""The commands of the script ``pirab``."""

import argparse
import json
import sys
from collections.abc import Callable

from engines import progress, resolver
from engines.progress import Failure
from engines.site import load_environment, require_root

_EPILOG = "Settings are environment variables PIRAB_*; docs/reference/settings.md lists them."


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit code: 0 done, 1 failed with an explanation, 2 wrong usage."""
    options, rest = _parser().parse_known_args(arguments)
    if rest and not options.takes_more:
        _parser().error(f"unknown arguments: {' '.join(rest)}")
    options.rest = rest
    try:
        return int(options.run(options) or 0)
    except Failure as failure:
        progress.report_failure(failure)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./pirab", description="Pirab, the mail service.", epilog=_EPILOG)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace], int | None], help_text: str, more: str = ""
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=help_text, description=f"{help_text} {more}".strip(), epilog=_EPILOG
        )
        command.set_defaults(run=run, takes_more=False)
        return command

    up = add(
        "up",
        _up,
        "Install what is missing, configure, start, migrate, load demo data and prove that mail travels.",
    )
    up.add_argument("--only", choices=["postgres", "engines", "backend"], help="start no more than this")
    add("down", _down, "Stop every process; all mail stays.")
    status = add(
        "status", _status, "Show processes, queue, signatures, the last self-check and what is switched off."
    )
    status.add_argument("--json", action="store_true", help="machine-readable (docs/reference/status.md)")
    logs = add("logs", _logs, "Show the end of the logs.")
    logs.add_argument("name", nargs="?", help="one log; all without")
    logs.add_argument("-f", "--follow", action="store_true", help="go on printing what is added")
    logs.add_argument("-n", "--lines", type=int, default=40, help="how many lines (40)")
    add("demo", _demo, "Load the demo data; running it again changes nothing.")
    add("selfcheck", _selfcheck, "Send one message through the whole system now.")
    _add_workshop(add)
    _add_operations(add, commands)
    return parser


_Add = Callable[..., argparse.ArgumentParser]


def _add_workshop(add: _Add) -> None:
    test = add("test", _test, "Run the tests; further arguments go to pytest.")
    test.set_defaults(takes_more=True)
    add("lint", _lint, "Check style, types and import floors of everything.")
    bench = add("bench", _bench, "Measure; further arguments go to the benchmarks.")
    bench.set_defaults(takes_more=True)


def _add_operations(add: _Add, commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    manage = add("manage", _manage, "Run a Django management command as the service user.")
    manage.set_defaults(takes_more=True)
    manage.add_argument("command", nargs="?", default="help")
    blob = add(
        "blob",
        _blob,
        "Look after stored bytes: verify reads, repair mends, gc removes what nobody needs, rotate makes a new key.",
    )
    blob.add_argument("task", choices=["verify", "repair", "gc", "rotate"])
    blob.set_defaults(takes_more=True)
    check = add(
        "verify", _verify, "Look for anything wrong in the store and the stored bytes; changes nothing."
    )
    check.set_defaults(takes_more=True)
    mend = add("repair", _repair, "Mend what verify finds in the store; --dry-run only shows it.")
    mend.set_defaults(takes_more=True)
    signing = add(
        "dkim", _dkim, "Make the signing key of a domain if need be and print the DNS record for it."
    )
    signing.add_argument("domain", nargs="+")
    domain = add(
        "domain",
        _domain,
        "Look after mail domains: list, add, check, zone, rotate, keys, history, adopt, audit (each with --help).",
    )
    domain.set_defaults(takes_more=True)
    domain.add_argument(
        "task", choices=["list", "add", "check", "zone", "rotate", "keys", "history", "adopt", "audit"]
    )
    queue = add("queue", _queue, "Show, retry or remove messages of the outgoing queue.")
    queue.add_argument("task", choices=["list", "flush", "delete"], nargs="?", default="list")
    queue.add_argument("id", nargs="?", help="one queue id, for delete")
    process = add("process", _process, "Stop, start or restart one process of the running system.")
    process.add_argument("task", choices=["stop", "start", "restart"])
    process.add_argument("name")
    add("upkeep", _upkeep, "Rotate logs for ever (run by the supervisor).")


def _up(options: argparse.Namespace) -> None:
    from engines.up import up

    up(options.only)


def _down(_: argparse.Namespace) -> None:
    from engines.down import down

    down()


def _status(options: argparse.Namespace) -> int:
    from engines import status

    report = status.collect(resolver.look(load_environment()))
    print(json.dumps(report, indent=2, ensure_ascii=False) if options.json else status.text(report))
    healthy = report["processes"] and all(entry["state"] == "running" for entry in report["processes"])
    return 0 if healthy else 3


def _logs(options: argparse.Namespace) -> None:
    from engines import logs

    shown = logs.show(load_environment(), options.name, options.lines)
    if options.follow:
        for line in logs.follow(shown):
            print(line, flush=True)


def _demo(_: argparse.Namespace) -> None:
    require_root("demo")
    from engines.up import demo

    demo(resolver.look(load_environment()))


def _selfcheck(_: argparse.Namespace) -> None:
    require_root("selfcheck")
    from engines import selfcheck

    outcome = selfcheck.run(resolver.look(load_environment()))
    print(f"accepted in {outcome.accepted_seconds} s, seen by JMAP after {outcome.seen_seconds} s")


def _test(options: argparse.Namespace) -> int:
    from engines import quality

    return quality.test(options.rest)


def _lint(_: argparse.Namespace) -> int:
    from engines import quality

    return quality.lint()


def _bench(options: argparse.Namespace) -> int:
    from engines import quality

    return quality.bench(options.rest)


def _manage(options: argparse.Namespace) -> int:
    from engines import management

    return management.interactive(resolver.look(load_environment()), [options.command, *options.rest])


def _blob(options: argparse.Namespace) -> int:
    from engines import management

    return management.interactive(
        resolver.look(load_environment()), ["pirab_blob", options.task, *options.rest]
    )


def _verify(options: argparse.Namespace) -> int:
    """`--account ID`, `--deep`, `--json`, `--no-blobs`."""
    from engines import management

    return management.interactive(resolver.look(load_environment()), ["pirab_verify", *options.rest])


def _repair(options: argparse.Namespace) -> int:
    from engines import management

    return management.interactive(
        resolver.look(load_environment()), ["pirab_verify", "--repair", *options.rest]
    )


def _dkim(options: argparse.Namespace) -> None:
    require_root("dkim")
    from engines import dkim

    environment = load_environment()
    for domain in options.domain:
        record = dkim.ensure_key(environment, domain)
        print(f'{record.record_name}. IN TXT "{record.record_value}"')


def _domain(options: argparse.Namespace) -> int:
    from engines import management

    return management.interactive(
        resolver.look(load_environment()), ["pirab_domain", options.task, *options.rest]
    )


def _queue(options: argparse.Namespace) -> int:
    require_root("queue")
    from engines import postfix

    return postfix.queue_command(load_environment(), options.task, options.id)


def _process(options: argparse.Namespace) -> None:
    require_root("process")
    from engines.supervisor import Supervisor

    supervisor = Supervisor(resolver.look(load_environment()))
    if options.name not in {entry["name"] for entry in supervisor.info()}:
        raise Failure(f"no process {options.name!r} is supervised", "./pirab status lists them")
    if options.task in ("stop", "restart"):
        supervisor.stop(options.name)
    if options.task in ("start", "restart"):
        supervisor.start(options.name)


def _upkeep(_: argparse.Namespace) -> None:
    from engines import upkeep

    upkeep.run(load_environment())
