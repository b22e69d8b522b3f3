"""What is kept act by act is what the raw rows say, whatever a person has done; and a recount puts right what is not.

Seen red without: the base of a new date at midnight (``ledger._begin_quarter``), the load of a presentation that was
seen before (``weighing.begin_anew``), the weighing in turn after 'worse than labelled', the nights under the date on
which they began.
"""

import random
from datetime import date, timedelta

import pytest

from people.models import User
from tests.cast import T0, a_user, subject_of
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look
from tests.wellbeing.test_properties import CASES, LEVELS, Life
from wellbeing.exceptions import Refused
from wellbeing.models import DaySum, Shift
from wellbeing.services import recount

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
                self.held()

    def a_while(self) -> timedelta:
        kind = self.chance.random()
        if kind < 0.8:
            return timedelta(milliseconds=self.chance.randint(0, 14_000))
        if kind < 0.97:
            return timedelta(seconds=self.chance.randint(60, 1500))
        return timedelta(hours=self.chance.randint(1, 11), minutes=self.chance.randint(0, 59))

    def an_act(self) -> None:
        case, level = self.chance.choice(CASES), self.chance.choice(LEVELS)
        acts = {
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
        weights = [20, 6, 40, 4, 1, 4, 8, 4, 4]
        acts[self.chance.choices(list(acts), weights)[0]]()

    def rest(self) -> None:
        self.do_start()
        self.at += 10 * SECOND
        self.rest_for(16 * MINUTE)
        self.do_finish()


def yesterday(life: Desk) -> date:
    return life.held().facts.day.date - DAY


def recounted(life: Desk) -> list[list[object]]:
    life.at += 2 * DAY
    return recount.recount(subject=life.subject, up_to=yesterday(life), at=life.at)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/New_York"])
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
