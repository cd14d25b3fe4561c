"""Tables of transfer, for Django's bookkeeping: `migrations/0001_exports.sql` makes them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Export(models.Model):
    """A mailbox that leaves as one file."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    format = models.TextField()
    mailbox_ids = ArrayField(models.BigIntegerField(), null=True)
    state = models.TextField()
    done = models.IntegerField()
    total = models.IntegerField(null=True)
    last_email_id = models.BigIntegerField()
    octets = models.BigIntegerField()
    manifest_octets = models.BigIntegerField()
    manifest_crc = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "transfer_export"


class Item(models.Model):
    """A letter in an export."""

    pk = models.CompositePrimaryKey("account_id", "export_id", "number")
    account_id = models.BigIntegerField()
    export_id = models.BigIntegerField()
    number = models.IntegerField()
    start = models.BigIntegerField()
    length = models.BigIntegerField()
    size = models.BigIntegerField()
    crc = models.BigIntegerField()
    digest = models.BinaryField()
    path = models.TextField()
    mailboxes = ArrayField(models.TextField())
    keywords = ArrayField(models.TextField())
    received_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "transfer_item"
