from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0003_what_two_people_sign")]

    operations = [
        migrations.AddField(
            model_name="limitrow",
            name="follows",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="limitrow",
            constraint=models.UniqueConstraint(
                fields=("scope", "scope_ref", "name", "follows"), name="one_limit_follows_another"
            ),
        ),
    ]
