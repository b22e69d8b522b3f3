"""Lead and operator exclude each other from now on: who holds both keeps the lead's pages for 14 days."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

DAYS = timedelta(days=14)


def give_time(apps, _schema_editor):
    grants = apps.get_model("people", "RoleGrant").objects.filter(revoked_at__isnull=True)
    operators = grants.filter(role="operator").values_list("user_id", flat=True)
    leads = grants.filter(role="lead", user_id__in=list(operators))
    leads.update(beside_until=timezone.now() + DAYS)


def take_no_time_back(_apps, _schema_editor):
    """The column goes with the migration before."""


class Migration(migrations.Migration):
    dependencies = [("people", "0008_whoever_sets_a_sign_in_anew_is_not_that_person")]
    operations = [migrations.RunPython(give_time, take_no_time_back)]
