"""The only readers of the store. Every query names the account it is about; `access_blob` is the gate to bytes."""

from pirab.store.queries.attachment_text import attachment_text, message_source, messages_unread_inside
from pirab.store.queries.changes import changes, states
from pirab.store.queries.emails import (
    all_email_ids,
    count_of_emails,
    email_ids_after,
    email_rows,
    email_views,
    threads,
)
from pirab.store.queries.fanout import fanout_left_out, fanout_progress, open_fanouts
from pirab.store.queries.mailboxes import mailbox_with_role, mailboxes, usage, wrong_counters
from pirab.store.queries.messages import (
    access_blob,
    blob_holders,
    email_with_message,
    message_bytes,
    message_of_email,
    message_ref,
    message_with_id,
    register_blob_gate,
)
from pirab.store.queries.paging import query_emails
from pirab.store.queries.query_changes import query_changes
from pirab.store.queries.removed import REMOVED_SORT_KEYS, removed_count, removed_emails, removed_ids
from pirab.store.queries.search import words_of

__all__ = [
    "REMOVED_SORT_KEYS",
    "access_blob",
    "all_email_ids",
    "attachment_text",
    "blob_holders",
    "changes",
    "count_of_emails",
    "email_ids_after",
    "email_rows",
    "email_views",
    "email_with_message",
    "fanout_left_out",
    "fanout_progress",
    "mailbox_with_role",
    "mailboxes",
    "message_bytes",
    "message_of_email",
    "message_ref",
    "message_source",
    "message_with_id",
    "messages_unread_inside",
    "open_fanouts",
    "query_changes",
    "query_emails",
    "register_blob_gate",
    "removed_count",
    "removed_emails",
    "removed_ids",
    "states",
    "threads",
    "usage",
    "words_of",
    "wrong_counters",
]
