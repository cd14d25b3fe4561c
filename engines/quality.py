"""``./pirab lint`` and ``./pirab test``: the same commands on a laptop and in CI."""

import subprocess
import time
from pathlib import Path

from engines import web
from engines.progress import Failure, say, step
from engines.site import PYTHON
from engines.up import start_database
from pirab.conf.environment import REPOSITORY

_CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff: rules", ("ruff", "check")),
    ("ruff: format", ("ruff", "format", "--check")),
    ("mypy: types", ("mypy",)),
    ("import-linter: floors", ("lint-imports",)),
)


def lint() -> int:
    """Run every check, all of them even when one fails; returns 0 only if all pass."""
    failed = [
        title
        for title, command in _CHECKS
        if not _passes(title, [str(PYTHON.parent / command[0]), *command[1:]], REPOSITORY)
    ]
    if web.is_present():
        web.install()
        if not _passes("web: lint", [str(PYTHON.parent / "npm"), "run", "lint"], web.WEB):
            failed.append("web: lint")
    if failed:
        say(f"not clean: {', '.join(failed)}")
    return 1 if failed else 0


def _passes(title: str, command: list[str], directory: Path) -> bool:
    begun = time.monotonic()
    completed = subprocess.run(
        command, cwd=directory, env=_tool_environment(), capture_output=True, text=True, check=False
    )
    outcome = "clean" if completed.returncode == 0 else "NOT CLEAN"
    say(f"{title}: {outcome} ({time.monotonic() - begun:.1f} s)")
    if completed.returncode != 0:
        print(completed.stdout + completed.stderr, flush=True)
    return completed.returncode == 0


def test(arguments: list[str]) -> int:
    """Run the client's tests, then pytest, whose count is the last line printed. Arguments go to pytest alone."""
    if web.is_present():
        web.build()
        if not arguments and not _passes("web: vitest", [str(PYTHON.parent / "npm"), "test"], web.WEB):
            raise Failure("the web client's tests fail", "read the lines above; alone: (cd web && npm test)")
    with step("Database for the tests of parts"):
        start_database()
    return subprocess.run(
        [str(PYTHON), "-m", "pytest", *arguments], cwd=REPOSITORY, env=_tool_environment(), check=False
    ).returncode


def bench(arguments: list[str]) -> int:
    """Run the benchmarks against the system of this home."""
    if not (REPOSITORY / "benchmarks" / "__main__.py").exists():
        raise Failure("this checkout has no benchmarks", "see benchmarks/README.md in a full checkout")
    return subprocess.run(
        [str(PYTHON), "-m", "benchmarks", *arguments], cwd=REPOSITORY, check=False
    ).returncode


def _tool_environment() -> dict[str, str]:
    return {**web.node_environment(), "DJANGO_SETTINGS_MODULE": "pirab.conf.settings", "PYTHONPATH": "src:."}
