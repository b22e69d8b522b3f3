"""Change numbers belong to the app ``live`` from here on. No row and no table moves."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("live", "0001_initial"),
        ("wellbeing", "0033_in_which_other_work_no_content_is_shown"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Rev")]),
    ]
