"""None of the columns that a beat changes has an index, so that its rows can stay on their page."""

from django.db import migrations

from audit.migrations._operations import room_for_hot_rows

TABLES = (
    "wellbeing_personstate",
    "wellbeing_exposure",
    "wellbeing_presence",
    "wellbeing_exposuresum",
    "wellbeing_daysum",
    "wellbeing_rev",
)


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0008_marks")]
    operations = [room_for_hot_rows(*TABLES)]
