"""Facts of accounts for display."""

from __future__ import annotations

from pirab.core import db
from pirab.directory.errors import AccountNotFound
from pirab.directory.types import AccountInfo, AccountKind


def account(account_id: int) -> AccountInfo:
    """Display facts of an account; raises `AccountNotFound`."""
    infos = accounts([account_id])
    if not infos:
        raise AccountNotFound(str(account_id))
    return infos[0]


def accounts(account_ids: list[int]) -> list[AccountInfo]:
    """Display facts of several accounts, in the order asked; unknown ones are absent."""
    found = db.rows(
        """
        select a.id, a.name, coalesce(d.address, ''), a.kind, a.quota_bytes
          from directory_account a left join directory_address d on d.account_id = a.id and d.is_primary
         where a.id = any(%s)
        """,
        (account_ids,),
    )
    by_id = {row[0]: AccountInfo(row[0], row[1], row[2], AccountKind(row[3]), row[4]) for row in found}
    return [by_id[account_id] for account_id in account_ids if account_id in by_id]


def agency_of(account_id: int) -> int | None:
    """The agency of a shared account; None for a personal one, and for one of no agency."""
    found: int | None = db.scalar(
        "select agency_id from directory_account where id = %s and kind = 'shared'", (account_id,)
    )
    return found
