"""The table of blobs; hot paths read and write it through `actions` and `queries` in SQL."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Blob(models.Model):
    """One distinct content. The primary key is its SHA-256; times are the database's clock."""

    digest = models.BinaryField(primary_key=True)
    size = models.BigIntegerField()
    stored_size = models.BigIntegerField()
    locator = models.TextField()
    key_id = models.TextField()
    wrapped_key = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "blob_blob"
