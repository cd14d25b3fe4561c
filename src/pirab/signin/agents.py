"""A browser's name for itself (User-Agent, rfc9110#10.1.5), short enough for a person to know their device by."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 300
"""Characters of a User-Agent that are kept."""

# The order matters: most browsers also claim to be the ones below them.
_PROGRAMS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("Thunderbird", "Thunderbird"),
    ("curl", "curl"),
    ("python", "Python"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name_of(agent: str) -> str:
    """For example "Chrome, Windows"; "" where nothing is known."""
    program = next((name for mark, name in _PROGRAMS if mark.lower() in agent.lower()), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (program, system) if part)
