"""The web client's build: done again only when one of its sources changed."""

import fcntl
import hashlib
import os
import subprocess
from pathlib import Path

from engines.progress import Failure, step
from engines.site import PYTHON
from pirab.conf.environment import REPOSITORY

WEB = REPOSITORY / "web"
_MODULES_MARK = WEB / "node_modules" / ".pirab-stamp"
_BUILD_MARK = WEB / "dist" / ".pirab-stamp"
_INPUTS = (
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
)


def build() -> None:
    """Install the packages the lock file names and build, each only if its inputs changed since the last time."""
    install()
    wanted = _stamp([WEB / name for name in _INPUTS])
    with _alone():
        if _reads(_BUILD_MARK) == wanted:
            return
        with step("Web client: build"):
            run("run", "build", advice="correct the error shown above in web/, then start again")
        _open_to_all(WEB / "dist")
        _BUILD_MARK.write_text(wanted)


def install() -> None:
    """Install the client's packages when the lock file changed."""
    wanted = _stamp([WEB / "package-lock.json", WEB / "package.json"])
    with _alone():
        if _reads(_MODULES_MARK) == wanted:
            return
        with step("Web client: install packages"):
            run("ci", "--no-audit", "--no-fund", advice="is the package registry reachable? then start again")
        _MODULES_MARK.write_text(wanted)


def run(*arguments: str, advice: str) -> None:
    """Run npm in ``web/`` with the Node of the virtual environment, never with the machine's."""
    completed = subprocess.run(
        [str(PYTHON.parent / "npm"), *arguments], cwd=WEB, env=node_environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if completed.returncode != 0:
        output = (completed.stdout + completed.stderr)[-4000:]
        raise Failure(f"npm {' '.join(arguments)} failed in web/", advice, output)


def node_environment() -> dict[str, str]:
    """The process environment with the virtual environment's programs first."""
    return {
        **os.environ,
        "PATH": f"{PYTHON.parent}:{os.environ['PATH']}",
        "CI": "true",
        "NO_COLOR": "1",
        "FORCE_COLOR": "0",
    }


def _alone() -> "_Lock":
    return _Lock(WEB / ".build.lock")


class _Lock:
    """Two starts of two homes share one checkout; only one builds."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._stream = self._path.open("a+")
        fcntl.flock(self._stream, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def _reads(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _stamp(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(entry for entry in path.rglob("*") if entry.is_file()) if path.is_dir() else [path]
        for file in files:
            if file.exists():
                digest.update(f"{file.relative_to(WEB)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _open_to_all(directory: Path) -> None:
    """nginx reads the build as its own user, whatever the umask of whoever built it."""
    for path in [directory, *directory.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def is_present() -> bool:
    return (WEB / "package.json").exists()
