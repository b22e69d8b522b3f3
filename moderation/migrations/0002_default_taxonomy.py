from django.db import migrations

from moderation.migrations._taxonomy import add, remove


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
