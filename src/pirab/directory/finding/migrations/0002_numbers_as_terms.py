"""Telephone numbers become terms, and each row says by which rules it was made.

Rows made before are of version 0: the worker makes them anew within minutes. Older code goes on writing rows that
newer code makes anew as well.
"""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("finding", "0001_schema")]
    operations = [
        migrations.RunSQL(
            """
            drop index finding_entry_numbers;
            alter table finding_entry add column version smallint not null default 0;
            alter index finding_word_near set (fastupdate = off);
            create index finding_entry_old on finding_entry (version, person_id);
            delete from finding_entry;
            delete from finding_word;
            """,
            reverse_sql="""
            alter table finding_entry drop column version;
            create index finding_entry_numbers on finding_entry using gin (numbers gin_trgm_ops)
                with (fastupdate = off) where numbers <> '';
            """,
        )
    ]
