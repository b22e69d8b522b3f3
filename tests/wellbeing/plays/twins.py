"""Two people with the same work, each on a queue of their own: one who tries to gain something, and one who just works."""

import os
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import transaction

from people.models import Team, User
from queues.models import Claim, Queue
from queues.services import claims, desk, jobs, offers
from tests import cast
from tests.cast import T0
from tests.queues.work import finishes
from wellbeing.core.selectors.stage import OnStage
from wellbeing.core.services import locking
from wellbeing.exceptions import Refused
from wellbeing.models import Break, Exposure, PersonState

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SEEDS = range(int(os.environ.get("PLAYS", "3")))
"""A few in every run; ``PLAYS=200`` plays so many, on whichever database."""

T = TypeVar("T")


@dataclass
class Twin:
    """One of the two: who, where their work lies, and what their page knows."""

    user: User
    queue: Queue
    claim: Claim | None = None
    page: OnStage | None = None
    refused: list[str] = field(default_factory=list)

    @property
    def subject(self) -> UUID:
        return cast.subject_of(self.user)

    @property
    def state(self) -> PersonState:
        return PersonState.objects.get(pk=self.subject)

    # ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def tries(self, act: Callable[..., T], at: datetime, **arguments: Any) -> T | None:
        """Do something as the page would; a refusal is an answer like any other."""
        try:
            return act(subject=self.subject, at=at, **arguments)
        except Refused as refused:
            self.refused.append(type(refused).__name__)
            return None

    def asks(self, at: datetime, *, beating: bool = True) -> Claim | None:
        self.claim = claims.claim_next(subject=self.subject, at=at, beating=beating)
        return self.claim

    def on_claim(self, act: Callable[..., T], at: datetime, **arguments: Any) -> T | None:
        """Do something with the case in hand."""
        if self.claim is None:
            return None
        return self.tries(act, at, claim_id=self.claim.id, fence=self.claim.fence, **arguments)

    def shows(self, at: datetime, level: str = "grey", *, beating: bool = True) -> OnStage | None:
        self.page = self.on_claim(desk.show, at, level=level, beating=beating) or self.page
        return self.page

    def beats(self, at: datetime) -> desk.BeatAnswer | None:
        return self.tries(
            desk.beat,
            at,
            claim_id=self.claim.id if self.claim else None,
            exposure_id=self.page.id if self.page else None,
            holding=False,
        )

    def looks(self, at: datetime, duration: timedelta, level: str = "grey") -> datetime:
        """Look at the case in hand under beats, and cover; return until when."""
        self.shows(at, level)
        end = at + duration
        while at < end:
            at = min(at + 5 * SECOND, end)
            self.beats(at)
        self.tries(desk.cover, at)
        self.page = None
        return at

    def decides(self, at: datetime) -> None:
        if self.claim is not None:
            with suppress(Refused):
                finishes(self.claim, at=at)
        self.claim = None

    def settles(self, at: datetime) -> None:
        """Let happen what is overdue for this person, as the sweep would."""
        with transaction.atomic():
            locking.hold(subject=self.subject, at=at)
        desk.catch_up(subject=self.subject, at=at)

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def is_on_stage(self) -> bool:
        mine = Exposure.objects.filter(subject=self.subject)
        return mine.filter(closed_at__isnull=True, cleared_at__isnull=True).exists()

    @property
    def live(self) -> Claim | None:
        return Claim.objects.filter(subject=self.subject, state="live").select_related("job__lane").first()

    @property
    def open_break(self) -> Break | None:
        return Break.objects.filter(subject=self.subject).exclude(state="over").first()

    def shown_ms(self, least: int = 0) -> int:
        rows = Exposure.objects.filter(subject=self.subject, severity__gte=least)
        return sum(rows.values_list("shown_ms", flat=True))


def a_twin(name: str, team: Team) -> Twin:
    platform = cast.a_platform(f"Platform of {name}")
    return Twin(
        cast.a_user(name, "moderator", team=team), cast.a_queue(platform=platform, team=team, name=name)
    )


def twins() -> tuple[Twin, Twin]:
    """Return who tries, and who just works; neither meets the other."""
    return a_twin("nina", cast.a_team("East")), a_twin("otto", cast.a_team("West"))


@dataclass(frozen=True)
class Case:
    """What comes in, for both alike."""

    category: str
    severity: int
    medium: str = "image"
    expected_seconds: int = 30


MIXED = (
    Case("SPAM_FRAUD", 0, "text"),
    Case("SEX_ADULT", 1),
    Case("DISGUST", 2),
    Case("HATE", 2, "text"),
    Case("GORE", 3),
    Case("ANIMAL", 3),
)


def come_in(cases: Sequence[Case], *of: Twin, at: datetime = T0) -> None:
    """Let the same cases come in for each, in the same order."""
    for twin in of:
        for case in cases:
            with transaction.atomic():
                job = jobs.enqueue(
                    case_ref=uuid4(),
                    queue=twin.queue,
                    language="",
                    category=case.category,
                    severity=case.severity,
                    medium=case.medium,
                    expected_seconds=case.expected_seconds,
                    at=at,
                )
            offers.offer_by_id(job_id=job.pk, at=at)


def shuffled(dice: random.Random, cases: Sequence[Case], count: int) -> list[Case]:
    return [dice.choice(cases) for _ in range(count)]
