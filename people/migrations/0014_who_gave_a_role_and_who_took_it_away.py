"""Who gave a role, so that nobody is the second person about what they named somebody for; and announcing that one ended.

Who gave the roles of before is told by the audit chain, which bears the same instant.
"""

from django.db import migrations, models


def tell_from_audit(apps, _schema_editor):
    grants = apps.get_model("people", "RoleGrant").objects.filter(granted_by=None)
    changes = apps.get_model("audit", "AuditRow").objects.filter(action="person.roles_changed")
    for row in changes.order_by("id").iterator():
        given = row.detail.get("granted", [])
        theirs = grants.filter(user__subject=row.target_id, role__in=given, granted_at=row.at)
        theirs.update(granted_by=row.actor)


def leave_it(_apps, _schema_editor):
    """The column goes with this migration."""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_leads_who_are_operators_have_14_days"),
        ("audit", "0001_initial"),
    ]
    operations = [
        migrations.AddField(
            "rolegrant",
            "granted_by",
            models.CharField(max_length=80, blank=True, null=True),
        ),
        migrations.AddField("announcement", "is_ended", models.BooleanField(default=False)),
        migrations.RunPython(tell_from_audit, leave_it),
    ]
