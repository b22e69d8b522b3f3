"""To delete a setting of the shield, or to change one, would weaken it without a reason, a day's wait and a second signature."""

from django.db import migrations

from audit.migrations._operations import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0003_shield_setting")]
    operations = [append_only("people_refuse", {"people_shieldsetting": ("id",)})]
