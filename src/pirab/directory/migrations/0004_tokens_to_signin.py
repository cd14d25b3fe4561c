"""Tokens belong to sign-in now (signin 0003 took the rows over). The old table stays for code that still reads it, but
holds nobody back from being deleted.
"""

from __future__ import annotations

from django.db import migrations

_LET_GO = """
do $$
declare name text;
begin
    for name in select conname from pg_constraint
                 where conrelid = 'directory_accesstoken'::regclass and contype = 'f'
    loop
        execute format('alter table directory_accesstoken drop constraint %I', name);
    end loop;
end $$
"""


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("directory", "0003_agencies_people_groups")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_LET_GO, migrations.RunSQL.noop)],
            state_operations=[migrations.DeleteModel("AccessToken")],
        )
    ]
