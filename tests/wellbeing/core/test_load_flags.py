"""Load, and the flags it raises, in the act that moves the sums.

Seen red without ``flags.raise_due`` in ``ledger.close`` and where a date ends, without the openings of a covered stage, the
10 min after which a block begins anew, the base of a new date (``ledger._begin_quarter``), what was seen of a case before
(``exposure.show``), and the weighing in turn after 'worse than labelled'.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import User
from tests.cast import T0, a_user, subject_of
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look
from web.shared.flags import arithmetic
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.core.selectors import flags_due
from wellbeing.core.services import breaks, exposure, flags
from wellbeing.models import CaseSeen, DaySum, Exposure, ExposureSum, LoadFlag, Shift
from wellbeing.my_day.selectors.flags import flags_of, reveal_up

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = T0.date()


def points(desk: Desk) -> float:
    """The load as it was shown, alike in rows and sums."""
    desk.locked()
    return _points("load_units")


def points_of_days(desk: Desk) -> float:
    """The load at P = 1, alike in rows and sums."""
    desk.locked()
    return _points("units_at_one")


def _points(name: str) -> float:
    found = {sum(model.objects.values_list(name, flat=True)) for model in (Exposure, DaySum, ExposureSum)}
    assert len(found) == 1
    return float(found.pop()) / UNITS_PER_POINT


def raised() -> list[tuple[str, str]]:
    rows = LoadFlag.objects.order_by("raised_at", "code")
    return list(rows.values_list("code", "level"))


def a_loaded_day(desk: Desk, days_ago: int, load: float, *, severity: int = 3) -> None:
    DaySum.objects.create(
        subject=desk.subject,
        local_date=TODAY - days_ago * DAY,
        severity=severity,
        shown_ms=60_000,
        cases=1,
        units_at_one=round(load * UNITS_PER_POINT),
    )


def look(desk: Desk, severity: int = 3, *, case: UUID | None = None, level: str = "grey") -> None:
    desk.show(a_look(severity, case=case), level)
    desk.beat()
    desk.act(exposure.cover, reason="esc")


# ── load ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_base_weighs_as_soon_as_a_case_is_shown(desk: Desk) -> None:
    desk.show(a_look(2), "grey")
    assert points(desk) == pytest.approx(0.9 * 10 / 60)


def test_a_clearer_level_adds_what_it_is_clearer_by_and_a_milder_one_no_base(desk: Desk) -> None:
    case = a_look(2)
    for level in ("shielded", "grey", "shielded", "grey"):
        desk.show(case, level)
        desk.look_for(30 * SECOND, every=15 * SECOND)
    assert points(desk) == pytest.approx((0.5 * 60 + 0.9 * 60 + 0.9 * 10) / 60)


def test_ten_minutes_of_one_presentation_are_all_that_weigh(desk: Desk) -> None:
    desk.show(a_look(2), "grey")
    desk.look_for(11 * MINUTE, every=15 * SECOND)
    assert points(desk) == pytest.approx(0.9 * 610 / 60)


def test_colour_that_turns_grey_weighs_as_both(desk: Desk) -> None:
    desk.show(a_look(2), "colour")
    desk.look_for(15 * SECOND)
    assert points(desk) == pytest.approx((1.0 * (10 + 10) + 0.9 * 5) / 60)


def test_a_case_pays_its_base_anew_on_another_date(desk: Desk) -> None:
    desk.wait(15 * HOUR - 10 * SECOND).open().show(a_look(2), "grey")
    desk.look_for(30 * SECOND, every=10 * SECOND)
    by_date = {row.local_date: row.units_at_one / UNITS_PER_POINT for row in DaySum.objects.all()}
    assert by_date == {
        TODAY: pytest.approx(20 / 60),
        TODAY + DAY: pytest.approx(30 / 60),
    }


@pytest.mark.parametrize(
    ("medium", "levels", "factor"),
    [
        ("image", ("shielded", "lens", "grey", "colour"), 1.0),
        ("video", ("shielded", "grey", "colour"), 1.0),
        ("audio", ("shielded", "grey"), 0.9),
        ("text", ("text",), 0.5),
    ],
)
@pytest.mark.parametrize("sound", [True, False])
def test_what_others_read_tells_no_level_and_no_sound(
    desk: Desk, medium: str, levels: tuple[str, ...], factor: float, sound: bool
) -> None:
    """Seen red with the load of the presentation in the sums."""
    case = a_look(3, medium=medium)
    for level in levels:
        desk.show(case, level, sound=sound and medium in {"video", "audio"})
        desk.look_for(30 * SECOND, every=10 * SECOND, holding=True)
    assert points_of_days(desk) == pytest.approx(2 * factor * (10 + 30 * len(levels)) / 60)


def test_ten_minutes_of_a_case_are_all_that_weigh_for_a_day_in_whatever_presentation(desk: Desk) -> None:
    case = a_look(2)
    for level in ("shielded", "grey"):
        desk.show(case, level)
        desk.look_for(6 * MINUTE, every=15 * SECOND)
    assert points_of_days(desk) == pytest.approx(610 / 60)
    assert points(desk) == pytest.approx((0.5 * 360 + 0.9 * 370) / 60)


def test_worse_than_labelled_weighs_anew_with_the_base_that_was_not_owed(desk: Desk) -> None:
    case = a_look(1)
    desk.show(case, "shielded")
    desk.look_for(30 * SECOND, every=15 * SECOND)
    desk.show(case, "grey")
    desk.look_for(30 * SECOND, every=15 * SECOND)
    desk.act(exposure.raise_severity, case_ref=case.case_ref, category="GORE", severity=3)
    assert points(desk) == pytest.approx(2 * (0.5 * 30 + 0.9 * 30 + 0.9 * 10) / 60)
    assert points_of_days(desk) == pytest.approx(2 * 70 / 60)
    assert desk.locked().state.block_load == round(points(desk) * UNITS_PER_POINT)


def test_a_break_of_ten_minutes_begins_a_new_block_and_a_shorter_one_does_not(desk: Desk) -> None:
    case = a_look(2)
    desk.show(case, "grey")
    desk.beat()
    desk.act(exposure.close_look, case_ref=case.case_ref, severity=2, category="GORE")
    before = desk.locked().state
    assert (before.run_category, before.run_cases) == ("GORE", 1)
    desk.act(breaks.step_away)
    desk.rest_for(9 * MINUTE).act(breaks.finish)
    assert desk.locked().state.block_load == before.block_load > 0
    desk.act(breaks.step_away)
    desk.rest_for(10 * MINUTE).act(breaks.finish)
    after = desk.locked().state
    assert (after.block_load, after.run_category, after.run_cases) == (0, "", 0)


def test_nights_stand_under_the_date_on_which_they_began_and_last_hours_under_theirs(desk: Desk) -> None:
    Shift.objects.create(
        subject=desk.subject,
        starts_at=T0 + 8 * HOUR,
        ends_at=T0 + 15 * HOUR + 30 * MINUTE,
        planned_by="system",
        planned_at=T0,
    )
    desk.wait(15 * HOUR - 10 * SECOND).open().show(a_look(1))
    desk.look_for(30 * SECOND, every=10 * SECOND)
    first, second = DaySum.objects.order_by("local_date")
    assert (first.shown_ms, first.night_ms, first.late_ms) == (10_000, 30_000, 30_000)
    assert (second.shown_ms, second.night_ms, second.late_ms) == (20_000, 0, 0)


# ── runs and spacing ─────────────────────────────────────────────────────────────────────────────────────────────


def closed(desk: Desk, severity: int, category: str, *, was_decided: bool = True) -> tuple[str, int, int]:
    case = a_look(severity)
    close: Callable[..., None] = exposure.close_look
    facts = {"case_ref": case.case_ref, "severity": severity, "category": category}
    desk.act(close, was_decided=was_decided, **facts)
    state = desk.locked().state
    return state.run_category, state.run_cases, state.spacing_owed


def test_cases_of_one_category_are_a_run_and_another_one_begins_anew(desk: Desk) -> None:
    assert closed(desk, 2, "HATE") == ("HATE", 1, 0)
    assert closed(desk, 2, "HATE") == ("HATE", 2, 0)
    assert closed(desk, 1, "SEX_ADULT") == ("SEX_ADULT", 1, 0)
    assert closed(desk, 0, "SPAM_FRAUD") == ("", 0, 0)


def test_a_case_that_was_neither_decided_nor_shown_moves_nothing(desk: Desk) -> None:
    assert closed(desk, 3, "GORE", was_decided=False) == ("", 0, 0)


def test_after_a_severe_case_two_mild_ones_are_owed(desk: Desk) -> None:
    assert closed(desk, 3, "GORE")[2] == 2
    assert closed(desk, 2, "HATE")[2] == 1  # where nothing milder waits, the mildest that does pays as well
    assert closed(desk, 1, "SEX_ADULT")[2] == 0
    assert closed(desk, 0, "SPAM_FRAUD")[2] == 0


# ── flags ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_heavy_streak_is_raised_when_the_third_day_gets_heavy_and_turns_red_on_the_fourth(
    desk: Desk,
) -> None:
    for days_ago in (1, 2):
        a_loaded_day(desk, days_ago, 200)
    a_loaded_day(desk, 0, 199.99)
    assert raised() == []
    look(desk, 2)
    assert ("HEAVY_STREAK", "amber") in raised()


def test_a_level_rises_and_whoever_was_done_looks_again(desk: Desk) -> None:
    for days_ago in (1, 2, 3):
        a_loaded_day(desk, days_ago, 200)
    a_loaded_day(desk, 0, 240)
    amber = LoadFlag.objects.create(
        subject=desk.subject,
        code="HEAVY_STREAK",
        level="amber",
        local_date=TODAY,
        figures={},
        raised_at=T0,
        closed_at=T0,
    )
    look(desk, 2)
    amber.refresh_from_db()
    assert (amber.level, amber.closed_at, amber.fold) == ("red", None, 1)
    assert amber.red_at == desk.at
    look(desk, 2)
    assert LoadFlag.objects.get(code="HEAVY_STREAK").red_at == amber.red_at


def has_risen(desk: Desk, *, apart: int = 1, gap: int = 0) -> None:
    """Four worked days of 90 points lie behind, and ten of 20 before them."""
    for n in range(4):
        a_loaded_day(desk, 1 + n * apart, 90)
    for n in range(10):
        a_loaded_day(desk, 1 + 4 * apart + gap + n, 20)


def test_a_rise_says_its_sum(desk: Desk) -> None:
    has_risen(desk)
    look(desk, 2)
    line = next(one for one in flags_of(desk.subject, at=desk.at) if one.code == "RAPID_RISE")
    assert line.level == "red"
    assert arithmetic(line.code, line.figures) == (
        "72.05 a day on the last 5 worked days > 2 × 20 (mean of the worked days before), and 400.25 ≥ 240 in 7 days"
    )


def test_a_rise_is_measured_over_a_holiday_longer_than_the_last_weeks(desk: Desk) -> None:
    """Seen red without the dates that lie before those of the snapshot."""
    has_risen(desk, gap=28)
    look(desk, 2)
    assert ("RAPID_RISE", "red") in raised()


def test_for_whom_there_are_no_ten_days_before_nothing_is_said_to_rise(desk: Desk) -> None:
    has_risen(desk)
    DaySum.objects.earliest("local_date").delete()
    look(desk, 2)
    assert raised() == []


def test_what_is_raised_is_what_a_recount_asks_for(desk: Desk) -> None:
    has_risen(desk, gap=28)
    look(desk, 2)
    due = flags_due.due(desk.locked(), since=TODAY, up_to=TODAY)
    assert {code for _, code in due} == {code for code, _ in raised()} == {"RAPID_RISE"}


def test_severity_4_on_six_days(desk: Desk) -> None:
    for days_ago in (1, 9, 17, 25, 60):
        a_loaded_day(desk, days_ago, 1, severity=4)
    look(desk, 4)
    assert ("SEV4_STREAK", "amber") in raised()


def test_breaks_that_were_put_off(desk: Desk) -> None:
    for _ in range(2):
        desk.work_for(50 * MINUTE)
        desk.act(breaks.postpone)
        desk.wait(6 * MINUTE)
        desk.act(breaks.start)
        desk.rest_for(16 * MINUTE).act(breaks.finish)
    assert ("BREAKS_SHORT", "info") in raised()


def test_the_third_night(desk: Desk) -> None:
    for days_ago in (1, 2):
        DaySum.objects.create(
            subject=desk.subject, local_date=TODAY - days_ago * DAY, severity=2, night_ms=7_200_000
        )
    DaySum.objects.create(subject=desk.subject, local_date=TODAY, severity=2, night_ms=7_195_000 - 1)
    desk.wait(15 * HOUR + MINUTE).open()  # a minute past midnight: the night is today's
    look(desk, 2)
    assert raised() == []
    look(desk, 2)
    assert raised() == [("NIGHT", "amber")]
    assert LoadFlag.objects.get().local_date == TODAY


def test_severe_in_the_last_hour_twice(desk: Desk, alice: User) -> None:
    Shift.objects.create(
        subject=desk.subject, starts_at=T0, ends_at=T0 + HOUR, planned_by="system", planned_at=T0
    )
    case = a_look(2)
    desk.show(case)
    desk.beat()
    desk.act(exposure.raise_severity, case_ref=case.case_ref, category="GORE", severity=3)
    assert raised() == []
    DaySum.objects.create(subject=desk.subject, local_date=TODAY - 6 * DAY, severity=3, shown_ms=1, late_ms=1)
    with_flag = desk.locked()
    flags.raise_due(locked=with_flag)
    assert raised() == [("LATE_SEVERE", "amber")]


def test_the_same_content_three_times(desk: Desk) -> None:
    case = UUID(int=7)
    for level in ("shielded", "grey"):
        desk.show(a_look(2, case=case), level)  # from one level to another is no opening
    desk.act(exposure.cover, reason="esc")
    look(desk, 2, case=case)
    assert (CaseSeen.objects.get().openings, raised()) == (2, [])
    desk.wait(DAY).open()
    look(desk, 2, case=case)
    assert raised() == [("REPEAT_VIEW", "info")]
    assert LoadFlag.objects.get().figures == {"times": 3, "asked": 3}


def test_openings_of_long_ago_are_forgotten(desk: Desk) -> None:
    case = UUID(int=7)
    for days in (28, 0, 0):
        CaseSeen.objects.get_or_create(
            subject=desk.subject,
            case_ref=case,
            local_date=TODAY - timedelta(days=28),
            defaults={"quarter_at": T0 - timedelta(days=28), "severity": 2, "openings": days},
        )
    look(desk, 2, case=case)
    assert raised() == []


def test_at_midnight_the_flags_of_the_day_that_ends_are_raised(alice: User) -> None:
    desk = Desk(subject_of(alice)).wait(15 * HOUR - 10 * SECOND).open()
    for days_ago in (1, 2):
        a_loaded_day(desk, days_ago, 200)
    a_loaded_day(desk, 0, 61)
    a_loaded_day(desk, 0, 138.95, severity=2)
    desk.show(a_look(2))
    assert raised() == []
    desk.beat(after=12 * SECOND)
    flag = LoadFlag.objects.get(code="HEAVY_STREAK")
    assert flag.local_date == TODAY


def test_more_full_reveals_than_usual_is_computed_and_stored_nowhere(desk: Desk) -> None:
    def shown(count: int, level: str, days_ago: int) -> None:
        for number in range(count):
            at = T0 - days_ago * DAY
            Exposure.objects.create(
                subject=desk.subject,
                case_ref=UUID(int=1000 * days_ago + 100 * (level == "grey") + number),
                claim_ref=UUID(int=1),
                quarter_at=at,
                category="GORE",
                severity=3,
                level=level,
                medium="image",
                opened_at=at,
                last_beat_at=at,
                closed_at=at,
                load_model_version=1,
            )

    shown(15, "grey", 1)
    shown(14, "shielded", 1)
    shown(3, "grey", 10)
    shown(7, "shielded", 10)
    assert reveal_up(desk.subject, at=desk.at) is None
    shown(15, "shielded", 2)
    shown(4, "grey", 2)
    assert reveal_up(desk.subject, at=desk.at) is None
    shown(14, "grey", 3)
    found = reveal_up(desk.subject, at=desk.at)
    assert found is not None
    assert found.figures == {"share": 53, "before": 30, "cases": 62, "asked": 20}
    assert raised() == []


def test_flags_of_one_are_not_those_of_another(desk: Desk) -> None:
    other = Desk(subject_of(a_user("kim", "moderator"))).open()
    for days_ago in (1, 2):
        a_loaded_day(desk, days_ago, 1, severity=4)
    look(other, 4)
    assert raised() == []
    assert flags_of(desk.subject, at=desk.at) == []


def test_a_beat_asks_no_more_than_before_and_writes_one_sum_more(desk: Desk) -> None:
    desk.show(a_look(3))
    desk.beat()
    with CaptureQueriesContext(connection) as seen:
        desk.beat()
    asked = [one["sql"] for one in seen.captured_queries if one["sql"].startswith(("SELECT", "\nSELECT"))]
    written = [
        one["sql"]
        for one in seen.captured_queries
        if "wellbeing_daysum" in one["sql"] and "INSERT" in one["sql"]
    ]
    assert len(asked) == 2  # the lock, and what looking moves; what binds the person is at hand
    assert len(written) == (1 if connection.vendor == "sqlite" else len(written))
