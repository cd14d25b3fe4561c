"""How much there is to do, and what is being brought along. Older code writes neither and reads neither."""

from __future__ import annotations

from django.db import migrations

_FORWARD = """
    alter table transfer_export add column total integer;      -- letters there were when it began
    alter table transfer_import add column total bigint;       -- places in all, once the first letter is done
    alter table transfer_import add column size bigint;        -- octets the file will have, where the sender said so
    alter table transfer_import add column name text not null default '';
"""
_BACKWARD = """
    alter table transfer_import drop column name, drop column size, drop column total;
    alter table transfer_export drop column total;
"""


class Migration(migrations.Migration):
    dependencies = [("transfer", "0002_imports")]
    operations = [migrations.RunSQL(_FORWARD, reverse_sql=_BACKWARD)]
