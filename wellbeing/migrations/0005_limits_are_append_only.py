"""To delete a limit or a load model, or to change one, would loosen it without a reason, a day's wait or a second signature."""

from django.db import migrations

from audit.migrations._operations import append_only

TABLES = {"wellbeing_limitrow": ("id",), "wellbeing_loadmodel": ("version",)}


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0004_one_limit_follows_another")]
    operations = [append_only("wellbeing_refuse", TABLES)]
