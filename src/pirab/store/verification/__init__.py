"""The store checks itself: `verify` only reads and tells, `repair` mends what was told.

Every check is one function: accounts in, findings out. All of them look at a chunk of accounts in one snapshot, in
which each account is consistent, because every mutation is one transaction: nothing is reported of a system at work
that is not wrong. A new table brings its check along: one of the store's beside the others in `accounts.CHECKS` or
`messages.ROW_CHECKS`, with its mend in `mending.MENDS`; one of an application above in its own `verification.py`, which
`conf/wiring.py` registers.

Always true: nothing here deletes a person's mail. What can not be mended from what is left is reported again.
"""

from pirab.store.verification.mending import repair
from pirab.store.verification.running import verify
from pirab.store.verification.types import Code, Depth, Finding

__all__ = ["Code", "Depth", "Finding", "repair", "verify"]
