"""One person, asked under the lock, by their page and for bytes: the same rows give the same answers.

Seen red where it says so beside a test, with that taken away.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import FrozenInstanceError, asdict, replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import T0
from tests.wellbeing.core.test_properties import Life, RolledBack, anew, scripts
from tests.wellbeing.steps import HOUR, SECOND, Desk, a_look
from wellbeing.core.locked import Locked
from wellbeing.core.person import Person, read_person
from wellbeing.core.rules.clock import whole
from wellbeing.core.rules.dates import Moved
from wellbeing.core.rules.days import quarter_start
from wellbeing.core.rules.limits import HARD_LIMITS, Spent
from wellbeing.core.rules.load import Level
from wellbeing.core.selectors.allowance import allowance
from wellbeing.core.selectors.closed import closed_now, coming, holding
from wellbeing.core.selectors.desk import break_view, desk_facts
from wellbeing.core.selectors.orders import most_ordered
from wellbeing.core.selectors.stage import may_serve, stage_of
from wellbeing.core.services.locking import hold
from wellbeing.limits.selectors.spread import severe_now
from wellbeing.models import LimitRow, LoadFlag, Measure, OptOut, SevereAgreement, Shift

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
T = TypeVar("T")


def answers(person: Person) -> dict[str, Any]:
    """Every rule, asked of one person at one moment."""
    return {
        "clock": person.at,
        "break": (person.on_break, person.break_refusal and person.break_refusal.back_at, break_view(person)),
        "grace": (person.in_grace, person.limit_grace_until),
        "may look": [
            person.forbids_look(severity=severity, was_counted=counted)
            for severity in range(5)
            for counted in (False, True)
        ],
        "may take": replace(allowance(person), refusal=None),
        "without breaks": person.what_fits(with_breaks=False),
        "in the way": [person.break_in_the_way(severity=severity) for severity in range(5)],
        "closed": (closed_now(person), holding(person), coming(person)),
        "stage": stage_of(person.stretch, person.at),
        "covers": person.exposure and person.covers_at(person.exposure),
        "head": desk_facts(person),
        "used": {name: person.ledger.used(name) for name in HARD_LIMITS},
        "dates": {place: spent for place, spent in person.rows.dates.items() if any(asdict(spent).values())},
        "orders": (most_ordered(person), severe_now(person), person.opt_outs),
        "bytes": list(served(person)),
    }


def served(person: Person) -> Iterator[tuple[str, bool, UUID | None]]:
    stretch = person.stretch
    if stretch is None:
        return
    for level in Level:
        for with_text in (False, True):
            found = person.may_serve(stretch.pk, level=level, with_text=with_text)
            yield level, with_text, found.pk if found else None


def a_own_limit(subject: UUID, name: str, value: int) -> None:
    LimitRow.objects.create(
        scope="own", scope_ref=str(subject), name=name, value=value, set_at=T0 - HOUR, set_by=str(subject)
    )


Bind = Callable[[UUID], object]
BINDS: dict[str, Bind] = {
    "a limit": lambda who: a_own_limit(who, "seconds_3", 20),
    "no case of 4": lambda who: a_own_limit(who, "cases_4", 0),
    "a small block": lambda who: a_own_limit(who, "load_block_red", 1),
    "an opt-out": lambda who: OptOut.objects.create(
        subject=who, kind="category", value="GORE", set_at=T0, until=T0 + HOUR
    ),
    "the agreement": lambda who: SevereAgreement.objects.create(subject=who, given_at=T0 - DAY),
    "a shift": lambda who: Shift.objects.create(
        subject=who, starts_at=T0 - HOUR, ends_at=T0 + HOUR, planned_by="x", planned_at=T0 - DAY
    ),
    "an order": lambda who: Measure.objects.create(
        subject=who, kind="lighter_queue", from_on=T0.date(), until_on=T0.date(), set_by="wim", set_at=T0
    ),
    "a red flag": lambda who: LoadFlag.objects.create(
        subject=who,
        code="HEAVY_STREAK",
        level="red",
        local_date=T0.date() - DAY,
        figures={},
        raised_at=T0 - DAY,
        red_at=T0 - DAY,
    ),
}


class Asked(Life):
    """A life in which a person is asked after each act: the object of the act, and one that is read anew."""

    def act(self, service: Callable[..., T], **arguments: Any) -> T:
        """Do it, and ask."""
        with transaction.atomic():
            locked = hold(subject=self.subject, at=self.at)
            answers(locked)  # whatever is worked out before the act must not stand after it
            result = service(locked=locked, **arguments)
        self.compare(locked)
        return result

    def compare(self, locked: Locked) -> None:
        page, told = read_person(self.subject, at=self.at), answers(locked)
        assert told == answers(page)
        for level, with_text, found in served(locked):
            stretch = locked.stretch
            assert stretch is not None
            bytes_of = may_serve(
                subject=self.subject, exposure_id=stretch.pk, level=level, with_text=with_text, at=self.at
            )
            assert (bytes_of and bytes_of.pk) == found


@given(scripts, st.sets(st.sampled_from(sorted(BINDS))))
@anew
def test_the_same_rows_give_the_same_answers_under_the_lock_on_the_page_and_for_bytes(
    db: None, script: list[tuple[tuple[str, int], tuple[object, ...]]], binds: set[str]
) -> None:
    """Seen red without ``forget`` in ``set_clock``."""
    life = Asked()
    with suppress(RolledBack), transaction.atomic():
        for bind in sorted(binds):
            BINDS[bind](life.subject)
        life.live(script, lambda: None)
        raise RolledBack


def test_what_was_worked_out_is_worked_out_anew_once_it_has_moved(desk: Desk) -> None:
    """Seen red without ``forget`` in each of ``move_quarter`` (also where it forgot the ledger alone), ``move_date``, ``set_block_load``."""
    quarter_at = quarter_start(T0)
    with transaction.atomic():
        locked = hold(subject=desk.subject, at=T0 + HOUR)
        began = [cap for cap in locked.caps if cap.name == "overtime"]
        locked.move_quarter(quarter_at, 3, Spent(60_000, 1))
        assert (locked.ledger.used("seconds_3"), locked.ledger.used("cases_3")) == (60_000, 1)
        assert [cap for cap in locked.caps if cap.name == "overtime"] != began  # the working day has begun
        locked.move_quarter(quarter_at, 3, Spent(30_000))
        assert locked.ledger.used("seconds_3") == 90_000
        assert locked.past_loads[0] == 0
        locked.move_date(locked.day.date - DAY, 3, Moved(units_at_one=7))
        assert (locked.past_loads[0], locked.ledger.used("load_week_red")) == (7, 7)
        locked.set_block_load(5)
        assert locked.ledger.block_load == 5
        locked.bind(opt_outs=[("category", "GORE", None)])
        assert locked.opt_outs == {("category", "GORE")}
        locked.set_clock(T0 + DAY + HOUR)
        assert locked.day.date == T0.date() + DAY


def test_what_an_act_moves_moves_nothing_that_somebody_else_has_read(desk: Desk) -> None:
    """Seen red where the sums of dates that are over are changed in place."""
    desk.show(a_look(3), "grey")
    page = read_person(desk.subject, at=desk.at)
    before = answers(page), page.binding
    desk.look_for(40 * SECOND)
    page.__dict__.pop("ledger")
    assert (answers(page), page.binding) == before
    assert read_person(desk.subject, at=desk.at).rows.spent != page.rows.spent


def test_what_binds_and_what_was_counted_is_frozen(desk: Desk) -> None:
    desk.show(a_look(3), "grey").refresh_from_db()
    person = read_person(desk.subject, at=desk.at + SECOND)
    spent = next(iter(person.rows.spent.values()))
    for thing, name in ((person.binding, "version"), (spent, "cases"), (person.ledger, "block_load")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, 7)
    with pytest.raises(TypeError):
        person.binding.presets[1] = "specialist"  # type: ignore[index]
    assert whole(person.at) == person.at
