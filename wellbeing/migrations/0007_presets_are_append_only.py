"""To change a team's preset would hide that it worked under looser limits, or without counselling (promise P6)."""

from django.db import migrations

from audit.migrations._operations import append_only


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0006_every_rule_of_wellbeing")]
    operations = [append_only("wellbeing_refuse_preset", {"wellbeing_teampreset": ("id",)})]
