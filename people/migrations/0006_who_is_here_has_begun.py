"""Whoever had a user before `began_on` existed does this work since then: an upgrade makes nobody a new starter."""

from django.db import migrations


def begun_with_their_user(apps, _editor):
    user = apps.get_model("people", "User")
    for pk, created_at in user.objects.filter(began_on__isnull=True).values_list("pk", "created_at"):
        user.objects.filter(pk=pk).update(began_on=created_at.date())


class Migration(migrations.Migration):
    dependencies = [("people", "0005_since_when_and_where")]

    operations = [migrations.RunPython(begun_with_their_user, migrations.RunPython.noop)]
