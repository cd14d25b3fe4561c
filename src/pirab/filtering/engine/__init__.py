"""Runs Sieve scripts on a letter (RFC 5228 and extensions). Pure: no database, no network, no clock of its own.

Always true: a run ends after `LARGEST_EFFORT` units of work at most; it changes nothing, but says what is to be done
(`Outcome`); whatever goes wrong in it is a `RunError`, upon which the caller keeps the letter in the inbox.
"""

from pirab.filtering.engine.letter import Folder, Folders, Letter, Surroundings
from pirab.filtering.engine.machine import run_scripts
from pirab.filtering.engine.outcome import Outcome, Reply, RunError

__all__ = ["Folder", "Folders", "Letter", "Outcome", "Reply", "RunError", "Surroundings", "run_scripts"]
