"""Checks of transfer's tables for `./pirab verify`, and their mends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from pirab.core import db
from pirab.store.verification.registry import Checks
from pirab.store.verification.types import Finding


class TransferCode(StrEnum):
    """What can be wrong with mailboxes that leave as a file."""

    ITEM_STRAY = "export-item-of-nothing"
    EXPORT_DIFFERS = "export-differs-from-items"
    """The letters noted are not as many, or not as long together, as the export says. Its owner asks for another."""


def exports(accounts: Sequence[int]) -> Iterator[Finding]:
    """Letters noted belong to an export, and lie one after the other from its first octet."""
    params = {"accounts": list(accounts)}
    for account_id, export_id in db.rows(
        """
        select distinct i.account_id, i.export_id from transfer_item i
         where i.account_id = any(%(accounts)s::bigint[])
           and not exists (select from transfer_export x where x.account_id = i.account_id and x.id = i.export_id)
        """,
        params,
    ):
        yield Finding(TransferCode.ITEM_STRAY, account_id, export_id)
    for account_id, export_id, detail in db.rows(
        """
        select x.account_id, x.id, format('%%s letters, noted %%s', x.done, i.many) from transfer_export x
         cross join lateral (
               select count(*) as many, count(*) filter (where start <> expected) as astray
                 from (select start, coalesce(sum(length) over (order by number rows between unbounded preceding
                                                                and 1 preceding), 0) as expected
                         from transfer_item where account_id = x.account_id and export_id = x.id) placed) i
         where x.account_id = any(%(accounts)s::bigint[]) and (i.many <> x.done or i.astray > 0)
        """,
        params,
    ):
        yield Finding(TransferCode.EXPORT_DIFFERS, account_id, export_id, detail)


def _drop_items(finding: Finding) -> None:
    db.execute(
        """
        delete from transfer_item i where i.account_id = %(account)s and i.export_id = %(id)s
           and not exists (select from transfer_export x where x.account_id = %(account)s and x.id = %(id)s)
        """,
        {"account": finding.account_id, "id": finding.object_id},
    )


def _drop_export(finding: Finding) -> None:
    """A file made of these would be damaged; the mail it was made from is where it is."""
    if not any(
        each == finding or each.object_id == finding.object_id for each in exports([finding.account_id or 0])
    ):
        return
    for table, column in (("transfer_item", "export_id"), ("transfer_export", "id")):
        db.execute(
            f"delete from {table} where account_id = %s and {column} = %s",  # noqa: S608 - names of our own
            (finding.account_id, finding.object_id),
        )


CHECKS: Final = Checks(
    of_accounts=(exports,),
    mends={TransferCode.ITEM_STRAY: _drop_items, TransferCode.EXPORT_DIFFERS: _drop_export},
    tables=("transfer_export", "transfer_item"),
)
