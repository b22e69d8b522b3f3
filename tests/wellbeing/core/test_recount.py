"""What is kept act by act is what the raw rows say, whatever a person has done; and a recount puts right what is not.

Seen red without the correction of sums, the raising of flags and the withdrawal of wrong ones in ``recount._put_right``, and
without the three hours in ``recount._waiting``. What makes the sums wrong in the first place: see ``test_load_flags``.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import F, Model

from people.models import User
from tests.cast import T0, a_user, subject_of
from tests.wellbeing.core.test_properties import CASES, LEVELS, Life
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look
from wellbeing.core.selectors.recounted import differed_lately
from wellbeing.core.services import exposure, recount
from wellbeing.core.services.recount import recount_next
from wellbeing.exceptions import Refused
from wellbeing.models import CaseSeen, DaySum, Exposure, ExposureSum, LoadFlag, Recount, Shift

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = T0.date()


class Days(Life):
    """A person over several days and nights, with shifts."""

    def __init__(self, user: User, chance: random.Random) -> None:
        super().__init__()
        self.subject, self.chance = subject_of(user), chance

    def live_on(self, acts: int) -> None:
        self.open()
        for _ in range(acts):
            self.at += self.a_while()
            try:
                self.an_act()
            except Refused:
                self.locked()

    def a_while(self) -> timedelta:
        kind = self.chance.random()
        if kind < 0.8:
            return timedelta(milliseconds=self.chance.randint(0, 14_000))
        if kind < 0.97:
            return timedelta(seconds=self.chance.randint(60, 1500))
        return timedelta(hours=self.chance.randint(1, 11), minutes=self.chance.randint(0, 59))

    def an_act(self) -> None:
        case, level = self.chance.choice(CASES), self.chance.choice(LEVELS)
        acts: dict[str, Callable[[], Any]] = {
            "show": lambda: self.do_show(case, level, self.chance.random() < 0.7),
            "loud": lambda: self.show(
                a_look(self.severity[case], case=case, medium="video"), level, sound=True, full_screen=True
            ),
            "beat": lambda: self.do_beat(self.chance.random() < 0.3),
            "cover": self.do_cover,
            "raise": lambda: self.do_raise(case, self.chance.randint(2, 4)),
            "close": lambda: self.do_close(case),
            "rest": self.rest,
            "postpone": self.do_postpone,
            "desk": lambda: self.do_desk(True),
        }
        weights = [20, 6, 44, 4, 1, 4, 4, 4, 4]
        acts[self.chance.choices(list(acts), weights)[0]]()

    def rest(self) -> None:
        self.do_start()
        self.at += 10 * SECOND
        self.rest_for(16 * MINUTE)
        self.do_finish()


def yesterday(life: Desk) -> date:
    return life.locked().day.date - DAY


def recounted(life: Desk) -> list[list[object]]:
    life.at += 2 * DAY
    return recount.recount(subject=life.subject, up_to=yesterday(life), at=life.at)


@pytest.mark.parametrize(("seed", "zone"), [(1, "UTC"), (2, "Asia/Kathmandu"), (3, "America/New_York")])
def test_after_hundreds_of_acts_nothing_differs(seed: int, zone: str) -> None:
    user = a_user(f"kim{seed}", "moderator", zone=zone)
    life = Days(user, random.Random(seed))
    for n in range(8):
        begins_at = T0 + n * DAY - timedelta(hours=seed * 5)
        Shift.objects.create(
            subject=life.subject,
            starts_at=begins_at,
            ends_at=begins_at + timedelta(hours=6 + seed),
            planned_by="system",
            planned_at=T0 - DAY,
        )
    life.live_on(300)
    assert DaySum.objects.filter(subject=life.subject, load_units__gt=0).exists()
    assert recounted(life) == []


def test_what_was_kept_before_the_load_at_one_was_is_weighed_by_its_migration() -> None:
    life = Days(a_user("kim", "moderator", zone="Asia/Kathmandu"), random.Random(4))
    life.live_on(200)
    models = {Exposure: ["units_at_one", "case_ms"], ExposureSum: ["units_at_one"], DaySum: ["units_at_one"]}
    stored = {model: list(model._default_manager.order_by("pk").values()) for model in models}
    for model, fields in models.items():
        model._default_manager.update(**dict.fromkeys(fields, 0))
    import_module("wellbeing.migrations.0016_load_at_one").fill(apps, None)
    for model in models:
        assert list(model._default_manager.order_by("pk").values()) == stored[model]


def a_day_of_looking(user: User, *, severity: int = 3) -> Desk:
    desk = Desk(subject_of(user)).open()
    desk.show(a_look(severity, case=UUID(int=1)))
    desk.look_for(MINUTE, every=15 * SECOND)
    desk.act(exposure.cover, reason="esc")
    return desk


def test_nothing_to_say_is_written_down(alice: User) -> None:
    desk = a_day_of_looking(alice)
    assert recount_next(at=T0 + DAY)
    assert Recount.objects.get().differences == []
    assert Recount.objects.get().up_to == TODAY
    assert not recount_next(at=T0 + DAY)
    assert desk.locked().exposure is None


# (model, field, what is added to it)
SPOILED = [
    (DaySum, "load_units", 600_000_000),
    (DaySum, "shown_ms", 1),
    (DaySum, "cases", 1),
    (DaySum, "night_ms", 1),
    (DaySum, "late_ms", 1),
    (DaySum, "units_at_one", 600_000_000),
    (ExposureSum, "load_units", -1),
    (ExposureSum, "units_at_one", -1),
    (ExposureSum, "shown_ms", 1),
    (ExposureSum, "cases", -1),
    (Exposure, "load_units", 1),
    (Exposure, "units_at_one", 1),
    (CaseSeen, "openings", 1),
]


@pytest.mark.parametrize(("model", "field", "by"), SPOILED)
def test_one_spoiled_figure_is_found_and_put_right(
    alice: User, model: type[Model], field: str, by: int, caplog: pytest.LogCaptureFixture
) -> None:
    desk = a_day_of_looking(alice)
    rows = model._default_manager.filter(**{f"{field}__gte": -by if by < 0 else 0})
    before = rows.values_list("pk", field).order_by("-" + field)[0]
    model._default_manager.filter(pk=before[0]).update(**{field: F(field) + by})
    assert recount_next(at=T0 + DAY)
    assert [one[3:] for one in Recount.objects.get().differences] == [[before[1] + by, before[1]]]
    assert rows.values_list(field, flat=True).get(pk=before[0]) == before[1]
    assert differed_lately(at=T0 + DAY) == 1
    assert str(desk.subject) not in caplog.text
    assert "1 figures" in caplog.text


def test_a_sum_that_was_never_kept_is_made_from_the_rows(alice: User) -> None:
    a_day_of_looking(alice)
    stored = list(DaySum.objects.values())
    DaySum.objects.all().delete()
    assert recount_next(at=T0 + DAY)
    made = list(DaySum.objects.values())
    assert [one | {"id": 0} for one in made] == [one | {"id": 0} for one in stored]


def test_a_sum_without_rows_is_put_to_nothing(alice: User) -> None:
    desk = a_day_of_looking(alice)
    DaySum.objects.create(subject=desk.subject, local_date=TODAY - DAY, severity=4, shown_ms=1, cases=1)
    assert recount_next(at=T0 + DAY)
    assert not DaySum.objects.filter(local_date=TODAY - DAY, shown_ms__gt=0).exists()
    assert recount.recount(subject=desk.subject, up_to=TODAY, at=T0 + DAY) == []


def test_a_flag_that_was_not_raised_is_raised(alice: User) -> None:
    desk = Desk(subject_of(alice))
    for _ in range(6):
        desk.open().show(a_look(4, case=UUID(int=1)))
        desk.look_for(MINUTE, every=15 * SECOND).act(exposure.cover, reason="esc")
        desk.wait(DAY)
    LoadFlag.objects.all().delete()
    assert recount_next(at=desk.at)
    assert LoadFlag.objects.get(code="SEV4_STREAK").local_date == desk.at.date() - DAY
    differences = Recount.objects.get().differences
    assert ["flag.SEV4_STREAK", "", "amber"] in [one[2:] for one in differences]


def test_a_flag_that_wrong_sums_raised_binds_nobody(alice: User) -> None:
    desk = a_day_of_looking(alice)
    wrong = LoadFlag.objects.create(
        subject=desk.subject,
        code="HEAVY_STREAK",
        level="red",
        local_date=TODAY,
        figures={},
        raised_at=T0,
        red_at=T0,
    )
    DaySum.objects.update(units_at_one=F("units_at_one") * 1000)
    assert recount_next(at=T0 + DAY)
    wrong.refresh_from_db()
    assert (wrong.red_at, wrong.closed_at) == (None, T0 + DAY)


def test_a_newer_version_of_the_weights_stops_the_recount_of_one_person_and_changes_nothing(
    alice: User, amina: User, caplog: pytest.LogCaptureFixture
) -> None:
    desk = a_day_of_looking(alice)
    a_day_of_looking(amina)
    Exposure.objects.filter(subject=desk.subject).update(load_model_version=9)
    stored = list(DaySum.objects.values())
    assert recount_next(at=T0 + DAY)
    assert recount_next(at=T0 + DAY)
    assert not recount_next(at=T0 + DAY)
    assert list(DaySum.objects.values()) == stored
    assert "UnknownVersion" in caplog.text
    assert [bool(row.differences) for row in Recount.objects.filter(subject=desk.subject)] == [True]
    assert [bool(row.differences) for row in Recount.objects.exclude(subject=desk.subject)] == [False]


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 3), ("America/New_York", 8), ("Asia/Kathmandu", 21)])
def test_yesterday_is_recounted_from_three_o_clock_of_the_person_on(zone: str, hour: int) -> None:
    desk = a_day_of_looking(a_user("kim", "moderator", zone=zone), severity=2)
    three = (T0 + (timedelta(0) if zone == "Asia/Kathmandu" else DAY)).replace(hour=hour, minute=0)
    three += timedelta(minutes=15) if zone == "Asia/Kathmandu" else timedelta(0)
    assert recount_next(at=three - SECOND)
    assert Recount.objects.get().up_to == TODAY - DAY
    assert recount_next(at=three)
    assert Recount.objects.filter(subject=desk.subject, up_to=TODAY).exists()


def test_who_was_long_away_is_not_recounted(alice: User) -> None:
    a_day_of_looking(alice)
    assert not recount_next(at=T0 + 31 * DAY)
