"""A government of any size, the same every time: units, posts and people with Thai names, for measuring the directory.

Nobody in it is real: names are put together from what Thai names are made of.
"""

from benchmarks.government.people import Official, officials
from benchmarks.government.units import Office, offices

__all__ = ["Office", "Official", "offices", "officials"]
