"""To delete a category's version, or to change one, would lower a severity without a reason, a day's wait and a signature."""

from django.db import migrations

from audit.migrations._operations import append_only


class Migration(migrations.Migration):
    dependencies = [("moderation", "0010_who_set_a_category_and_how_a_shield_was_made")]
    operations = [append_only("moderation_refuse", {"moderation_categoryversion": ("id",)})]
