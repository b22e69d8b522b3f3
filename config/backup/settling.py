"""What a restored installation must not carry on with: it woke up in a world that went on without it."""

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db import transaction

from audit.services import record
from config.backup.manifest import Manifest
from live.services import tell_everyone
from moderation.services.restored import move_feeds_ahead


def settle(manifest: Manifest, *, at: datetime) -> None:
    """End every session, move feeds and change numbers ahead, and write into the audit that this was done.

    Sessions end because a person may have signed out, or been deactivated, after the backup was taken.
    """
    with transaction.atomic():
        import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects.all().delete()
        move_feeds_ahead()
        record(
            actor="system",
            action="installation.restored",
            target_kind="installation",
            target_id="backup",
            at=at,
            detail={"taken_at": manifest.taken_at.isoformat(), "version": manifest.version},
        )
        tell_everyone()
