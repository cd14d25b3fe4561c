"""Checks between the directory and the store for `./pirab verify`, and their mends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from pirab.core import db
from pirab.personnel.provisioning import effective_quota
from pirab.store import actions as store
from pirab.store.verification import registry
from pirab.store.verification.registry import Checks
from pirab.store.verification.types import Finding


class ProvisioningCode(StrEnum):
    """What the directory and the store can disagree about."""

    QUOTA_DIFFERS = "quota-differs-from-directory"
    ACCOUNT_MISSING = "account-not-in-store"
    """The directory has an account that can hold no mail."""
    ACCOUNT_UNKNOWN = "account-not-in-directory"
    """The store has an account that is nobody's. Its mail is left alone: only a backup tells whose it was."""
    ROWS_STRAY = "rows-of-no-account"
    """Rows, none of them mail, of an account that neither has."""


def quotas(accounts: Sequence[int]) -> Iterator[Finding]:
    """The door goes by the number that the directory has, and the directory knows the account."""
    for account_id, quota, is_known in db.rows(
        """
        select a.account_id, a.quota_bytes, d.id is not null
          from store_account a left join directory_account d on d.id = a.account_id
         where a.account_id = any(%s::bigint[])
        """,
        (list(accounts),),
    ):
        if not is_known:
            yield Finding(ProvisioningCode.ACCOUNT_UNKNOWN, account_id, account_id)
        elif quota != (said := effective_quota(account_id)):
            yield Finding(
                ProvisioningCode.QUOTA_DIFFERS, account_id, account_id, f"{quota}, directory {said}"
            )


def missing() -> Iterator[Finding]:
    """Every account of the directory can hold mail, and nothing is left of accounts that are nowhere."""
    for (account_id,) in db.rows(
        "select id from directory_account d where not exists (select from store_account where account_id = d.id)"
    ):
        yield Finding(ProvisioningCode.ACCOUNT_MISSING, account_id, account_id)
    for table in registry.tables():
        for account_id, many in db.rows(
            f"""
            select t.account_id, count(*) from {table} t
             where not exists (select from store_account a where a.account_id = t.account_id)
               and not exists (select from directory_account d where d.id = t.account_id)
             group by t.account_id
            """  # noqa: S608 - names of our own
        ):
            yield Finding(ProvisioningCode.ROWS_STRAY, account_id, account_id, f"{many} in {table}")


def _set_quota(finding: Finding) -> None:
    account_id = finding.object_id
    store.set_quotas([account_id], effective_quota(account_id))


def _open(finding: Finding) -> None:
    store.open_account(finding.object_id, effective_quota(finding.object_id))


def _drop_rows(finding: Finding) -> None:
    for table in registry.tables():
        db.execute(
            f"""
            delete from {table} t where t.account_id = %(account)s
               and not exists (select from store_account a where a.account_id = %(account)s)
               and not exists (select from directory_account d where d.id = %(account)s)
            """,  # noqa: S608 - names of our own
            {"account": finding.object_id},
        )


CHECKS: Final = Checks(
    of_accounts=(quotas,),
    of_all=(missing,),
    mends={
        ProvisioningCode.QUOTA_DIFFERS: _set_quota,
        ProvisioningCode.ACCOUNT_MISSING: _open,
        ProvisioningCode.ROWS_STRAY: _drop_rows,
    },
)
