"""'My day': every line with its arithmetic, for the person alone."""

from decimal import Decimal
from uuid import uuid4

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import Team
from tests.cast import T0
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look, a_team_limit
from wellbeing.core.person import read_person
from wellbeing.core.rules.days import QUARTER
from wellbeing.core.selectors.desk import desk_facts
from wellbeing.core.services import breaks, exposure
from wellbeing.core.services.locking import hold
from wellbeing.limits.services.setting import set_limit
from wellbeing.models import Exposure, ExposureSum, RecordReading
from wellbeing.my_day.selectors.today import my_day


def test_a_day_is_told_line_by_line(desk: Desk, north: Team) -> None:
    a_team_limit(north, "seconds_3", 600)
    look = a_look(3)
    desk.show(look)
    desk.look_for(35 * SECOND)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=3)
    desk.act(breaks.step_away)
    day = my_day(desk.subject, desk.at)
    assert [line.arithmetic for line in day.load] == ["2 × 0.9 × (10 + 35) / 60 = 1.35"]
    assert day.load_points == Decimal("1.35")
    assert (day.severities[3].today, day.severities[3].cases_today) == (35 * SECOND, 1)
    limit = {line.fact.name: line for line in day.limits}["seconds_3"]
    assert (limit.fact.used, limit.fact.left, limit.in_force.scope) == (35, 565, "team")
    assert [line.cause for line in day.breaks] == ["step_away"]
    assert [line.kind for line in day.presence] == ["waiting", "away"]


def test_a_looser_limit_that_waits_says_from_when(desk: Desk, north: Team) -> None:
    a_team_limit(north, "seconds_3", 60)
    set_limit(
        scope="team",
        scope_ref=str(north.pk),
        name="seconds_3",
        value=600,
        set_by="system",
        reason="More people",
        at=T0,
    )
    limit = {line.fact.name: line for line in my_day(desk.subject, T0).limits}["seconds_3"]
    assert limit.pending is not None
    assert (limit.in_force.value, limit.pending.value, limit.pending.reason) == (60, 600, "More people")
    assert limit.pending.since == my_day(desk.subject, T0).day_end


def test_who_read_my_data_is_told(desk: Desk) -> None:
    RecordReading.objects.create(subject=desk.subject, reader="wim", what="daily sums", at=T0)
    assert [line.reader for line in my_day(desk.subject, T0).readings] == ["wim"]


def test_a_person_who_never_sat_down_has_an_empty_day(desk: Desk) -> None:
    day = my_day(uuid4(), T0)
    assert (day.load, day.breaks, day.presence, day.next_break_at) == ([], [], [], None)


def a_year_of(desk: Desk) -> None:
    quarters = [T0 - n * QUARTER for n in range(1, 365 * 96)]
    ExposureSum.objects.bulk_create(
        ExposureSum(subject=desk.subject, quarter_at=at, severity=2, shown_ms=60_000)
        for at in quarters
        if 9 <= at.hour < 17  # longer days would be beyond their shift
    )


def count(desk: Desk) -> int:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        hold(subject=desk.subject, at=desk.at)
    return len(queries)


def test_may_i_asks_as_much_after_a_year_as_on_the_first_day(desk: Desk) -> None:
    desk.show(a_look(2))
    desk.beat()
    first = count(desk)
    a_year_of(desk)
    assert count(desk) == first
    assert first <= 16
    assert len(desk.locked().ledger.spent) <= 5 * 101


def test_the_quarters_of_a_day_are_read_by_their_index(desk: Desk) -> None:
    a_year_of(desk)
    rows = ExposureSum.objects.filter(subject=desk.subject, quarter_at__gte=T0 - 97 * QUARTER)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = rows.explain()
    assert "one_sum_per_quarter" in plan or "subject=? AND quarter_at>?" in plan


def test_a_desk_s_head_asks_a_fixed_number_of_questions(
    desk: Desk, django_assert_max_num_queries: object
) -> None:
    desk.show(a_look(2))
    desk.look_for(MINUTE)
    assert Exposure.objects.count() == 1
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        desk_facts(read_person(desk.subject, at=desk.at))
