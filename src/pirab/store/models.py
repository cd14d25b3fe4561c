"""Tables of the store, for Django's bookkeeping: `migrations/0001_schema.sql` makes them, hot paths use SQL.

`managed = False`: partitioned tables are beyond what Django can create, so migrations carry their SQL.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class StoreAccount(models.Model):
    """Counters and states of one account; its row lock serialises every mutation of the account."""

    account_id = models.BigIntegerField(primary_key=True)
    modseq = models.BigIntegerField()
    email_state = models.BigIntegerField()
    mailbox_state = models.BigIntegerField()
    thread_state = models.BigIntegerField()
    submission_state = models.BigIntegerField()
    identity_state = models.BigIntegerField()
    delivery_state = models.BigIntegerField(default=0)
    vacation_state = models.BigIntegerField(default=0)
    sieve_state = models.BigIntegerField(default=0)
    book_state = models.BigIntegerField(default=0)
    card_state = models.BigIntegerField(default=0)
    oldest_modseq = models.BigIntegerField()
    used_bytes = models.BigIntegerField()
    email_count = models.BigIntegerField()
    quota_bytes = models.BigIntegerField()
    has_viewers = models.BooleanField(default=False)
    quota_warned = models.SmallIntegerField(default=0)

    class Meta:
        managed = False
        db_table = "store_account"


class Message(models.Model):
    """One distinct content, parsed once."""

    id = models.BigIntegerField(primary_key=True)
    digest = models.BinaryField(unique=True)
    size = models.BigIntegerField()
    sent_at = models.DateTimeField(null=True)
    has_attachment = models.BooleanField()
    thread_key = models.BigIntegerField(null=True)
    subject_key = models.TextField()
    from_key = models.TextField()
    to_key = models.TextField()
    envelope = models.TextField()
    structure = models.TextField()
    fields = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "store_message"


class MessageRef(models.Model):
    """A message-id that a message carries or mentions."""

    pk = models.CompositePrimaryKey("ref", "is_own", "message_id")
    ref = models.BigIntegerField()
    is_own = models.BooleanField()
    message_id = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "store_message_ref"


class MessageText(models.Model):
    """What the attachments of a message say."""

    message_id = models.BigIntegerField(primary_key=True)
    reading = models.TextField()
    text = models.TextField()

    class Meta:
        managed = False
        db_table = "store_message_text"


class UnreadAttachment(models.Model):
    """A message whose attachments are to be opened, or (`is_read`) their words indexed once more."""

    message_id = models.BigIntegerField(primary_key=True)
    attempts = models.SmallIntegerField(default=0)
    is_read = models.BooleanField(default=False)
    next_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "store_unread_attachment"


class Mailbox(models.Model):
    """A mailbox of an account."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    parent_id = models.BigIntegerField(null=True)
    name = models.TextField()
    role = models.TextField(null=True)
    sort_order = models.BigIntegerField()
    is_subscribed = models.BooleanField()
    total_emails = models.IntegerField()
    unread_emails = models.IntegerField()
    total_threads = models.IntegerField()
    unread_threads = models.IntegerField()
    uid_next = models.BigIntegerField()
    color = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "store_mailbox"


