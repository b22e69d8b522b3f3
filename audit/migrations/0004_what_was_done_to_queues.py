from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_append_only"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(
                fields=["target_id", "id"], name="audit_of_queues", condition=Q(target_kind="queue")
            ),
        ),
    ]
