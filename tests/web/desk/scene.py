"""Named steps at the desk, at the wall clock: pages ask the time themselves, so their rows are laid around now."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from moderation.media.renditions import decode, draw
from moderation.media.store import BlobStore
from moderation.models import (
    Blob,
    BlobState,
    Case,
    Item,
    ItemRevision,
    ItemStatus,
    Medium,
    PolicyVersion,
    Report,
)
from people.models import TeamMembership, TimeZonePeriod, User
from queues.models import Job, Queue
from queues.services import jobs, offers
from tests.cast import PASSWORD, subject_of, where_it_is_noon
from web.desk.asked_by import HEADER
from wellbeing.models import Exposure, PersonState

SAMPLES = Path(__file__).parents[2] / "samples"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = "They said it was safe to stand there."


def works_today(user: User) -> User:
    """The person has been in their team for long, whatever the day is, and it is no night where they are."""
    TeamMembership.objects.filter(user=user).update(effective_from=LONG_AGO)
    TimeZonePeriod.objects.filter(user=user).update(zone=where_it_is_noon(timezone.now()))
    return user


def a_policy(queue: Queue) -> PolicyVersion:
    return PolicyVersion.objects.get_or_create(
        queue=queue,
        version=12,
        defaults={
            "code": "COMMUNITY",
            "title": "Community rules",
            "guidance": "What stays: news, with context.",
            "in_force_from": LONG_AGO,
        },
    )[0]


@dataclass(frozen=True)
class Submitted:
    """A case that waits for a desk."""

    case: Case
    revision: ItemRevision
    media: list[Medium]
    job: Job


def a_case_waits(
    queue: Queue,
    *pictures: str,
    severity: int = 3,
    category: str = "ACCIDENT",
    text: str = WORDS,
    reports: tuple[str, ...] = ("my kid saw this",),
    context: dict[str, object] | None = None,
) -> Submitted:
    """An item has come in and its pictures are prepared; desks that wait have been asked."""
    now = timezone.now()
    a_policy(queue)
    medium = "picture" if pictures else "text"
    case = Case.objects.create(
        platform_id=queue.platform_id,
        queue=queue,
        content_digest=uuid.uuid4().hex * 2,
        category=category,
        severity=severity,
        labelled_severity=severity,
        language="en",
        medium=medium,
        opened_at=now,
    )
    item = Item.objects.create(platform_id=queue.platform_id, external_id=uuid.uuid4().hex, created_at=now)
    revision = ItemRevision.objects.create(
        item=item,
        platform_id=queue.platform_id,
        case=case,
        number=1,
        status=ItemStatus.WAITING,
        content_digest=case.content_digest,
        category=category,
        severity=severity,
        text=text,
        language="en",
        context=context or {},
        created_at=now,
    )
    for reason in reports:
        Report.objects.create(
            item=item, case=case, source="user", reason=reason, reported_at=now, created_at=now
        )
    media = [_medium(revision, name, place) for place, name in enumerate(pictures)]
    with transaction.atomic():
        job = jobs.enqueue(
            case_ref=case.id,
            queue=queue,
            language="",
            category=category,
            severity=severity,
            medium=medium,
            expected_seconds=1,
            at=now,
        )
    offers.offer_by_id(job_id=job.pk, at=now)
    return Submitted(case, revision, media, job)


def _medium(revision: ItemRevision, name: str, position: int) -> Medium:
    path = SAMPLES / name
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    store = BlobStore(Path(settings.MEDIA_ROOT))
    for level, rendition in draw(
        decode(path, "PNG" if name.endswith("png") else "JPEG").picture, samples=32
    ).items():
        store.put_rendition(sha256, level, rendition)
    store.put([data])
    blob, _made = Blob.objects.get_or_create(
        sha256=sha256,
        defaults={
            "size": len(data),
            "format": "png",
            "state": BlobState.READY,
            "shield_samples": 32,
            "stored_at": revision.created_at,
        },
    )
    return Medium.objects.create(
        revision=revision, blob=blob, position=position, kind="picture", filename=name
    )


NOTHING = b"Nothing is shown here. A picture is shown on the desk, and nowhere else.\n"


def is_nothing(answer: Any) -> bool:
    """Say whether this is what everybody gets who is not the stage: a sentence, the same for all reasons."""
    return (answer.status_code, answer.content) == (404, NOTHING)


@dataclass
class Page:
    """A browser without scripts: it remembers the last page and posts its form's fields."""

    client: Client
    user: User
    last: Any = None

    def get(self, address: str = "/desk/") -> "Page":
        self.last = self.client.get(address, follow=True)
        return self

    def press(self, act: str, **fields: object) -> "Page":
        """Post what the page's form holds, with what was chosen, to an act; follow to the page after it."""
        self.last = self.client.post(f"/desk/{act}", {**self.fields(), **fields}, follow=True)
        return self

    def fields(self) -> dict[str, object]:
        page = self.shown
        if page is None or page.case is None:
            return {"beats": ""}
        return {
            "beats": "",
            "claim": page.claim_id,
            "fence": page.case.fence,
            "decision": page.case.decision_id,
            "picture": page.case.picture_number,
        }

    @property
    def shown(self) -> Any:
        """What the page was rendered from."""
        return self.last.context.get("page") if self.last is not None and self.last.context else None

    @property
    def path(self) -> str:
        """Where the last answer came from, redirects followed."""
        return str(self.last.request["PATH_INFO"])

    @property
    def html(self) -> str:
        return str(self.last.content.decode())

    @property
    def status(self) -> int:
        return int(self.last.status_code)

    def picture(self) -> Any:
        """Fetch what is on the stage."""
        return self.client.get(self.shown.case.picture.src)


def stage_headers() -> dict[str, str]:
    """What the script of a page says with a request for what is on the stage now."""
    return {HEADER: str(Exposure.objects.get(closed_at__isnull=True).pk)}


def address_on_stage(queue: Queue, level: str) -> str:
    """Return where the first picture of the queue's only case is, on the stage that is open now."""
    exposure = Exposure.objects.get(closed_at__isnull=True)
    medium = Medium.objects.get(revision__case__queue=queue, position=0)
    return f"/desk/media/{exposure.pk}/{medium.pk}/{level}"


def sits_down(user: User) -> Page:
    """The person signs in and starts at the desk."""
    client = Client()
    assert client.login(username=user.username, password=PASSWORD)
    return Page(client, user).get().press("open")


def a_break_is_due(user: User, minutes: int = 60) -> None:
    """The person has worked for so long that a break is due."""
    now = timezone.now()
    state, _made = PersonState.objects.get_or_create(
        subject=subject_of(user), defaults={"clock_at": now, "wall_at": now}
    )
    state.work_ms = minutes * 60_000
    state.save()


def returned_work_is_offered() -> None:
    """What was given back is offered to the desks that wait, as after a commit or by the sweep."""
    while offers.offer_next(at=timezone.now()):
        pass
