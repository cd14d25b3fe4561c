from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("subject", models.BinaryField(primary_key=True, serialize=False)),
                ("failures", models.IntegerField()),
                ("blocked_until", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["last_at"], name="signin_attempt_last_at")],
            },
        ),
    ]
