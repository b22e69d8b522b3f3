"""Category versions say who wrote them and why; blobs say with how many samples their shield was made."""

from django.db import migrations, models

SHIPPED_SAMPLES = 32


def fill_samples(apps, _schema_editor):
    """Until now every shield was made with the organisation's one setting, which no page could change."""
    organisation = apps.get_model("people", "Organisation").objects.order_by("id").first()
    samples = organisation.shield_samples if organisation else SHIPPED_SAMPLES
    apps.get_model("moderation", "Blob").objects.filter(state="ready").update(shield_samples=samples)


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0002_default_taxonomy"),
        ("people", "0003_shield_setting"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="categoryversion", name="one_category_version_per_instant"),
        migrations.AddField(
            model_name="categoryversion",
            name="is_enabled",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="categoryversion",
            name="set_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="categoryversion",
            name="set_by",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="categoryversion",
            name="reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="blob",
            name="shield_samples",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(fill_samples, migrations.RunPython.noop),
    ]
