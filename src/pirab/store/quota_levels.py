"""How full is full: when somebody is warned, and when a warning is over.

A warning is said once on the way up. It can be said again when the account has been clearly below the level
meanwhile, so that one letter going and coming does not bring a letter every time.
"""

from __future__ import annotations

from typing import Final

WARN_PERCENT: Final = 80
SOFT_PERCENT: Final = 95
CLEARLY_BELOW: Final = 5
"""Points below a level at which its warning is over."""


def warned_level(used_bytes: int, quota_bytes: int, warned: int) -> int:
    """Which warning (0, 80, 95) is in force for an account that holds so much, when `warned` was until now."""
    for level in (SOFT_PERCENT, WARN_PERCENT):
        threshold = level if warned < level else level - CLEARLY_BELOW
        if used_bytes * 100 >= quota_bytes * threshold:
            return level
    return 0
