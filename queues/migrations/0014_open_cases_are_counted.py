"""Count open cases, waiting and in hand alike: a number that moves when somebody takes a case tells of that person."""

from django.db import migrations, models

from audit.migrations._operations import ByVendor
from queues.migrations import _counting as counting

OPEN = ["offering", "waiting", "claimed"]


class Migration(migrations.Migration):
    dependencies = [("queues", "0011_a_lease_moves_no_index")]
    operations = [
        ByVendor(counting.waiting_to_open, counting.open_to_waiting),
        migrations.RemoveIndex(model_name="job", name="job_oldest"),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state__in", OPEN)), fields=["lane", "created_at"], name="job_oldest"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("closed_reason", "decided")), fields=["closed_at"], name="claim_decided"
            ),
        ),
    ]
