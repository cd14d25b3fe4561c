"""Configuration files from templates, written only when their text changes."""

import hashlib
import os
from pathlib import Path

from jinja2 import Environment as Templates
from jinja2 import FileSystemLoader, StrictUndefined

from engines.site import Site, own

_TEMPLATES = Templates(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701 - these are engine configurations, not HTML
)


class Rendering:
    """Renders the files of one engine and remembers a stamp of all of them.

    The stamp travels in the service's environment, so that the supervisor restarts exactly the services whose
    configuration differs from what they run with.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._digest = hashlib.sha256()

    @property
    def stamp(self) -> str:
        return self._digest.hexdigest()[:16]

    def include(self, text: str) -> None:
        """Let something that is no file count as configuration, such as a program's version."""
        self._digest.update(text.encode())

    def file(
        self, template: str, target: Path, *, group: str = "root", mode: int = 0o644, **values: object
    ) -> None:
        environment = self._site.environment
        text = _TEMPLATES.get_template(template).render(
            site=self._site, environment=environment, ports=environment.ports, home=environment.home, **values
        )
        self._digest.update(f"{target}\0{text}\0".encode())
        write_if_changed(target, text, group=group, mode=mode)


def write_if_changed(
    target: Path, text: str, *, user: str = "root", group: str = "root", mode: int = 0o644
) -> bool:
    """Replace the file in one rename when its text differs; a reader never sees half of it."""
    data = text.encode()
    try:
        changed = target.read_bytes() != data
    except FileNotFoundError:
        changed = True
    if changed:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_name(f".{target.name}.{os.getpid()}")
        scratch.touch(mode=0o600)
        own(scratch, user, group, mode)
        scratch.write_bytes(data)
        scratch.rename(target)
    own(target, user, group, mode)
    return changed
