"""Sieve scripts (RFC 5228 and extensions): octets → a checked tree, or the place of the first mistake.

Pure and bounded: `parse_script` looks at no more than `ScriptLimits` allow, never recurses deeper than that and raises
`SieveError` alone, whatever it is given. What it returns has been checked in full: commands, arguments and their
types, extensions and where each may stand; whoever runs it meets only run-time values.
"""

from pirab.wire.sieve.checker import parse_script
from pirab.wire.sieve.grammar import EXTENSIONS
from pirab.wire.sieve.types import Argument, Node, Script, ScriptLimits, SieveError
from pirab.wire.sieve.writing import quote

__all__ = ["EXTENSIONS", "Argument", "Node", "Script", "ScriptLimits", "SieveError", "parse_script", "quote"]
