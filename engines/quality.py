"""``./pirab lint`` and ``./pirab test``: the same commands on a laptop and in CI."""

import subprocess
import tempfile
import time
from pathlib import Path

from engines import secret_files, web
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
    with tempfile.TemporaryDirectory(prefix="pirab-lint-") as home:
        environment = {**_tool_environment(), "PIRAB_HOME": _home_with_secrets(Path(home))}
        failed = [title for title, command in _CHECKS if not _passes(title, _tool(*command), environment)]
    if web.is_present():
        web.install()
        if not _passes("web: lint", _tool("npm", "run", "lint"), _tool_environment(), web.WEB):
            failed.append("web: lint")
    if failed:
        say(f"not clean: {', '.join(failed)}")
    return 1 if failed else 0


def _home_with_secrets(home: Path) -> str:
    """The type checker reads Django's settings, which read secrets; a checkout that never ran has none."""
    (home / "secrets").mkdir()
    for name in secret_files.NAMES:
        (home / "secrets" / name).write_text("only-for-lint")
    return str(home)


def _tool(name: str, *arguments: str) -> list[str]:
    return [str(PYTHON.parent / name), *arguments]


def _passes(
    title: str, command: list[str], environment: dict[str, str], directory: Path = REPOSITORY
) -> bool:
    begun = time.monotonic()
    completed = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
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
        if not arguments and not _passes("web: vitest", _tool("npm", "test"), _tool_environment(), web.WEB):
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
