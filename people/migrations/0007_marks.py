from django.db import migrations, models

from audit.migrations._operations import ByVendor
from people.migrations import _marks as marks


class Migration(migrations.Migration):
    dependencies = [("people", "0006_who_is_here_has_begun")]
    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("key", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("stamp", models.CharField(max_length=36)),
            ],
        ),
        ByVendor(marks.begin, marks.cease),
    ]
