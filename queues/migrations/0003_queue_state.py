from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

STATES = [
    ("draft", "Draft"),
    ("open", "Open"),
    ("paused", "Paused"),
    ("draining", "Draining"),
    ("closed", "Closed"),
]


def close_what_was_closed(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("queues", "Queue").objects.filter(is_open=False).update(state="paused")


class Migration(migrations.Migration):
    dependencies = [("queues", "0002_every_team")]

    operations = [
        migrations.AddField(
            model_name="queue",
            name="state",
            field=models.CharField(choices=STATES, default="open", max_length=8),
        ),
        migrations.RunPython(close_what_was_closed, migrations.RunPython.noop),
        migrations.RemoveField(model_name="queue", name="is_open"),
    ]
