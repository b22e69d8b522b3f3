"""What a platform needs before it can send its first item: a queue that is open, with its purpose and its rules."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from moderation.models import PolicyVersion
from moderation.services.endpoints import IssuedEndpoint, create_endpoint
from people.models import Platform
from people.services.platforms import create_platform, issue_key
from queues.models import Queue
from queues.rules.plans import DEFAULT_GRACE_SECONDS

SCOPES: Final = ("items:write", "items:read", "decisions:read", "webhooks:write")


@dataclass(frozen=True, slots=True)
class NewPlatform:
    """A platform that can begin. ``api_key`` is told this once; ``endpoint`` where an address was given."""

    platform: Platform
    queue: Queue
    api_key: str
    endpoint: IssuedEndpoint | None


def set_up_platform(*, name: str, webhook_url: str = "", actor: str, at: datetime) -> NewPlatform:
    """Make a platform with a key, a default queue under a first policy, and an endpoint if *webhook_url* is given.

    Raises:
        PlatformNameMissing, PlatformNameTaken: from ``people.services.platforms``.
        EndpointInvalid: from ``moderation.services.endpoints``. Nothing is made then.
    """
    with transaction.atomic():
        platform = create_platform(name=name, actor=actor, at=at)
        queue = open_default_queue(platform=platform, actor=actor, at=at)
        issued = issue_key(
            platform=platform, scopes=list(SCOPES), live=True, expires_at=None, actor=actor, at=at
        )
        endpoint = (
            create_endpoint(platform=platform, url=webhook_url, actor=actor, at=at) if webhook_url else None
        )
    return NewPlatform(platform, queue, issued.secret, endpoint)


def open_default_queue(*, platform: Platform, actor: str, at: datetime) -> Queue:
    """Open the platform's default queue with a stated purpose and policy version 1.

    Every team may take from it, those that are made later too: there is no lead's page yet on which somebody could
    choose.
    """
    with transaction.atomic():
        queue = Queue.objects.create(
            platform=platform,
            name=_("Reports"),
            client_name=platform.name,
            purpose=_("Reported content"),
            decision_use=_("You decide whether this stays public."),
            other_work=_("Reading the policies"),
            other_work_with=_("the lead of your team"),
            every_team=True,
            is_default=True,
            grace_seconds=DEFAULT_GRACE_SECONDS,
            created_at=at,
        )
        _write_first_policy(queue, at)
        record(
            actor=actor,
            action="queue.opened",
            target_kind="queue",
            target_id=str(queue.pk),
            at=at,
            detail={"platform": str(platform.pk), "teams": "every"},
        )
    return queue


def _write_first_policy(queue: Queue, at: datetime) -> None:
    PolicyVersion.objects.create(
        queue=queue,
        code="default",
        version=1,
        title=_("House rules"),
        guidance=_(
            "Remove what falls under a category of the list. Leave everything else. "
            "When in doubt, escalate: nobody has to be sure alone."
        ),
        in_force_from=at,
    )