class Email(models.Model):
    """One person's copy of a message."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    thread_id = models.BigIntegerField()
    received_at = models.DateTimeField()
    modseq = models.BigIntegerField()
    size = models.IntegerField()
    flags = models.SmallIntegerField()
    has_attachment = models.BooleanField()
    keywords = ArrayField(models.TextField(), null=True)
    has_shared_words = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "store_email"


class EmailMailbox(models.Model):
    """An email is in a mailbox."""

    pk = models.CompositePrimaryKey("account_id", "email_id", "mailbox_id")
    account_id = models.BigIntegerField()
    mailbox_id = models.BigIntegerField()
    email_id = models.BigIntegerField()
    thread_id = models.BigIntegerField()
    received_at = models.DateTimeField()
    uid = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "store_email_mailbox"


class EmailSearch(models.Model):
    """The words of an email."""

    pk = models.CompositePrimaryKey("account_id", "email_id")
    account_id = models.BigIntegerField()
    email_id = models.BigIntegerField()
    version = models.SmallIntegerField()
    tokens = SearchVectorField()

    class Meta:
        managed = False
        db_table = "store_email_search"


class MessageSearch(models.Model):
    """The words of a letter to many: whoever holds the message is found by them."""

    message_id = models.BigIntegerField(primary_key=True)
    version = models.SmallIntegerField()
    tokens = SearchVectorField()

    class Meta:
        managed = False
        db_table = "store_message_search"


class Fanout(models.Model):
    """One letter on its way to many accounts."""

    id = models.BigIntegerField(primary_key=True)
    message_id = models.BigIntegerField()
    role = models.TextField()
    keywords = ArrayField(models.TextField())
    received_at = models.DateTimeField()
    total = models.IntegerField()
    state = models.TextField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "store_fanout"


class FanoutChunk(models.Model):
    """Some of the accounts of a fan-out, and what became of them."""

    pk = models.CompositePrimaryKey("fanout_id", "number")
    fanout_id = models.BigIntegerField()
    number = models.IntegerField()
    accounts = ArrayField(models.BigIntegerField())
    stored = models.IntegerField(null=True)
    duplicates = models.IntegerField(null=True)
    over_quota = ArrayField(models.BigIntegerField(), null=True)
    unknown = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        managed = False
        db_table = "store_fanout_chunk"


class MessageHold(models.Model):
    """A message kept for a purpose although nobody may have it in a mailbox."""

    id = models.BigIntegerField(primary_key=True)
    message_id = models.BigIntegerField()
    held_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "store_message_hold"


class Change(models.Model):
    """An entry of the change log."""

    pk = models.CompositePrimaryKey("account_id", "object_type", "modseq")
    account_id = models.BigIntegerField()
    modseq = models.BigIntegerField()
    object_type = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    thread_id = models.BigIntegerField(null=True)
    mailbox_id = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "store_change"


class Upload(models.Model):
    """A blob that people brought into an account and may use for a while; `person_ids` null: whoever may read it."""

    pk = models.CompositePrimaryKey("account_id", "digest")
    account_id = models.BigIntegerField()
    digest = models.BinaryField()
    size = models.BigIntegerField()
    media_type = models.TextField()
    created_at = models.DateTimeField()
    person_ids = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        managed = False
        db_table = "store_upload"


class Orphan(models.Model):
    """A message that lost a reader."""

    message_id = models.BigIntegerField(primary_key=True)
    since = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "store_orphan"


class Viewer(models.Model):
    """A person who looks into a shared account."""

    pk = models.CompositePrimaryKey("account_id", "person_id")
    account_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    since = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "store_viewer"


class ViewerEmail(models.Model):
    """One person's own flags of an email in a shared account."""

    pk = models.CompositePrimaryKey("account_id", "email_id", "person_id")
    account_id = models.BigIntegerField()
    email_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    flags = models.SmallIntegerField()

    class Meta:
        managed = False
        db_table = "store_viewer_email"


class ViewerMailbox(models.Model):
    """How a mailbox of a shared account differs for one person."""

    pk = models.CompositePrimaryKey("account_id", "person_id", "mailbox_id")
    account_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    mailbox_id = models.BigIntegerField()
    unread_emails = models.IntegerField()
    unread_threads = models.IntegerField()
    is_subscribed = models.BooleanField(null=True)

    class Meta:
        managed = False
        db_table = "store_viewer_mailbox"


class RemovedEmail(models.Model):
    """Mail that its owner has destroyed and can still have back."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    size = models.IntegerField()
    flags = models.SmallIntegerField()
    keywords = ArrayField(models.TextField(), null=True)
    mailboxes = ArrayField(models.BigIntegerField())
    received_at = models.DateTimeField()
    removed_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "store_removed_email"


class ThreadCount(models.Model):
    """How much of a long thread lies in a mailbox; see `tallies`."""

    pk = models.CompositePrimaryKey("account_id", "thread_id", "person_id", "mailbox_id")
    account_id = models.BigIntegerField()
    thread_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    mailbox_id = models.BigIntegerField()
    emails = models.IntegerField()
    unread = models.IntegerField()

    class Meta:
        managed = False
        db_table = "store_thread_count"
