"""The only writers of the store. Every action is one transaction (or part of the caller's) and says who hears of it."""

from pirab.store.actions.accounts import (
    check_state,
    log_change,
    log_change_where,
    log_changes,
    open_account,
    set_quota,
    set_quotas,
)
from pirab.store.actions.attachment_text import index_attachment_text, set_attachment_text
from pirab.store.actions.collect import collect_messages, expire_uploads
from pirab.store.actions.counters import repair_counters
from pirab.store.actions.deliver import create_email, deliver
from pirab.store.actions.emails import destroy_emails, update_emails
from pirab.store.actions.fanout import (
    FANOUT_TASK,
    ask_to_carry_on,
    begin_fanout,
    cancel_fanout,
    forget_fanouts,
    register_chunk_listener,
    run_chunk,
)
from pirab.store.actions.holds import hold_message, let_go
from pirab.store.actions.mailboxes import create_mailbox, destroy_mailbox, update_mailbox
from pirab.store.actions.messages import ensure_message, ensure_unseen_message, read_headers
from pirab.store.actions.notices import note_quota_crossing
from pirab.store.actions.renewal import renew_words
from pirab.store.actions.restore import Restored, erase_removed, purge_removed, restore_email
from pirab.store.actions.unread_attachments import (
    READ_WAITING_TASK,
    ask_to_read_attachments,
    claim_unread,
    forget_unread,
    let_settle,
)
from pirab.store.actions.uploads import UPLOAD_ROOM, record_upload
from pirab.store.actions.viewers import join_account, leave_account

__all__ = [
    "FANOUT_TASK",
    "READ_WAITING_TASK",
    "UPLOAD_ROOM",
    "Restored",
    "ask_to_carry_on",
    "ask_to_read_attachments",
    "begin_fanout",
    "cancel_fanout",
    "check_state",
    "claim_unread",
    "collect_messages",
    "create_email",
    "create_mailbox",
    "deliver",
    "destroy_emails",
    "destroy_mailbox",
    "ensure_message",
    "ensure_unseen_message",
    "erase_removed",
    "expire_uploads",
    "forget_fanouts",
    "forget_unread",
    "hold_message",
    "index_attachment_text",
    "join_account",
    "leave_account",
    "let_go",
    "let_settle",
    "log_change",
    "log_change_where",
    "log_changes",
    "note_quota_crossing",
    "open_account",
    "purge_removed",
    "read_headers",
    "record_upload",
    "register_chunk_listener",
    "renew_words",
    "repair_counters",
    "restore_email",
    "run_chunk",
    "set_attachment_text",
    "set_quota",
    "set_quotas",
    "update_emails",
    "update_mailbox",
]
