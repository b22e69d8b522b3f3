"""Change numbers have an app of their own. The table stays what and where it is: ``wellbeing`` made it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("wellbeing", "0033_in_which_other_work_no_content_is_shown")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Rev",
                    fields=[
                        ("group", models.CharField(max_length=80, primary_key=True, serialize=False)),
                        ("number", models.PositiveBigIntegerField(default=0)),
                    ],
                    options={"db_table": "wellbeing_rev"},
                ),
            ],
        ),
    ]
