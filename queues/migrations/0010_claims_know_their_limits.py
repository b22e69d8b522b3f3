from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queues", "0005_counted_by_triggers")]
    operations = [
        migrations.AddField(
            model_name="claim",
            name="limits_version",
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
