from django.db import migrations

from audit.migrations._operations import ByVendor
from wellbeing.migrations import _marks as marks


class Migration(migrations.Migration):
    dependencies = [("people", "0007_marks"), ("wellbeing", "0007_presets_are_append_only")]
    operations = [ByVendor(marks.begin, marks.cease)]
