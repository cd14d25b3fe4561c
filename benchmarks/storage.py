"""What the mailbox of 10,000 takes on disk: its blobs, its rows, and its share of every index.

Tables and indexes hold other accounts as well, so the account's share of each is that of its rows' octets.
"""

from benchmarks import filling
from benchmarks.mailbox import Profile
from benchmarks.results import Seen
from pirab.core import db

_OF_ACCOUNT = ("store_email", "store_email_mailbox", "store_email_search", "store_change")
_OF_MESSAGE = ("store_message", "store_message_ref", "store_message_text", "store_message_search")
_BLOBS = """
    select coalesce(sum(b.stored_size), 0), coalesce(sum(b.size), 0), coalesce(sum(pg_column_size(b)), 0)
      from blob_blob b
     where b.digest in (select g.digest from store_email e join store_message g on g.id = e.message_id
                         where e.account_id = %s)
"""
_WHOLE = """
    select coalesce((select sum(pg_total_relation_size(relid)) from pg_partition_tree(%(table)s::regclass)),
                    pg_total_relation_size(%(table)s::regclass))
"""


def run(profile: Profile) -> list[Seen]:
    """Octets stored for each octet of mail."""
    account_id = filling.reader(profile).account_id
    stored, plain, blob_rows = db.rows(_BLOBS, (account_id,))[0]
    parts = {"blobs": float(stored), "blob rows": _share("blob_blob", float(blob_rows))}
    for table in _OF_ACCOUNT:
        parts[table] = _share(
            table, _octets(f"select pg_column_size(t) as n from {table} t where account_id = %s", account_id)
        )
    for table in _OF_MESSAGE:
        key = "id" if table == "store_message" else "message_id"
        held = "select message_id from store_email where account_id = %s"
        parts[table] = _share(
            table,
            _octets(f"select pg_column_size(t) as n from {table} t where {key} in ({held})", account_id),
        )
    note = ", ".join(f"{name} {value / 1e6:.1f} MB" for name, value in parts.items() if value > 1e5)
    return [
        Seen(
            "storage.share",
            sum(parts.values()) / float(plain),
            note=f"{float(plain) / 1e6:.0f} MB of mail: {note}",
        )
    ]


def _octets(rows: str, account_id: int) -> float:
    return float(db.scalar(f"select coalesce(sum(n), 0) from ({rows}) r", (account_id,)))


def _share(table: str, octets: float) -> float:
    """The part of the table with indexes that rows of so many octets stand for."""
    all_rows = float(db.scalar(f"select coalesce(sum(pg_column_size(t)), 1) from {table} t"))
    return float(db.scalar(_WHOLE, {"table": table})) * octets / max(all_rows, 1.0)
