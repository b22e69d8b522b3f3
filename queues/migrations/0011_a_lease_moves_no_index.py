"""Let a beat move a lease without touching an index, and let hot rows stay on their page (PostgreSQL)."""

from django.db import migrations

from audit.migrations._operations import room_for_hot_rows


class Migration(migrations.Migration):
    dependencies = [("queues", "0010_claims_know_their_limits")]
    operations = [
        migrations.RemoveIndex(model_name="claim", name="claim_lease"),
        room_for_hot_rows("queues_job", "queues_claim"),
    ]
