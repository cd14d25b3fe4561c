"""Rows of the inbound path."""

from django.db import models


class Arrival(models.Model):
    """A message that came in lately: which stored content answers to its kernel (see `arrival`).

    Only written and read by `arrival` and purged by `tasks`; kept for `arrival.MEMORY`.
    """

    kernel = models.BinaryField(primary_key=True)
    digest = models.BinaryField()
    arrived_at = models.DateTimeField()

    class Meta:
        db_table = "delivery_arrival"
