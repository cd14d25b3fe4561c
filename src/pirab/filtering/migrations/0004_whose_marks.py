"""Whose own marks a run sets in a shared account. Older code leaves it null and sets the common ones, as it did."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("filtering", "0003_runs")]
    operations = [migrations.AddField("run", "person_id", models.BigIntegerField(null=True))]
