"""What people of a queue do instead, once its severe work is closed to them, and with whom.

Of a queue that is there nobody said that it stays mild: it counts as severe, goes on, and is asked at the next edit.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queues", "0016_severe_work_is_spread")]
    operations = [
        migrations.AddField(
            model_name="queue",
            name="is_severe",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="queue",
            name="other_work",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="queue",
            name="other_work_with",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
    ]
