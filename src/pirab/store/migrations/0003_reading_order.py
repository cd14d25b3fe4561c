"""The order people read names and subjects in: Thai as a dictionary has it, and punctuation counts (somchai@ before
somchai2@), which ICU's own Thai collation ignores."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0002_models")]
    operations = [
        migrations.RunSQL(
            "create collation store_reading_order (provider = icu, locale = 'th-u-ka-noignore')",
            reverse_sql="drop collation store_reading_order",
        )
    ]
