"""Arrange steps of wellbeing's tests: named verbs about one person. The clock is an argument."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import transaction

from people.models import Team
from tests.cast import T0
from wellbeing.core.locked import Locked
from wellbeing.core.rules.clock import Second
from wellbeing.core.selectors import second_clock
from wellbeing.core.services import exposure, presence
from wellbeing.core.services.exposure import Look, Stage
from wellbeing.core.services.locking import hold
from wellbeing.models import Exposure, LimitRow, OtherWorkSaying

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BEAT = timedelta(seconds=5)

T = TypeVar("T")


def the_wall_jumps(after: datetime, by: timedelta) -> AbstractContextManager[None]:
    """The machine's own clock, started a while ago, says how late it is; every *at* beyond *after* is ahead of it."""

    def machine(_database_ms: int, at: datetime) -> Second:
        now = at - by if at > after else at
        return Second("one boot", max((now - after + HOUR) // timedelta(milliseconds=1), 0))

    return second_clock.told_by(machine)


def a_look(
    severity: int = 2, *, case: UUID | None = None, medium: str = "image", category: str = "GORE"
) -> Look:
    return Look(
        claim_ref=uuid4(), case_ref=case or uuid4(), category=category, severity=severity, medium=medium
    )


def a_team_limit(team: Team, name: str, value: int, *, at: datetime = T0 - timedelta(days=30)) -> LimitRow:
    return LimitRow.objects.create(
        scope="team", scope_ref=str(team.pk), name=name, value=value, set_at=at, set_by="system"
    )


def a_ceiling(name: str, value: int, *, at: datetime = T0 - timedelta(days=30)) -> LimitRow:
    return LimitRow.objects.create(
        scope="ceiling", scope_ref="", name=name, value=value, set_at=at, set_by="system"
    )


def no_content_is_shown(
    team: Team, *activities: str, at: datetime = T0 - timedelta(days=30), so: bool = True
) -> None:
    for activity in activities:
        OtherWorkSaying.objects.create(
            team_id=team.pk, activity=activity, is_without_content=so, set_at=at, set_by="system"
        )


@dataclass
class Desk:
    """One person's beating page and the moment it has come to."""

    subject: UUID
    at: datetime = T0
    page: UUID | None = None
    stages: list[Stage] = field(default_factory=list)

    def wait(self, duration: timedelta) -> "Desk":
        self.at += duration
        return self

    def locked(self) -> Locked:
        with transaction.atomic():
            return hold(subject=self.subject, at=self.at)

    def act(self, service: Callable[..., T], **arguments: Any) -> T:
        with transaction.atomic():
            return service(locked=hold(subject=self.subject, at=self.at), **arguments)

    def open(self, *, beating: bool = True) -> "Desk":
        self.act(presence.open_desk, beating=beating)
        return self

    def show(self, look: Look, level: str = "grey", *, beating: bool = True, **how: bool) -> Exposure:
        shown = self.act(exposure.show, look=look, level=level, beating=beating, **how)
        self.page = shown.pk
        return shown

    def beat(self, *, holding: bool = False, after: timedelta = BEAT) -> Stage:
        self.at += after
        stage = self.act(exposure.beat, exposure_id=self.page, holding=holding)
        self.page = stage.exposure.pk if stage.exposure else None
        self.stages.append(stage)
        return stage

    def look_for(self, duration: timedelta, *, holding: bool = False, every: timedelta = BEAT) -> "Desk":
        """Beat on for *duration*; ``every`` up to 15 s is as good as 5, and quicker to test."""
        end = self.at + duration
        while self.at < end:
            self.beat(holding=holding, after=min(every, end - self.at))
        return self

    def work_for(self, duration: timedelta) -> "Desk":
        """Sit at a covered desk without beats, that asks for something every 10 min at most."""
        self.page, end = None, self.at + duration
        self.open(beating=False)
        while self.at < end:
            self.at += min(10 * MINUTE, end - self.at)
            self.open(beating=False)
        return self.open(beating=True)

    def rest_for(self, duration: timedelta) -> "Desk":
        """Let the sweep tick every 10 s."""
        for _ in range(duration // (2 * BEAT)):
            self.at += 2 * BEAT
            self.locked()
        return self
