"""Rows around now: pages ask the time themselves."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from people.models import User
from tests.cast import subject_of
from wellbeing.models import DaySum, LoadFlag

HEAVY = {"days": 3, "least": 160}


def today() -> date:
    return timezone.now().date()


def ahead(days: int) -> date:
    return today() + timedelta(days=days)


def a_flag(user: User, code: str = "SEV4_STREAK", level: str = "amber", **more: Any) -> LoadFlag:
    facts = {"local_date": today(), "figures": {"days": 3}, "raised_at": timezone.now()} | more
    return LoadFlag.objects.create(subject=subject_of(user), code=code, level=level, **facts)


def a_day(user: User, severity: int, seconds: int, cases: int, *, days_ago: int = 1) -> DaySum:
    return DaySum.objects.create(
        subject=subject_of(user),
        local_date=ahead(-days_ago),
        severity=severity,
        shown_ms=seconds * 1000,
        cases=cases,
        load_units=1,
    )
