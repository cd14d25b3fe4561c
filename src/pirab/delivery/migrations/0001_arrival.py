"""The memory of what came in lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("kernel", models.BinaryField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField()),
                ("arrived_at", models.DateTimeField()),
            ],
            options={"db_table": "delivery_arrival"},
        ),
    ]
