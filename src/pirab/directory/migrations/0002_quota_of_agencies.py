"""Agencies say how much their accounts hold. Accounts with the old default follow from now on; older code shows no
number for them and still finds the right one at the door."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [
        migrations.AddField("agency", "quota_bytes", models.BigIntegerField(null=True)),
        migrations.AlterField("account", "quota_bytes", models.BigIntegerField(null=True)),
        migrations.RunSQL(
            "update directory_account set quota_bytes = null where quota_bytes = 3000000000",
            reverse_sql="update directory_account set quota_bytes = 3000000000 where quota_bytes is null",
        ),
    ]
