from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0011_category_versions_are_append_only")]

    operations = [
        migrations.AddField(
            model_name="policyversion",
            name="language",
            field=models.CharField(default="en", max_length=12),
        ),
    ]
