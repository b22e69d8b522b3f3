"""One row per quarter of an hour of what anybody can bring about at will."""

from django.db import migrations, models
from django.db.models import Q

from audit.migrations._operations import ByVendor
from audit.migrations._triggers import BOUNDED, FIELDS, allowing_a_second, refusing_a_second


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_what_was_done_to_queues"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="auditrow",
            constraint=models.UniqueConstraint(
                fields=list(FIELDS), condition=Q(action__in=BOUNDED), name="one_row_per_quarter_of_an_hour"
            ),
        ),
        ByVendor(refusing_a_second, allowing_a_second),
    ]
