"""Opening accounts, for the operator's commands: see `pirab.personnel.provisioning`."""

from __future__ import annotations

from pirab.personnel.provisioning import (
    OpenedAccount,
    effective_quota,
    open_personal_account,
    open_shared_account,
    set_agency_quota,
    set_quota,
)

__all__ = [
    "OpenedAccount",
    "effective_quota",
    "open_personal_account",
    "open_shared_account",
    "set_agency_quota",
    "set_quota",
]
